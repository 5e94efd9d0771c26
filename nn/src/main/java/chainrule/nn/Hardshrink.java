package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = x} for |x| &gt; lambda, 0 in between: hard thresholding. Source: Donoho and Johnstone,
 * <i>Ideal spatial adaptation by wavelet shrinkage</i>, 1994.
 */
public final class Hardshrink extends Module {
  private final double lambda;

  /** lambda 0.5. */
  public Hardshrink() {
    this(0.5);
  }

  /**
   * The given lambda.
   *
   * @throws IllegalArgumentException unless it is finite and at least 0
   */
  public Hardshrink(double lambda) {
    Checks.notNegative("Hardshrink", "lambda", lambda);
    this.lambda = lambda;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.hardshrink(lambda);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("lambda", lambda);
  }
}
