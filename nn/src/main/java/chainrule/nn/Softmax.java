package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code yᵢ = e^xᵢ / Σⱼ e^xⱼ} along one dimension; each slice sums to 1. For training, give a loss
 * the logits instead: {@link Losses#crossEntropy}.
 */
public final class Softmax extends Module {
  private final int dim;

  /** Along the given dimension; −1 is the last. */
  public Softmax(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.softmax(dim);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim);
  }
}
