package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.List;

/**
 * Modules one after the other: {@code y = fₙ(… f₂(f₁(x)))}. Children are named {@code 0}, {@code
 * 1}, ….
 *
 * {@snippet :
 * var model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10));
 * }
 */
public final class Sequential extends Module {
  /** The given modules in order; none gives the identity. */
  public Sequential(Module... modules) {
    this(List.of(modules));
  }

  /** The given modules in order. */
  public Sequential(List<? extends Module> modules) {
    for (int i = 0; i < modules.size(); i++) {
      child(Integer.toString(i), modules.get(i));
    }
  }

  @Override
  protected Tensor compute(Tensor x) {
    Tensor y = x;
    for (Module module : children().values()) {
      y = module.forward(y);
    }
    return y;
  }
}
