package chainrule.nn;

import chainrule.tensor.Tensor;

/** {@code y = x/6 + 1/2} cut off at 0 and 1. */
public final class Hardsigmoid extends Module {
  /** The function as a layer. */
  public Hardsigmoid() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.hardSigmoid();
  }
}
