package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * The Gaussian error linear unit: {@code y = x Φ(x)}, Φ the normal distribution function, or its
 * approximation {@code x/2 · (1 + tanh(√(2/π)(x + 0.044715 x³)))}. Source: Hendrycks and Gimpel,
 * <i>Gaussian error linear units</i>, 2016.
 */
public final class GELU extends Module {
  private final String approximate;

  /** The exact form. */
  public GELU() {
    this("none");
  }

  /**
   * The exact form for {@code "none"}, the approximation for {@code "tanh"}.
   *
   * @throws IllegalArgumentException for another word
   */
  public GELU(String approximate) {
    if (!approximate.equals("none") && !approximate.equals("tanh")) {
      throw new IllegalArgumentException(
          "GELU: approximate must be 'none' or 'tanh', got '%s'".formatted(approximate));
    }
    this.approximate = approximate;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return approximate.equals("tanh") ? x.geluTanh() : x.gelu();
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("approximate", approximate);
  }
}
