/**
 * Compiled steps: a function of tensors is captured once on shapes, becomes a straight plan of
 * kernels with every buffer known, and is replayed without a graph.
 *
 * <p>A compiled function gives the bits of the same function run eagerly. What it reads beside its
 * inputs, parameters and buffers is a constant of its plan; it cannot look at numbers while it is
 * captured, so control flow may depend on shapes, not on data.
 */
@NullMarked
package chainrule.compile;

import org.jspecify.annotations.NullMarked;
