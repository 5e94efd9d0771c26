package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * {@code y = x/(1 + e⁻ˣ)}, also called swish. Source: Elfwing, Uchibe and Doya, <i>Sigmoid-weighted
 * linear units</i>, 2017.
 */
public final class SiLU extends Module {
  /** The function as a layer. */
  public SiLU() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.silu();
  }
}
