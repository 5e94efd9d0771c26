package chainrule.graph;

import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link GraphView}.
 *
 * @param id its number in the view; operands have smaller numbers than results
 * @param kind what it stands for
 * @param name the operation's, the parameter's or the folded layer's name
 * @param shape the result's shape
 * @param dtype the result's element type
 * @param formula how the result follows from the inputs, such as {@code y = a·b}; for a folded
 *     layer what is inside
 * @param layer the path of the layer it belongs to; empty outside of layers
 * @param group the number of the innermost of {@link GraphView#groups} around it; −1 outside of all
 * @param size the number of nodes it stands for: 1 unless folded
 * @param value the result, if it has at most {@value chainrule.tensor.Node#SMALL} elements and was
 *     kept
 * @param gradient the gradient that arrives here, if it is as small and was asked for
 * @param source the line of Java that made it, if recorded with {@link
 *     chainrule.tensor.Tape#withSources}
 */
public record GraphNode(
    int id,
    Kind kind,
    String name,
    Shape shape,
    DType dtype,
    String formula,
    String layer,
    int group,
    int size,
    @Nullable Tensor value,
    @Nullable Tensor gradient,
    @Nullable StackTraceElement source) {

  /** What a node stands for. */
  public enum Kind {
    /** A leaf for which gradients are computed. */
    PARAMETER,
    /** An input for which none are: data, a number, a frozen parameter. */
    CONSTANT,
    /** An operation. */
    OPERATION,
    /** A layer folded into one node. */
    LAYER
  }

  GraphNode gradient(@Nullable Tensor arrived) {
    return new GraphNode(
        id, kind, name, shape, dtype, formula, layer, group, size, value, arrived, source);
  }

  GraphNode group(int number) {
    return new GraphNode(
        id, kind, name, shape, dtype, formula, layer, number, size, value, gradient, source);
  }
}
