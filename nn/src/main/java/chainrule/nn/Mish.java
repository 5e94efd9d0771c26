package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * {@code y = x tanh(ln(1 + eˣ))}. Source: Misra, <i>Mish: a self regularized non-monotonic
 * activation function</i>, 2019.
 */
public final class Mish extends Module {
  /** The function as a layer. */
  public Mish() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.mish();
  }
}
