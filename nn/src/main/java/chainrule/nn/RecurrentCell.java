package chainrule.nn;

import chainrule.nn.Recurrent.Weights;
import chainrule.tensor.Parameter;
import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@link RNNCell}, {@link LSTMCell} and {@link GRUCell} have in common: one step of recurrent
 * units, for loops of your own. Parameters are {@code weight_ih}, {@code weight_hh}, {@code
 * bias_ih} and {@code bias_hh}, from U(−1/√H, 1/√H).
 */
abstract sealed class RecurrentCell extends Module permits RNNCell, LSTMCell, GRUCell {
  private final Cell cell;
  private final int in;
  private final int hidden;
  private final boolean bias;
  private final Weights weights;

  RecurrentCell(Cell cell, int in, int hidden, boolean bias) {
    Checks.positive(type(), "in", in);
    Checks.positive(type(), "hidden", hidden);
    this.cell = cell;
    this.in = in;
    this.hidden = hidden;
    this.bias = bias;
    double bound = 1 / Math.sqrt(hidden);
    Init init = Inits.uniform(-bound, bound);
    int rows = cell.gates() * hidden;
    Parameter ih = param("weight_ih", init, rows, in);
    Parameter hh = param("weight_hh", init, rows, hidden);
    this.weights =
        bias
            ? new Weights(ih, hh, param("bias_ih", init, rows), param("bias_hh", init, rows))
            : new Weights(ih, hh, null, null);
  }

  /** The hidden state after a step from zeros. */
  @Override
  protected final Tensor compute(Tensor x) {
    return step(x, List.of()).getFirst();
  }

  /** The states after a step; N×in and N×H, or in and H. */
  final List<Tensor> step(Tensor x, List<Tensor> states) {
    if (x.rank() != 1 && x.rank() != 2 || x.size(-1) != in) {
      throw new ShapeException(
          "%s: needs N×%d, or %d, got %s".formatted(label(), in, in, x.shape()));
    }
    Shape each = x.shape().with(-1, hidden);
    List<Tensor> first = new ArrayList<>();
    for (int k = 0; k < cell.states(); k++) {
      Tensor state = states.isEmpty() ? Tensor.zeros(x.dtype(), each) : states.get(k);
      if (!state.shape().equals(each)) {
        throw new ShapeException(
            "%s: the state of an input %s must be %s, got %s"
                .formatted(label(), x.shape(), each, state.shape()));
      }
      first.add(state.reshape(-1, hidden));
    }
    Tensor after = Recurrent.states(cell, weights, x.reshape(1, -1, in), false, null, first);
    List<Tensor> out = new ArrayList<>();
    for (int k = 0; k < cell.states(); k++) {
      out.add(after.pick(0, k).reshape(each.toArray()));
    }
    return out;
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("in", in, "hidden", hidden, "bias", bias);
  }
}
