package chainrule.nn;

import chainrule.tensor.Tensor;

/** The hyperbolic tangent: {@code y = tanh x}. */
public final class Tanh extends Module {
  /** The function as a layer. */
  public Tanh() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.tanh();
  }
}
