package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = x − lambda} for x &gt; lambda, {@code x + lambda} for x &lt; −lambda, 0 in between:
 * soft thresholding, the minimiser of {@code ½(x − y)² + lambda·|y|}. Source: Donoho and Johnstone,
 * <i>Ideal spatial adaptation by wavelet shrinkage</i>, 1994.
 */
public final class Softshrink extends Module {
  private final double lambda;

  /** lambda 0.5. */
  public Softshrink() {
    this(0.5);
  }

  /**
   * The given lambda.
   *
   * @throws IllegalArgumentException unless it is finite and at least 0
   */
  public Softshrink(double lambda) {
    Checks.notNegative("Softshrink", "lambda", lambda);
    this.lambda = lambda;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.softshrink(lambda);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("lambda", lambda);
  }
}
