package chainrule.nn;

import chainrule.tensor.Tensor;

/** {@code y = ln(1 + eˣ)}, without overflow. */
public final class Softplus extends Module {
  /** The function as a layer. */
  public Softplus() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.softplus();
  }
}
