package chainrule.nn;

import chainrule.tensor.Tensor;

/** {@code y = x/(1 + |x|)}. */
public final class Softsign extends Module {
  /** The function as a layer. */
  public Softsign() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.softsign();
  }
}
