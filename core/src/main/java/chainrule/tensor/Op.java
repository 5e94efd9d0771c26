package chainrule.tensor;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An operation on tensors. Everything the system knows about it is in its one declaration.
 *
 * <p>The backward pass is written in tensors, so calling it while a graph is being created gives
 * second derivatives, and so on. The engine does the rest: it undoes broadcasting, accumulates,
 * skips inputs that need no gradient, and keeps only those values that the backward pass reads,
 * which it finds by running it on probes.
 */
public sealed interface Op permits Elementwise, LinearOp, MatMul, Indexed, Search, Fused, CustomOp {
  /** The operation's name with its options, for graphs and messages. */
  String name();

  /**
   * The shape of the result: the operation's only shape rule.
   *
   * @throws ShapeException if the inputs do not fit
   */
  Shape shape(Shape... in);

  /**
   * The element type of the result; by default that of the floating-point inputs, which must agree.
   */
  default DType dtype(DType... in) {
    DType common = null;
    for (DType d : in) {
      if (d.isFloating()) {
        if (common != null && common != d) {
          throw new DTypeException(
              name() + ": " + common + " and " + d + " do not mix; convert one with to(DType)");
        }
        common = d;
      }
    }
    if (common == null) {
      throw new DTypeException(
          name() + ": I32 tensors are indices; convert to F32 or F64 with to(DType) to compute");
    }
    return common;
  }

  /** Fills {@code out}, whose shape and type follow the rules above. */
  void forward(Tensor[] in, Tensor out);

  /**
   * {@link #forward} on the same tensors, whose numbers change: to be run again and again. What
   * follows from shapes alone is found out once.
   */
  default Runnable prepared(Tensor[] in, Tensor out) {
    return () -> forward(in, out);
  }

  /**
   * The gradient for each input.
   *
   * @param g the gradient that arrives at the result, of the result's shape
   * @param y the result
   * @param x the inputs
   * @param wanted which inputs need a gradient; entries of the others are ignored
   * @return a gradient per input, of the input's shape or one that broadcasting makes of it
   */
  @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted);

  /**
   * Forward mode: the change of the result for a change of the inputs.
   *
   * @param dx the change of each input; null means none
   */
  Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx);

  /** Whether no gradient passes: to the tape the result is a constant. */
  default boolean flat() {
    return false;
  }

  /**
   * Whether {@link #forward} writes every element of its result, so that what stood there before is
   * no matter; otherwise it wants zeros there.
   */
  default boolean overwrites() {
    return true;
  }

  /**
   * Inputs of type F64 (and I32 where indices are wanted) on which the laws test this operation.
   */
  List<Tensor> example(RandomGenerator random);
}
