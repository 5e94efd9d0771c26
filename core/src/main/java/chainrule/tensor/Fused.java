package chainrule.tensor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Operations that are defined by an expression in other operations and computed by a kernel of
 * their own, because that is faster.
 *
 * <p>The expression is the definition: the laws hold value and gradient of the kernel to it, it
 * gives derivatives of higher order and forward mode, and {@link Tape#expressions} runs it in the
 * kernel's place.
 */
public sealed interface Fused extends Op
    permits Attention,
        Linear,
        Pointwise,
        Recurrence,
        Rows,
        Normalisations,
        ChannelNormalisations,
        Spatial {
  /**
   * An operation in words, for graphs.
   *
   * @param value the result, such as {@code y = softmax(x)}
   * @param inputs the inputs' names
   * @param slopes the gradient for each input, in terms of the gradient G that arrives; empty for
   *     an input that has none
   */
  record Formulas(String value, List<String> inputs, List<String> slopes) {}

  /** The operation in words, for graphs. */
  Formulas formulas();

  /** What the operation computes, in other operations. */
  Tensor expression(Tensor... x);

  /**
   * The gradient for each wanted input, by a kernel; runs untracked.
   *
   * @param g the gradient that arrives at the result
   * @param y the result, if {@link #readsResult} says so
   * @param x the inputs
   */
  default @Nullable Tensor[] gradients(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    Capture capture = Tape.mode().capture();
    @Nullable Tensor[] dx = new @Nullable Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      if (wanted[i]) {
        Shape shape = gradientShape(i, g, x);
        dx[i] =
            capture != null
                ? capture.place(x[i].dtype(), shape)
                : Tensor.zeros(x[i].dtype(), shape);
      }
    }
    if (capture != null) {
      capture.add(new Step.Pulled(this, g, y, x, dx));
    } else {
      pull(g, y, x, dx);
    }
    return dx;
  }

  /**
   * Fills the gradients that are wanted; {@code dx} holds zeros, and null for what is not wanted.
   */
  void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx);

  /** {@link #pull} on the same tensors, whose numbers change: to be run again and again. */
  default Runnable preparedPull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    return () -> pull(g, y, x, dx);
  }

  /** The shape of the gradient for input {@code i}: the input's, or one that it broadcasts to. */
  default Shape gradientShape(int i, Tensor g, Tensor... x) {
    return x[i].shape();
  }

  /** Whether {@link #pull} writes every element, so that what stood there before is no matter. */
  default boolean pullOverwrites() {
    return true;
  }

  /** Whether {@link #gradients} reads the result beside the inputs. */
  default boolean readsResult() {
    return false;
  }

  /** The kernel, unless a graph is being created: then the gradient of the expression. */
  @Override
  default @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    if (!Tape.recording()) {
      return gradients(g, y, x, wanted);
    }
    Tensor[] in = x.clone();
    for (int i = 0; i < in.length; i++) {
      if (wanted[i] && !in[i].isTracked()) {
        in[i] = in[i].requiresGrad();
      }
    }
    return Sweep.ofExpression(this, g, in, wanted, true);
  }

  @Override
  default Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    return Sweep.transpose(this, y, x, dx);
  }

  /** The bits of what the backward pass reads: all inputs, for the expression. */
  default int reads(int inputs) {
    return (1 << inputs) - 1 | (readsResult() ? Node.Y : 0);
  }
}
