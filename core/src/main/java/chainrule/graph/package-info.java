/**
 * A recorded computation as something to look at: nodes and edges with formulas, values and
 * gradients, folded by layer, written as DOT, JSON or a drawing, and explained path by path.
 *
 * <p>{@link chainrule.graph.GraphView} is the door. It reads {@link chainrule.tensor.Node}s and
 * changes nothing.
 */
@NullMarked
package chainrule.graph;

import org.jspecify.annotations.NullMarked;
