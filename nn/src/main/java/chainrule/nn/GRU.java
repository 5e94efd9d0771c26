package chainrule.nn;

import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network of gated recurrent units:
 *
 * <pre>
 * r = σ(W_ir·x + b_ir + W_hr·h + b_hr)
 * z = σ(W_iz·x + b_iz + W_hz·h + b_hz)
 * n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn))
 * h′ = (1 − z)·n + z·h
 * </pre>
 *
 * <p>Shapes: x is T×N×in, or N×T×in if batch first, or one sequence of T×in; the output is the same
 * with D·H in place of in, D the number of directions. Parameters are named as PyTorch names them,
 * {@code weight_ih_l0} and so on, gates in the order r, z, n, and start from U(−1/√H, 1/√H).
 * Source: Cho and others, <i>Learning phrase representations using RNN encoder–decoder</i>, 2014,
 * eq. 5–8, with the reset gate behind the product as in cuDNN.
 */
public final class GRU extends Recurrent {
  /**
   * What the network gives.
   *
   * @param output the last layer's hidden state at every step; 0 where the mask is 0
   * @param hidden every layer's and direction's hidden state after its last step, LD×N×H
   */
  public record Result(Tensor output, Tensor hidden) {}

  /** One layer. */
  public GRU(int in, int hidden) {
    this(in, hidden, RecurrentOptions.DEFAULT);
  }

  /**
   * A network.
   *
   * @throws IllegalArgumentException for sizes below 1
   */
  public GRU(int in, int hidden, RecurrentOptions options) {
    super(Cell.GRU, in, hidden, options);
  }

  /** Reads sequences from a state of zeros. */
  public Result run(Tensor x) {
    return run(x, null, null);
  }

  /**
   * Reads sequences.
   *
   * @param mask T×N, or N×T if batch first: 1 where a sequence goes on, 0 where it has ended
   *     ({@link Masks#lengths}); null if all are of full length
   * @param hidden the state to start from, LD×N×H; null for zeros
   */
  public Result run(Tensor x, @Nullable Tensor mask, @Nullable Tensor hidden) {
    return scoped(
        () -> {
          Walk walk = walk(x, mask, hidden == null ? List.of() : List.of(hidden));
          return new Result(walk.output(), walk.states().getFirst());
        });
  }
}
