package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * The mean over a dimension, which disappears: {@code Mean(0)} is the mean over the steps of a
 * sequence T×N×H, {@code Mean(1)} of N×T×H.
 */
public final class Mean extends Module {
  private final int dim;

  /** The mean over {@code dim}; −1 is the last. */
  public Mean(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.mean(dim);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim);
  }
}
