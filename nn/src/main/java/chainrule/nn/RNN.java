package chainrule.nn;

import chainrule.tensor.Recurrence.Cell;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plain recurrent network: {@code hₜ = tanh(W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh)}.
 *
 * <p>Shapes: x is T×N×in, or N×T×in if batch first, or one sequence of T×in; the output is the same
 * with D·H in place of in, D the number of directions. Parameters are named as PyTorch names them,
 * {@code weight_ih_l0} and so on, and start from U(−1/√H, 1/√H). Source: Elman, <i>Finding
 * structure in time</i>, 1990.
 */
public final class RNN extends Recurrent {
  private final String nonlinearity;

  /**
   * What the network gives.
   *
   * @param output the last layer's hidden state at every step; 0 where the mask is 0
   * @param hidden every layer's and direction's hidden state after its last step, LD×N×H
   */
  public record Result(Tensor output, Tensor hidden) {}

  /** One layer with tanh. */
  public RNN(int in, int hidden) {
    this(in, hidden, "tanh", RecurrentOptions.DEFAULT);
  }

  /**
   * A network.
   *
   * @param nonlinearity {@code "tanh"} or {@code "relu"}
   * @throws IllegalArgumentException for another word, or sizes below 1
   */
  public RNN(int in, int hidden, String nonlinearity, RecurrentOptions options) {
    super(cell("RNN", nonlinearity), in, hidden, options);
    this.nonlinearity = nonlinearity;
  }

  static Cell cell(String layer, String nonlinearity) {
    return switch (nonlinearity) {
      case "tanh" -> Cell.TANH;
      case "relu" -> Cell.RELU;
      default ->
          throw new IllegalArgumentException(
              "%s: nonlinearity must be 'tanh' or 'relu', got '%s'".formatted(layer, nonlinearity));
    };
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

  @Override
  public Map<String, Object> config() {
    Map<String, Object> config = new LinkedHashMap<>(super.config());
    config.put("nonlinearity", nonlinearity);
    return config;
  }
}
