package chainrule.tensor;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Windows on images N×C×H×W and on sequences N×C×L: convolution, pooling, unfolding. The words and
 * layouts are PyTorch's.
 */
public sealed interface Images permits Tensor {
  private Tensor tensor() {
    return (Tensor) this;
  }

  /**
   * The windows of each image as columns, N×(C·kh·kw)×(oh·ow) from N×C×H×W, with zeros where a
   * window lies in the padding.
   *
   * @throws ShapeException if the window is larger than the padded image
   */
  default Tensor unfold(Window window) {
    return Tensor.apply(new LinearOp.Unfold(window), tensor());
  }

  /**
   * Columns as {@link #unfold} makes them, added up where their windows lie in images of {@code
   * height × width}: N×C×H×W from N×(C·kh·kw)×(oh·ow).
   *
   * @throws ShapeException if the columns are not as many as the window fits into the images
   */
  default Tensor fold(Window window, int height, int width) {
    return Tensor.apply(new LinearOp.Fold(window, height, width), tensor());
  }

  /**
   * The cross-correlation with a set of kernels, which the field calls convolution: {@code y[n, o,
   * i, j] = bias[o] + Σ w[o, c, kh, kw]·x[n, c, i + kh, j + kw]} (LeCun et al. 1989; stride,
   * padding, dilation and groups as {@link Conv2dOptions} says).
   *
   * @param weight out × in/groups × kh × kw
   * @param bias one number for each output channel, or null
   * @return N × out × oh × ow
   * @throws ShapeException if the channels do not fit, or the kernel is larger than the padded
   *     image
   */
  default Tensor conv2d(Tensor weight, @Nullable Tensor bias, Conv2dOptions options) {
    return bias == null
        ? Tensor.apply(new Spatial.Conv2d(options, false), tensor(), weight)
        : Tensor.apply(new Spatial.Conv2d(options, true), tensor(), weight, bias);
  }

  /** As {@link #conv2d(Tensor, Tensor, Conv2dOptions)}: stride 1, no padding, one group. */
  default Tensor conv2d(Tensor weight, @Nullable Tensor bias) {
    return conv2d(weight, bias, Conv2dOptions.DEFAULT);
  }

  /**
   * The adjoint of {@link #conv2d} in its input, which is also called deconvolution: each element
   * of the input adds its multiple of the kernel to the result (Zeiler et al. 2010; stride,
   * padding, output padding, dilation and groups as {@link ConvTranspose2dOptions} says).
   *
   * @param weight in × out/groups × kh × kw
   * @param bias one number for each output channel, or null
   * @return N × out × oh × ow
   * @throws ShapeException if the channels do not fit, or the padding leaves nothing
   */
  default Tensor convTranspose2d(
      Tensor weight, @Nullable Tensor bias, ConvTranspose2dOptions options) {
    Tensor x = tensor();
    int rows = options.outputPaddingH() / options.strideH();
    int columns = options.outputPaddingW() / options.strideW();
    if (x.rank() == 4 && rows + columns > 0) {
      x = x.pad(new int[4], new int[] {0, 0, rows, columns}, 0);
    }
    ConvTranspose2dOptions rest =
        options.outputPadding(
            options.outputPaddingH() % options.strideH(),
            options.outputPaddingW() % options.strideW());
    Tensor y = Tensor.apply(new Spatial.ConvTranspose2d(rest), x, weight);
    if (bias == null) {
      return y;
    }
    if (!bias.shape().equals(Shape.of(y.size(1)))) {
      throw new ShapeException(
          "convTranspose2d: bias "
              + bias.shape()
              + " should have one number for each of the "
              + y.size(1)
              + " output channels of weight "
              + weight.shape());
    }
    return y.add(bias.reshape(-1, 1, 1));
  }

  /** As {@link #convTranspose2d(Tensor, Tensor, ConvTranspose2dOptions)} with the defaults. */
  default Tensor convTranspose2d(Tensor weight, @Nullable Tensor bias) {
    return convTranspose2d(weight, bias, ConvTranspose2dOptions.DEFAULT);
  }

  /**
   * The cross-correlation of sequences, {@code y[n, o, i] = bias[o] + Σ w[o, c, k]·x[n, c, i + k]}:
   * {@link #conv2d} of images one row high.
   *
   * @param weight out × in/groups × k
   * @param bias one number for each output channel, or null
   * @return N × out × length
   * @throws ShapeException if the channels do not fit, or the kernel is larger than the padded
   *     sequence
   */
  default Tensor conv1d(Tensor weight, @Nullable Tensor bias, Conv1dOptions options) {
    if (weight.rank() != 3) {
      throw new ShapeException(
          "conv1d: weight " + weight.shape() + " should be out × in/groups × kernel");
    }
    options.window(weight.size(2)).check("conv1d", tensor().shape());
    return rows(x -> x.conv2d(weight.unsqueeze(2), bias, options.images()));
  }

  /** As {@link #conv1d(Tensor, Tensor, Conv1dOptions)}: stride 1, no padding, one group. */
  default Tensor conv1d(Tensor weight, @Nullable Tensor bias) {
    return conv1d(weight, bias, Conv1dOptions.DEFAULT);
  }

  /** What {@code f} makes of these sequences as images one row high. */
  private Tensor rows(UnaryOperator<Tensor> f) {
    return f.apply(tensor().unsqueeze(2)).squeeze(2);
  }

  /** The largest element of each piece of length {@code kernel}, side by side. */
  default Tensor maxPool1d(int kernel) {
    return maxPool1d(Window1d.of(kernel).stride(kernel));
  }

  /**
   * The largest element of each window on sequences, as {@link #maxPool2d(Window)} of images one
   * row high.
   *
   * @throws ShapeException if the window is larger than the padded sequence, or the padding is more
   *     than half of it
   */
  default Tensor maxPool1d(Window1d window) {
    window.check("maxPool1d", tensor().shape());
    return rows(x -> x.maxPool2d(window.images()));
  }

  /** The mean of each piece of length {@code kernel}, side by side. */
  default Tensor avgPool1d(int kernel) {
    return avgPool1d(Window1d.of(kernel).stride(kernel), true);
  }

  /**
   * The mean of each window on sequences, as {@link #avgPool2d(Window, boolean)} of images one row
   * high.
   *
   * @param countIncludePad whether the zeros of the padding count as elements
   * @throws ShapeException if the window is larger than the padded sequence, is dilated, or the
   *     padding is more than half of it
   */
  default Tensor avgPool1d(Window1d window, boolean countIncludePad) {
    window.check("avgPool1d", tensor().shape());
    return rows(x -> x.avgPool2d(window.images(), countIncludePad));
  }

  /**
   * The means of as many regions as asked for, whatever the size of the images: region i of n goes
   * from row {@code ⌊i·H/n⌋} to before row {@code ⌈(i + 1)·H/n⌉}, and so for columns.
   *
   * @return N × C × height × width
   * @throws ShapeException if an image is empty
   */
  default Tensor adaptiveAvgPool2d(int height, int width) {
    Tensor x = tensor();
    if (x.rank() != 4 || height < 1 || width < 1 || x.size(2) == 0 || x.size(3) == 0) {
      throw new ShapeException(
          "adaptiveAvgPool2d: "
              + x.shape()
              + " to "
              + height
              + "×"
              + width
              + "; it should be N×C×H×W, and no size 0");
    }
    if (height == 1 && width == 1) {
      return x.mean(new int[] {2, 3}, true);
    }
    int h = x.size(2) / height;
    int w = x.size(3) / width;
    if (h * height == x.size(2) && w * width == x.size(3)) {
      return x.avgPool2d(Window.of(h, w).stride(h, w));
    }
    Tensor rows = regions(height, x.size(2)).to(x.dtype());
    Tensor columns = regions(width, x.size(3)).to(x.dtype());
    return rows.matmul(x).matmul(columns, false, true);
  }

  /** The matrix that takes the means of regions. */
  private static Tensor regions(int n, int size) {
    double[] shares = new double[Shape.of(n, size).size()];
    for (int i = 0; i < n; i++) {
      int from = (int) ((long) i * size / n);
      int to = (int) Math.ceilDiv((i + 1L) * size, n);
      Arrays.fill(shares, i * size + from, i * size + to, 1.0 / (to - from));
    }
    return Tensor.of(shares, n, size);
  }

  /** The largest element of each square of {@code kernel × kernel}, side by side. */
  default Tensor maxPool2d(int kernel) {
    return maxPool2d(Window.of(kernel).stride(kernel));
  }

  /**
   * The largest element of each window, per channel; the first of equals receives the gradient, NaN
   * wins, the padding never does.
   *
   * @throws ShapeException if the window is larger than the padded image, or the padding is more
   *     than half of it
   */
  default Tensor maxPool2d(Window window) {
    return Tensor.apply(new Spatial.MaxPool2d(window), tensor());
  }

  /** The mean of each square of {@code kernel × kernel}, side by side. */
  default Tensor avgPool2d(int kernel) {
    return avgPool2d(Window.of(kernel).stride(kernel));
  }

  /** The mean of each window, per channel, the zeros of the padding counted as elements. */
  default Tensor avgPool2d(Window window) {
    return avgPool2d(window, true);
  }

  /**
   * The mean of each window, per channel.
   *
   * @param countIncludePad whether the zeros of the padding count as elements
   * @throws ShapeException if the window is larger than the padded image, is dilated, or the
   *     padding is more than half of it
   */
  default Tensor avgPool2d(Window window, boolean countIncludePad) {
    return Tensor.apply(new Spatial.AvgPool2d(window, countIncludePad), tensor());
  }
}
