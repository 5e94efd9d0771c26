package chainrule.nn;

import chainrule.tensor.Tensor;
import chainrule.tensor.Window1d;
import java.util.Map;

/**
 * The largest element of each window on sequences, per channel: N×C×L becomes N×C×length. The first
 * of equals receives the gradient, NaN wins, the padding never does.
 */
public final class MaxPool1d extends Module {
  private final Window1d window;

  /** Pieces of length {@code kernel}, side by side. */
  public MaxPool1d(int kernel) {
    this(Window1d.of(kernel).stride(kernel));
  }

  /** Any window. */
  public MaxPool1d(Window1d window) {
    this.window = window;
  }

  @Override
  protected Tensor compute(Tensor x) {
    return x.maxPool1d(window);
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
        "dilation",
        window.dilation(),
        "ceilMode",
        window.ceilMode());
  }
}
