package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/** Joins all dimensions from one on into a single one: N × 28 × 28 becomes N × 784. */
public final class Flatten extends Module {
  private final int from;

  /** Flattens each sample: from dimension 1. */
  public Flatten() {
    this(1);
  }

  /** Flattens from the given dimension. */
  public Flatten(int from) {
    this.from = from;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.flatten(from);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("from", from);
  }
}
