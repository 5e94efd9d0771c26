package chainrule.nn;

import chainrule.tensor.Tensor;

/** The rectifier cut off at 6: {@code y = min(max(0, x), 6)}. */
public final class ReLU6 extends Module {
  /** The function as a layer. */
  public ReLU6() {}

  @Override
  protected Tensor compute(Tensor x) {
    return x.relu6();
  }
}
