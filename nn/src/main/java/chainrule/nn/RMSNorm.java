package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Root mean square normalisation: {@code y = x/√(mean(x²) + eps) · weight}, the mean over the last
 * dimensions of each sample. Like {@link LayerNorm} without centring and bias.
 *
 * <p>Shapes: x is [..., shape], {@code weight} (1 at first) has the given shape. Source: Zhang and
 * Sennrich, <i>Root mean square layer normalization</i>, 2019, eq. 4.
 */
public final class RMSNorm extends Module {
  private final Shape shape;
  private final double eps;
  private final @Nullable Parameter weight;

  /**
   * Over the last dimensions, which have the given sizes; eps is the distance from 1 to the next
   * number of the layer's type, 2⁻²³ for F32.
   */
  public RMSNorm(int... shape) {
    this(shape, dtype() == DType.F64 ? 0x1p-52 : 0x1p-23, true);
  }

  /** Over the last dimensions, which have the given sizes. */
  public RMSNorm(int[] shape, double eps) {
    this(shape, eps, true);
  }

  /**
   * Over the last dimensions, which have the given sizes.
   *
   * @param affine whether there is a weight
   * @throws IllegalArgumentException if no size is given, a size is below 1 or eps is not above 0
   */
  public RMSNorm(int[] shape, double eps, boolean affine) {
    this.shape = Checks.sizes("RMSNorm", shape);
    Checks.positive("RMSNorm", "eps", eps);
    this.eps = eps;
    this.weight = affine ? param("weight", Inits.constant(1), shape) : null;
  }

  /** The weight, of the given shape, or null if there is none. */
  public @Nullable Parameter weight() {
    return weight;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (!Checks.endsIn(x.shape(), shape)) {
      throw new ShapeException(
          "%s: the last dimensions must be %s, got %s".formatted(label(), shape, x.shape()));
    }
    return x.rmsNorm(weight == null ? Tensor.ones(x.dtype(), shape) : weight, eps);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("shape", Checks.list(shape), "eps", eps, "affine", weight != null);
  }
}
