package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * The slice at one index of a dimension, which disappears: {@code Select(0, -1)} takes the last
 * step of a sequence T×N×H, {@code Select(1, -1)} of N×T×H.
 *
 * {@snippet :
 * var model = new Sequential(new LSTM(28, 128), new Select(0, -1), new Linear(128, 10));
 * }
 */
public final class Select extends Module {
  private final int dim;
  private final int index;

  /** The slice at {@code index} of {@code dim}; −1 is the last of either. */
  public Select(int dim, int index) {
    this.dim = dim;
    this.index = index;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.pick(dim, index);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim, "index", index);
  }
}
