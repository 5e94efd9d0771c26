package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * A skip connection: {@code y = x + body(x)}. The child is named {@code body}.
 *
 * <p>The body must keep the shape, else {@link ShapeException}. Source: He, Zhang, Ren and Sun,
 * <i>Deep residual learning for image recognition</i>, 2016, eq. 1.
 */
public final class Residual extends Module {
  private final Module body;

  /** Adds a module's input to its output. */
  public Residual(Module body) {
    this.body = child("body", body);
  }

  @Override
  protected Tensor compute(Tensor x) {
    Tensor y = body.forward(x);
    if (!y.shape().equals(x.shape())) {
      throw new ShapeException(
          "%s: x + body(x) needs a body that keeps the shape, but it maps %s to %s"
              .formatted(label(), x.shape(), y.shape()));
    }
    return x.add(y);
  }
}
