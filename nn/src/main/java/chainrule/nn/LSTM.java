package chainrule.nn;

import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A network of long short-term memory units:
 *
 * <pre>
 * i = σ(W_ii·x + b_ii + W_hi·h + b_hi)
 * f = σ(W_if·x + b_if + W_hf·h + b_hf)
 * g = tanh(W_ig·x + b_ig + W_hg·h + b_hg)
 * o = σ(W_io·x + b_io + W_ho·h + b_ho)
 * c′ = f·c + i·g
 * h′ = o·tanh(c′)
 * </pre>
 *
 * <p>Shapes: x is T×N×in, or N×T×in if batch first, or one sequence of T×in; the output is the same
 * with D·H in place of in, D the number of directions. Parameters are named as PyTorch names them,
 * {@code weight_ih_l0} and so on, gates in the order i, f, g, o, and start from U(−1/√H, 1/√H).
 * Source: Hochreiter and Schmidhuber, <i>Long short-term memory</i>, 1997; the forget gate of Gers,
 * Schmidhuber and Cummins, 2000.
 *
 * {@snippet :
 * var lstm = new LSTM(8, 32, RecurrentOptions.DEFAULT.batchFirst(true));
 * LSTM.Result r = lstm.run(x, Masks.lengths(20, 20, 7, 13), null, null);   // x is 3×20×8
 * }
 */
public final class LSTM extends Recurrent {
  /**
   * What the network gives.
   *
   * @param output the last layer's hidden state at every step; 0 where the mask is 0
   * @param hidden every layer's and direction's hidden state after its last step, LD×N×H
   * @param cell every layer's and direction's cell state after its last step, LD×N×H
   */
  public record Result(Tensor output, Tensor hidden, Tensor cell) {}

  /** One layer. */
  public LSTM(int in, int hidden) {
    this(in, hidden, RecurrentOptions.DEFAULT);
  }

  /**
   * A network.
   *
   * @throws IllegalArgumentException for sizes below 1
   */
  public LSTM(int in, int hidden, RecurrentOptions options) {
    super(Cell.LSTM, in, hidden, options);
  }

  /** Reads sequences from states of zeros. */
  public Result run(Tensor x) {
    return run(x, null, null, null);
  }

  /**
   * Reads sequences.
   *
   * @param mask T×N, or N×T if batch first: 1 where a sequence goes on, 0 where it has ended
   *     ({@link Masks#lengths}); null if all are of full length
   * @param hidden the hidden state to start from, LD×N×H; null, with {@code cell}, for zeros
   * @param cell the cell state to start from, LD×N×H
   * @throws IllegalArgumentException if only one of the two states is given
   */
  public Result run(
      Tensor x, @Nullable Tensor mask, @Nullable Tensor hidden, @Nullable Tensor cell) {
    return scoped(
        () -> {
          Walk walk = walk(x, mask, Recurrent.both(label(), hidden, cell));
          return new Result(walk.output(), walk.states().get(0), walk.states().get(1));
        });
  }
}
