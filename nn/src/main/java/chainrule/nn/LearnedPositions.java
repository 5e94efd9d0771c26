package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * Adds a learned vector for each position: {@code y[t] = x[t] + weight[t]}.
 *
 * <p>Shapes: x is T×N×E, or N×T×E if batch first, or T×E, T at most the length; {@code weight} is
 * length × E and starts standard normal, as an embedding does. Source: Gehring and others,
 * <i>Convolutional sequence to sequence learning</i>, 2017.
 */
public final class LearnedPositions extends Module {
  private final int length;
  private final int width;
  private final boolean batchFirst;
  private final Parameter weight;

  /** For at most {@code length} positions of T×N×E. */
  public LearnedPositions(int length, int width) {
    this(length, width, false);
  }

  /** For at most {@code length} positions of T×N×E, or N×T×E. */
  public LearnedPositions(int length, int width, boolean batchFirst) {
    Checks.positive("LearnedPositions", "length", length);
    Checks.positive("LearnedPositions", "width", width);
    this.length = length;
    this.width = width;
    this.batchFirst = batchFirst;
    this.weight = param("weight", Inits.normal(0, 1), length, width);
  }

  @Override
  protected Tensor compute(Tensor x) {
    return Positions.add(label(), x, weight, batchFirst);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("length", length, "width", width, "batchFirst", batchFirst);
  }
}
