package chainrule.nn;

import chainrule.tensor.Tensor;

/** {@code y = ln(1/(1 + e⁻ˣ))}, without overflow. */
public final class LogSigmoid extends Module {
  /** The function as a layer. */
  public LogSigmoid() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.logSigmoid();
  }
}
