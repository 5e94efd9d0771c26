/** Vector kernels against the scalar specification, bit for bit. */
@NullMarked
package chainrule.kernels.vector;

import org.jspecify.annotations.NullMarked;
