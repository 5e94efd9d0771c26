package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * {@code y = x · hardsigmoid(x)}. Source: Howard et al., <i>Searching for MobileNetV3</i>, 2019.
 */
public final class Hardswish extends Module {
  /** The function as a layer. */
  public Hardswish() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.hardSwish();
  }
}
