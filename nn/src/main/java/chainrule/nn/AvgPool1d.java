package chainrule.nn;

import chainrule.tensor.Tensor;
import chainrule.tensor.Window1d;
import java.util.Map;

/** The mean of each window on sequences, per channel: N×C×L becomes N×C×length. */
public final class AvgPool1d extends Module {
  private final Window1d window;
  private final boolean countIncludePad;

  /** Pieces of length {@code kernel}, side by side. */
  public AvgPool1d(int kernel) {
    this(Window1d.of(kernel).stride(kernel), true);
  }

  /**
   * Any window that is not dilated.
   *
   * @param countIncludePad whether the zeros of the padding count as elements of the mean
   * @throws IllegalArgumentException if the window is dilated
   */
  public AvgPool1d(Window1d window, boolean countIncludePad) {
    if (window.dilation() != 1) {
      throw new IllegalArgumentException("AvgPool1d: the window %s is dilated".formatted(window));
    }
    this.window = window;
    this.countIncludePad = countIncludePad;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.avgPool1d(window, countIncludePad);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "kernel",
        window.kernel(),
        "stride",
        window.stride(),
        "padding",
        window.padding(),
        "ceilMode",
        window.ceilMode(),
        "countIncludePad",
        countIncludePad);
  }
}
