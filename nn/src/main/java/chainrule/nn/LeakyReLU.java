package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = x} for x &gt; 0 and {@code slope · x} otherwise. Source: Maas, Hannun and Ng,
 * <i>Rectifier nonlinearities improve neural network acoustic models</i>, 2013.
 */
public final class LeakyReLU extends Module {
  private final double slope;

  /** Slope 0.01 below 0. */
  public LeakyReLU() {
    this(0.01);
  }

  /** The given slope below 0. */
  public LeakyReLU(double slope) {
    Checks.finite("LeakyReLU", "slope", slope);
    this.slope = slope;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.leakyRelu(slope);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("slope", slope);
  }
}
