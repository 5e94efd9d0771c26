package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * Joins every n neighbours of a sequence: N×T×C becomes N×(T/n)×(C·n), and N×(C·n) if one is left.
 *
 * <p>Stacked with linear layers in between it is the tree of van den Oord et al., <i>WaveNet</i>,
 * 2016, figure 3.
 */
public final class FlattenConsecutive extends Module {
  private final int n;

  /**
   * So many neighbours.
   *
   * @throws IllegalArgumentException if n is below 1
   */
  public FlattenConsecutive(int n) {
    Checks.positive("FlattenConsecutive", "n", n);
    this.n = n;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() != 3 || x.size(1) == 0 || x.size(1) % n != 0) {
      throw new ShapeException(
          "%s: needs N×T×C with T a multiple of %d, got %s".formatted(label(), n, x.shape()));
    }
    int pieces = x.size(1) / n;
    int width = x.size(2) * n;
    return pieces == 1 ? x.reshape(x.size(0), width) : x.reshape(x.size(0), pieces, width);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("n", n);
  }
}
