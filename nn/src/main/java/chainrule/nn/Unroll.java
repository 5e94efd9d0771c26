package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * One module applied several times, with the same weights each time: {@code y = f(f(… f(x)))}. The
 * child is named {@code body}; its parameters are counted, saved and updated once, and receive the
 * sum of the gradients of all applications.
 *
 * {@snippet :
 * var deep = new Unroll(new Sequential(new Linear(64, 64), new Tanh()), 10);
 * }
 */
public final class Unroll extends Module {
  private final Module body;
  private final int times;

  /**
   * The body so many times.
   *
   * @throws IllegalArgumentException if {@code times} is below 1
   */
  public Unroll(Module body, int times) {
    Checks.positive("Unroll", "times", times);
    this.body = child("body", body);
    this.times = times;
  }

  @Override
  protected Tensor compute(Tensor x) {
    Tensor y = x;
    for (int i = 0; i < times; i++) {
      y = body.forward(y);
    }
    return y;
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("times", times);
  }
}
