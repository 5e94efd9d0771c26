package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/** {@code y = x} for x &gt; threshold and {@code value} otherwise. */
public final class Threshold extends Module {
  private final double threshold;
  private final double value;

  /** The given threshold, and the value at and below it. */
  public Threshold(double threshold, double value) {
    Checks.finite("Threshold", "threshold", threshold);
    Checks.finite("Threshold", "value", value);
    this.threshold = threshold;
    this.value = value;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.threshold(threshold, value);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("threshold", threshold, "value", value);
  }
}
