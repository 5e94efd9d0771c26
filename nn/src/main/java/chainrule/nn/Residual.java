package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A skip connection: {@code y = x + body(x)}, or {@code y = shortcut(x) + body(x)} where the body
 * changes the shape. The children are named {@code body} and {@code shortcut}.
 *
 * {@snippet :
 * Module body =
 *     new Sequential(
 *         new Conv2d(16, 32, 3, Conv2dOptions.DEFAULT.stride(2).padding(1)), new BatchNorm2d(32));
 * var block = new Residual(body, new Conv2d(16, 32, 1, Conv2dOptions.DEFAULT.stride(2)));
 * }
 *
 * <p>Both sides must have one shape, else {@link ShapeException}. Source: He, Zhang, Ren and Sun,
 * <i>Deep residual learning for image recognition</i>, 2016, eq. 1 and 2.
 */
public final class Residual extends Module {
  private final Module body;
  private final @Nullable Module shortcut;

  /** Adds a module's input to its output. */
  public Residual(Module body) {
    this.body = child("body", body);
    this.shortcut = null;
  }

  /** Adds the output of a shortcut, such as a convolution of 1×1, to that of a body. */
  public Residual(Module body, Module shortcut) {
    this.body = child("body", body);
    this.shortcut = child("shortcut", shortcut);
  }

  @Override
  protected Tensor compute(Tensor x) {
    Tensor y = body.forward(x);
    Tensor skipped = shortcut == null ? x : shortcut.forward(x);
    if (!y.shape().equals(skipped.shape())) {
      throw new ShapeException(
          shortcut == null
              ? "%s: x + body(x) needs a body that keeps the shape, but it maps %s to %s"
                  .formatted(label(), x.shape(), y.shape())
              : "%s: the body maps %s to %s, the shortcut to %s; they must be one shape"
                  .formatted(label(), x.shape(), y.shape(), skipped.shape()));
    }
    return skipped.add(y);
  }
}
