package chainrule.nn;

import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.util.List;
import java.util.Map;

/** The mean of each window, per channel: N×C×H×W becomes N×C×oh×ow. */
public final class AvgPool2d extends Module {
  private final Window window;
  private final boolean countIncludePad;

  /** Squares of {@code kernel × kernel}, side by side. */
  public AvgPool2d(int kernel) {
    this(Window.of(kernel).stride(kernel), true);
  }

  /**
   * Any window that is not dilated.
   *
   * @param countIncludePad whether the zeros of the padding count as elements of the mean
   * @throws IllegalArgumentException if the window is dilated
   */
  public AvgPool2d(Window window, boolean countIncludePad) {
    if (window.dilationH() != 1 || window.dilationW() != 1) {
      throw new IllegalArgumentException("AvgPool2d: the window %s is dilated".formatted(window));
    }
    this.window = window;
    this.countIncludePad = countIncludePad;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.avgPool2d(window, countIncludePad);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "kernel",
        List.of(window.kernelH(), window.kernelW()),
        "stride",
        List.of(window.strideH(), window.strideW()),
        "padding",
        List.of(window.paddingH(), window.paddingW()),
        "ceilMode",
        window.ceilMode(),
        "countIncludePad",
        countIncludePad);
  }
}
