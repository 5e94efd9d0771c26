package chainrule.nn;

import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Tensor;
import java.util.List;

/**
 * One step of a {@link GRU}.
 *
 * <p>Shapes: x is N×in, h is N×H, or both without N. Parameters are {@code weight_ih}, {@code
 * weight_hh}, {@code bias_ih} and {@code bias_hh}, gates in the order r, z, n, from U(−1/√H, 1/√H).
 */
public final class GRUCell extends RecurrentCell {
  /** With biases. */
  public GRUCell(int in, int hidden) {
    this(in, hidden, true);
  }

  /** With or without biases. */
  public GRUCell(int in, int hidden, boolean bias) {
    super(Cell.GRU, in, hidden, bias);
  }

  /** The hidden state after a step. */
  public Tensor forward(Tensor x, Tensor hidden) {
    return scoped(() -> step(x, List.of(hidden)).getFirst());
  }
}
