/**
 * Kernels against references that are written as the specification reads, to the bit: awkward
 * sizes, NaN, signed zeros, infinities, subnormals, strides, and any number of threads.
 */
@NullMarked
package chainrule.parity;

import org.jspecify.annotations.NullMarked;
