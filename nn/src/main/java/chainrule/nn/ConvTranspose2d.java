package chainrule.nn;

import chainrule.tensor.ConvTranspose2dOptions;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transposed convolution of images, the adjoint of {@link Conv2d}: each element of the input adds
 * its multiple of the kernel to the result, {@code y[n, o, i·stride + kh, j·stride + kw] += w[c, o,
 * kh, kw]·x[n, c, i, j]}, with padding, output padding, dilation and groups as {@link
 * ConvTranspose2dOptions} says.
 *
 * <p>Shapes: x is N × in × H × W, y is N × out × oh × ow, {@code weight} is in × out/groups × kh ×
 * kw, {@code bias} is out. Both start as PyTorch's do, U(−1/√f, 1/√f) with f = out/groups·kh·kw.
 * Source: Zeiler, Krishnan, Taylor and Fergus, <i>Deconvolutional networks</i>, 2010.
 */
public final class ConvTranspose2d extends Module {
  private final int in;
  private final int out;
  private final int kernelH;
  private final int kernelW;
  private final ConvTranspose2dOptions options;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** A square kernel, stride 1, no padding, with bias. */
  public ConvTranspose2d(int in, int out, int kernel) {
    this(in, out, kernel, ConvTranspose2dOptions.DEFAULT);
  }

  /** A square kernel, with bias. */
  public ConvTranspose2d(int in, int out, int kernel, ConvTranspose2dOptions options) {
    this(in, out, kernel, kernel, options, true);
  }

  /**
   * Any kernel, with or without bias.
   *
   * @throws IllegalArgumentException if a size is below 1, or the groups do not divide both in and
   *     out
   */
  public ConvTranspose2d(
      int in, int out, int kernelH, int kernelW, ConvTranspose2dOptions options, boolean bias) {
    Checks.positive("ConvTranspose2d", "kernel", Math.min(kernelH, kernelW));
    Checks.groups("ConvTranspose2d", in, out, options.groups());
    this.in = in;
    this.out = out;
    this.kernelH = kernelH;
    this.kernelW = kernelW;
    this.options = options;
    int channels = out / options.groups();
    double bound = 1 / Math.sqrt((double) channels * kernelH * kernelW);
    this.weight = param("weight", Inits.torchLinear(), in, channels, kernelH, kernelW);
    this.bias = bias ? param("bias", Inits.uniform(-bound, bound), out) : null;
  }

  /** The weight, in × out/groups × kh × kw. */
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
    return x.convTranspose2d(weight, bias, options);
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
        "outputPadding",
        List.of(options.outputPaddingH(), options.outputPaddingW()),
        "dilation",
        List.of(options.dilationH(), options.dilationW()),
        "groups",
        options.groups(),
        "bias",
        bias != null);
  }
}
