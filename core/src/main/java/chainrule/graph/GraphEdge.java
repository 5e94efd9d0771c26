package chainrule.graph;

import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An edge of a {@link GraphView}, from an operand to the operation that reads it.
 *
 * @param from the operand's {@link GraphNode#id}
 * @param to the operation's
 * @param input which operand it is, counted from 0; −1 where a folded layer hides it
 * @param operand the operand's name in the formulas: {@code x}, or {@code a} and {@code b}
 * @param formula the local derivative: for elementwise functions the slope {@code ∂y/∂x}, such as
 *     {@code 1 − y²}, for others the gradient in terms of the arriving {@code G}, such as {@code
 *     G·Bᵀ}; empty where no gradient passes
 * @param derivative the local derivative's value, for small elementwise functions and for
 *     operations on single numbers
 * @param count the number of edges it stands for: 1 unless folded
 */
public record GraphEdge(
    int from,
    int to,
    int input,
    String operand,
    String formula,
    @Nullable Tensor derivative,
    int count) {}
