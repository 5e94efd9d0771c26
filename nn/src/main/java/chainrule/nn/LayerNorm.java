package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * Layer normalisation: {@code y = (x − μ)/√(σ² + eps) · weight + bias}, μ and the biased variance
 * σ² over the last dimensions of each sample.
 *
 * <p>Shapes: x is [..., shape], {@code weight} (1 at first) and {@code bias} (0 at first) have the
 * given shape. Source: Ba, Kiros and Hinton, <i>Layer normalization</i>, 2016, eq. 4.
 */
public final class LayerNorm extends Module {
  private final Shape shape;
  private final double eps;
  private final Parameter weight;
  private final Parameter bias;

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
    if (shape.length == 0) {
      throw new IllegalArgumentException("LayerNorm: needs the size of at least one dimension");
    }
    for (int size : shape) {
      Checks.positive("LayerNorm", "size", size);
    }
    Checks.positive("LayerNorm", "eps", eps);
    this.shape = Shape.of(shape);
    this.eps = eps;
    this.weight = param("weight", Inits.constant(1), shape);
    this.bias = param("bias", Inits.zeros(), shape);
  }

  @Override
  protected Tensor compute(Tensor x) {
    int[] sizes = x.shape().toArray();
    int from = sizes.length - shape.rank();
    if (from < 0
        || !Arrays.equals(Arrays.copyOfRange(sizes, from, sizes.length), shape.toArray())) {
      throw new ShapeException(
          "%s: the last dimensions must be %s, got %s".formatted(label(), shape, x.shape()));
    }
    return x.layerNorm(weight, bias, eps);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("shape", Arrays.stream(shape.toArray()).boxed().toList(), "eps", eps);
  }
}
