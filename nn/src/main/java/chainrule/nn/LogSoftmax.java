package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/** {@code yᵢ = xᵢ − ln Σⱼ e^xⱼ} along one dimension. */
public final class LogSoftmax extends Module {
  private final int dim;

  /** Along the given dimension; −1 is the last. */
  public LogSoftmax(int dim) {
    this.dim = dim;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.logSoftmax(dim);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim);
  }
}
