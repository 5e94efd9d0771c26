package chainrule.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Windows on images N×C×H×W: convolution, pooling, unfolding. The words and layouts are PyTorch's.
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
