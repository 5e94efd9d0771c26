package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of an {@link RNN}: {@code h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh)}.
 *
 * <p>Shapes: x is N×in, h is N×H, or both without N. Parameters are {@code weight_ih}, {@code
 * weight_hh}, {@code bias_ih} and {@code bias_hh}, from U(−1/√H, 1/√H).
 */
public final class RNNCell extends RecurrentCell {
  private final String nonlinearity;

  /** With biases and tanh. */
  public RNNCell(int in, int hidden) {
    this(in, hidden, true, "tanh");
  }

  /**
   * A cell.
   *
   * @param nonlinearity {@code "tanh"} or {@code "relu"}
   */
  public RNNCell(int in, int hidden, boolean bias, String nonlinearity) {
    super(RNN.cell("RNNCell", nonlinearity), in, hidden, bias);
    this.nonlinearity = nonlinearity;
  }

  /** The hidden state after a step. */
  public Tensor forward(Tensor x, Tensor hidden) {
    return scoped(() -> step(x, List.of(hidden)).getFirst());
  }

  @Override
  public Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>(super.config());
    config.put("nonlinearity", nonlinearity);
    return config;
  }
}
