package chainrule.nn;

import chainrule.tensor.Tensor;

/** The logistic function: {@code y = 1/(1 + e⁻ˣ)}. */
public final class Sigmoid extends Module {
  /** The function as a layer. */
  public Sigmoid() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.sigmoid();
  }
}
