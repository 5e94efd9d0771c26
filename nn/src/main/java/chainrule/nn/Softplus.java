package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = ln(1 + e^(beta·x))/beta}, without overflow; the larger beta, the nearer to {@link
 * ReLU}.
 */
public final class Softplus extends Module {
  private final double beta;

  /** beta 1. */
  public Softplus() {
    this(1);
  }

  /**
   * The given beta.
   *
   * @throws IllegalArgumentException unless it is finite and above 0
   */
  public Softplus(double beta) {
    Checks.positive("Softplus", "beta", beta);
    this.beta = beta;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return beta == 1 ? x.softplus() : x.softplus(beta);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("beta", beta);
  }
}
