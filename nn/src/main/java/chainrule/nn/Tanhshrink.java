package chainrule.nn;

import chainrule.tensor.Tensor;

/** {@code y = x − tanh x}. */
public final class Tanhshrink extends Module {
  /** The function as a layer. */
  public Tanhshrink() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.tanhshrink();
  }
}
