package chainrule.nn;

import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Tensor;
import java.util.List;

/**
 * One step of an {@link LSTM}.
 *
 * <p>Shapes: x is N×in, states are N×H, or all without N. Parameters are {@code weight_ih}, {@code
 * weight_hh}, {@code bias_ih} and {@code bias_hh}, gates in the order i, f, g, o, from U(−1/√H,
 * 1/√H).
 */
public final class LSTMCell extends RecurrentCell {
  /**
   * The states after a step.
   *
   * @param hidden what the unit shows
   * @param cell what it keeps
   */
  public record Result(Tensor hidden, Tensor cell) {}

  /** With biases. */
  public LSTMCell(int in, int hidden) {
    this(in, hidden, true);
  }

  /** With or without biases. */
  public LSTMCell(int in, int hidden, boolean bias) {
    super(Cell.LSTM, in, hidden, bias);
  }

  /** The states after a step. */
  public Result forward(Tensor x, Tensor hidden, Tensor cell) {
    return scoped(
        () -> {
          List<Tensor> next = step(x, List.of(hidden, cell));
          return new Result(next.get(0), next.get(1));
        });
  }
}
