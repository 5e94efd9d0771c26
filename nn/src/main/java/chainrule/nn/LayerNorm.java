package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Layer normalisation: {@code y = (x − μ)/√(σ² + eps) · weight + bias}, μ and the biased variance
 * σ² over the last dimensions of each sample.
 *
 * <p>Shapes: x is [..., shape], {@code weight} (1 at first) and {@code bias} (0 at first) have the
 * given shape; either can be left out. Source: Ba, Kiros and Hinton, <i>Layer normalization</i>,
 * 2016, eq. 4.
 */
public final class LayerNorm extends Module {
  private final Shape shape;
  private final double eps;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /** Over the last dimensions, which have the given sizes; eps 1e-5. */
  public LayerNorm(int... shape) {
    this(shape, 1e-5);
  }

  /**
   * Over the last dimensions, which have the given sizes.
   *
   * @throws IllegalArgumentException if no size is given, a size is below 1 or eps is not above 0
   */
  public LayerNorm(int[] shape, double eps) {
    this(shape, eps, true, true);
  }

  /**
   * Over the last dimensions, which have the given sizes.
   *
   * @param affine whether there are a weight and, if asked for, a bias
   * @param bias whether there is a bias beside the weight
   * @throws IllegalArgumentException if no size is given, a size is below 1 or eps is not above 0
   */
  public LayerNorm(int[] shape, double eps, boolean affine, boolean bias) {
    this.shape = Checks.sizes("LayerNorm", shape);
    Checks.positive("LayerNorm", "eps", eps);
    this.eps = eps;
    this.weight = affine ? param("weight", Inits.constant(1), shape) : null;
    this.bias = affine && bias ? param("bias", Inits.zeros(), shape) : null;
  }

  /** The weight, of the given shape, or null if there is none. */
  public @Nullable Parameter weight() {
    return weight;
  }

  /** The bias, of the given shape, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (!Checks.endsIn(x.shape(), shape)) {
      throw new ShapeException(
          "%s: the last dimensions must be %s, got %s".formatted(label(), shape, x.shape()));
    }
    return x.layerNorm(weight == null ? Tensor.ones(x.dtype(), shape) : weight, bias, eps);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "shape", Checks.list(shape), "eps", eps, "affine", weight != null, "bias", bias != null);
  }
}
