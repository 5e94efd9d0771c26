/**
 * Kernels: plain loops over arrays, the scalar specification of their rounding, provider look-up,
 * and threads.
 *
 * <p>Nothing here knows a tensor or a graph. {@link chainrule.internal.kernel.ScalarF32} and {@link
 * chainrule.internal.kernel.ScalarF64} are the specification: every other provider gives their
 * bits.
 */
@NullMarked
package chainrule.internal.kernel;

import org.jspecify.annotations.NullMarked;
