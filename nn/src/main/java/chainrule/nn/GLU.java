package chainrule.nn;

import chainrule.tensor.Pointwise;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * The gated linear unit: {@code y = a · σ(b)}, a and b the two halves of x along a dimension.
 * Source: Dauphin, Fan, Auli and Grangier, <i>Language modeling with gated convolutional
 * networks</i>, 2017, section 2.
 */
public final class GLU extends Module {
  private static final Pointwise OP = Pointwise.of("glu", 2, x -> x.get(0).mul(x.get(1).sigmoid()));

  private final int dim;

  /** Along the last dimension. */
  public GLU() {
    this(-1);
  }

  /** Along the given dimension; −1 is the last. */
  public GLU(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor compute(Tensor x) {
    int n = x.size(dim);
    if (n % 2 != 0) {
      throw new ShapeException(
          "%s: dimension %d must be even to be halved, got %s".formatted(label(), dim, x.shape()));
    }
    return OP.apply(x.slice(dim, 0, n / 2), x.slice(dim, n / 2, n));
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim);
  }
}
