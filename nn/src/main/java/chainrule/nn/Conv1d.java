package chainrule.nn;

import chainrule.tensor.Conv1dOptions;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of sequences: {@code y[n, o, i] = b[o] + Σ w[o, c, k]·x[n, c, i + k]}, with stride,
 * padding, dilation and groups as {@link Conv1dOptions} says.
 *
 * <p>Shapes: x is N × in × L, y is N × out × length, {@code weight} is out × in/groups × kernel,
 * {@code bias} is out. Both start as PyTorch's do, U(−1/√fan_in, 1/√fan_in) with fan_in =
 * in/groups·kernel.
 */
public final class Conv1d extends Module {
  private final int in;
  private final int out;
  private final int kernel;
  private final Conv1dOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** Stride 1, no padding, with bias. */
  public Conv1d(int in, int out, int kernel) {
    this(in, out, kernel, Conv1dOptions.DEFAULT);
  }

  /** With bias. */
  public Conv1d(int in, int out, int kernel, Conv1dOptions options) {
    this(in, out, kernel, options, true);
  }

  /**
   * With or without bias.
   *
   * @throws IllegalArgumentException if a size is below 1, or the groups do not divide both in and
   *     out
   */
  public Conv1d(int in, int out, int kernel, Conv1dOptions options, boolean bias) {
    Checks.positive("Conv1d", "kernel", kernel);
    Checks.groups("Conv1d", in, out, options.groups());
    this.in = in;
    this.out = out;
    this.kernel = kernel;
    this.options = options;
    int channels = in / options.groups();
    double bound = 1 / Math.sqrt((double) channels * kernel);
    this.weight = param("weight", Inits.torchLinear(), out, channels, kernel);
    this.bias = bias ? param("bias", Inits.uniform(-bound, bound), out) : null;
  }

  /** The weight, out × in/groups × kernel. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() != 3 || x.size(1) != in) {
      throw new ShapeException(
          "%s: the input must be N×%d×L, got %s".formatted(label(), in, x.shape()));
    }
    return x.conv1d(weight, bias, options);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "in",
        in,
        "out",
        out,
        "kernel",
        kernel,
        "stride",
        options.stride(),
        "padding",
        options.padding(),
        "dilation",
        options.dilation(),
        "groups",
        options.groups(),
        "bias",
        bias != null);
  }
}
