package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/** {@code yᵢ = e^(−xᵢ) / Σⱼ e^(−xⱼ)} along one dimension. */
public final class Softmin extends Module {
  private final int dim;

  /** Along the given dimension; −1 is the last. */
  public Softmin(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.neg().softmax(dim);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim);
  }
}
