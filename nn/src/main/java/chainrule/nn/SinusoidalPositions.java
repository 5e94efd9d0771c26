package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * Adds waves to tell positions apart: {@code y[t, 2i] = x[t, 2i] + sin(t/10000^(2i/E))}, {@code
 * y[t, 2i+1] = x[t, 2i+1] + cos(t/10000^(2i/E))}.
 *
 * <p>Shapes: x is T×N×E, or N×T×E if batch first, or T×E. Nothing is learned, and no position is
 * too far. Source: Vaswani and others, <i>Attention is all you need</i>, 2017, section 3.5.
 */
public final class SinusoidalPositions extends Module {
  private final int width;
  private final boolean batchFirst;

  /** For positions of T×N×E. */
  public SinusoidalPositions(int width) {
    this(width, false);
  }

  /** For positions of T×N×E, or N×T×E. */
  public SinusoidalPositions(int width, boolean batchFirst) {
    Checks.positive("SinusoidalPositions", "width", width);
    this.width = width;
    this.batchFirst = batchFirst;
  }

  @Override
  protected Tensor compute(Tensor x) {
    int time = batchFirst && x.rank() == 3 ? 1 : 0;
    int steps = x.rank() == 0 ? 0 : x.size(time);
    double[] table = new double[steps * width];
    for (int t = 0; t < steps; t++) {
      for (int i = 0; i < width; i++) {
        double angle = t / StrictMath.pow(10_000, (i - i % 2) / (double) width);
        table[t * width + i] = i % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
      }
    }
    Tensor rows = Tensor.of(table, steps, width).to(x.dtype());
    return Positions.add(label(), x, rows, batchFirst);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("width", width, "batchFirst", batchFirst);
  }
}
