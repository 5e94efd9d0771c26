package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = x} for x &gt; 0 and {@code alpha · (e^(x/alpha) − 1)} otherwise, of slope 1 at 0 for
 * every alpha. Source: Barron, <i>Continuously differentiable exponential linear units</i>, 2017.
 */
public final class CELU extends Module {
  private final double alpha;

  /** alpha 1, which is {@link ELU}. */
  public CELU() {
    this(1);
  }

  /** The given alpha, which is minus the limit for x → −∞. */
  public CELU(double alpha) {
    Checks.positive("CELU", "alpha", alpha);
    this.alpha = alpha;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.celu(alpha);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("alpha", alpha);
  }
}
