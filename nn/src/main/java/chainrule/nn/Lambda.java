package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.function.UnaryOperator;

/**
 * Any function as a layer.
 *
 * {@snippet :
 * new Sequential(new Lambda(x -> x.permute(0, 2, 1)), new Linear(28, 64));
 * }
 *
 * <p>A model file cannot hold it: a function has no options to write down. A class of its own, or
 * the state dict, can be saved.
 */
public final class Lambda extends Module {
  private final UnaryOperator<Tensor> f;

  /** The function as a layer. */
  public Lambda(UnaryOperator<Tensor> f) {
    this.f = f;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return f.apply(x);
  }
}
