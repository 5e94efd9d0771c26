package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/** {@code y = x} cut off at {@code min} and {@code max}; slope 0 there and beyond. */
public final class Hardtanh extends Module {
  private final double min;
  private final double max;

  /** Cut off at −1 and 1. */
  public Hardtanh() {
    this(-1, 1);
  }

  /**
   * Cut off at the given bounds.
   *
   * @throws IllegalArgumentException unless they are finite and min is below max
   */
  public Hardtanh(double min, double max) {
    Checks.finite("Hardtanh", "min", min);
    Checks.finite("Hardtanh", "max", max);
    if (min >= max) {
      throw new IllegalArgumentException(
          "Hardtanh: min %s must be below max %s".formatted(min, max));
    }
    this.min = min;
    this.max = max;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.hardtanh(min, max);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("min", min, "max", max);
  }
}
