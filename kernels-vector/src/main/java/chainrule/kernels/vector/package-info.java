/**
 * The kernels on the Vector API: the scalar kernels' bits, several lanes at a time.
 *
 * <p>Every vector stays in a local variable of one static method with its operation hard-coded;
 * then the compiler keeps it in a register. Borders are handled by padded panels or scalar tails,
 * never by masks.
 */
@NullMarked
package chainrule.kernels.vector;

import org.jspecify.annotations.NullMarked;
