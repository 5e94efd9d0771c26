package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The rectifier: {@code y = max(0, x)}, with slope 0 at 0. Source: Nair and Hinton, <i>Rectified
 * linear units improve restricted Boltzmann machines</i>, 2010.
 */
public final class ReLU extends Module {
  /** The function as a layer. */
  public ReLU() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.relu();
  }
}
