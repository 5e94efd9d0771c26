package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = x} for x &gt; 0 and {@code α(eˣ − 1)} otherwise. Source: Clevert, Unterthiner and
 * Hochreiter, <i>Fast and accurate deep network learning by exponential linear units</i>, 2016.
 */
public final class ELU extends Module {
  private final double alpha;

  /** α = 1. */
  public ELU() {
    this(1);
  }

  /** The given α. */
  public ELU(double alpha) {
    Checks.finite("ELU", "alpha", alpha);
    this.alpha = alpha;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.elu(alpha);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("alpha", alpha);
  }
}
