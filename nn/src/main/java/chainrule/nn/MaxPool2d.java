package chainrule.nn;

import chainrule.tensor.Tensor;
import chainrule.tensor.Window;
import java.util.List;
import java.util.Map;

/**
 * The largest element of each window, per channel: N×C×H×W becomes N×C×oh×ow. The first of equals
 * receives the gradient, NaN wins, the padding never does.
 */
public final class MaxPool2d extends Module {
  private final Window window;

  /** Squares of {@code kernel × kernel}, side by side. */
  public MaxPool2d(int kernel) {
    this(Window.of(kernel).stride(kernel));
  }

  /** Any window. */
  public MaxPool2d(Window window) {
    this.window = window;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.maxPool2d(window);
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
        "dilation",
        List.of(window.dilationH(), window.dilationW()),
        "ceilMode",
        window.ceilMode());
  }
}
