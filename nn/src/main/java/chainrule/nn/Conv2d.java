package chainrule.nn;

import chainrule.tensor.Conv2dOptions;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of images: {@code y[n, o, i, j] = b[o] + Σ w[o, c, kh, kw]·x[n, c, i + kh, j +
 * kw]}, with stride, padding, dilation and groups as {@link Conv2dOptions} says.
 *
 * <p>Shapes: x is N × in × H × W, y is N × out × oh × ow, {@code weight} is out × in/groups × kh ×
 * kw, {@code bias} is out. Both start as PyTorch's do, U(−1/√fan_in, 1/√fan_in) with fan_in =
 * in/groups·kh·kw. Source: LeCun et al., <i>Backpropagation applied to handwritten zip code
 * recognition</i>, 1989.
 */
public final class Conv2d extends Module {
  private final int in;
  private final int out;
  private final int kernelH;
  private final int kernelW;
  private final Conv2dOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** A square kernel, stride 1, no padding, with bias. */
  public Conv2d(int in, int out, int kernel) {
    this(in, out, kernel, Conv2dOptions.DEFAULT);
  }

  /** A square kernel, with bias. */
  public Conv2d(int in, int out, int kernel, Conv2dOptions options) {
    this(in, out, kernel, kernel, options, true);
  }

  /**
   * Any kernel, with or without bias.
   *
   * @throws IllegalArgumentException if a size is below 1, or the groups do not divide both in and
   *     out
   */
  public Conv2d(int in, int out, int kernelH, int kernelW, Conv2dOptions options, boolean bias) {
    Checks.positive("Conv2d", "kernel", Math.min(kernelH, kernelW));
    Checks.groups("Conv2d", in, out, options.groups());
    this.in = in;
    this.out = out;
    this.kernelH = kernelH;
    this.kernelW = kernelW;
    this.options = options;
    int channels = in / options.groups();
    double bound = 1 / Math.sqrt((double) channels * kernelH * kernelW);
    this.weight = param("weight", Inits.torchLinear(), out, channels, kernelH, kernelW);
    this.bias = bias ? param("bias", Inits.uniform(-bound, bound), out) : null;
  }

  /** The weight, out × in/groups × kh × kw. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() != 4 || x.size(1) != in) {
      throw new ShapeException(
          "%s: the input must be N×%d×H×W, got %s".formatted(label(), in, x.shape()));
    }
    return x.conv2d(weight, bias, options);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config(
        "in",
        in,
        "out",
        out,
        "kernel",
        List.of(kernelH, kernelW),
        "stride",
        List.of(options.strideH(), options.strideW()),
        "padding",
        List.of(options.paddingH(), options.paddingW()),
        "dilation",
        List.of(options.dilationH(), options.dilationW()),
        "groups",
        options.groups(),
        "bias",
        bias != null);
  }
}
