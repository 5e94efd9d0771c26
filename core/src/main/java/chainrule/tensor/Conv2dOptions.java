package chainrule.tensor;

/**
 * What a convolution can be told, with PyTorch's defaults.
 *
 * <pre>{@code
 * x.conv2d(weight, bias, Conv2dOptions.DEFAULT.stride(2).padding(1));
 * }</pre>
 *
 * @param strideH how many rows the kernel moves at a time
 * @param strideW how many columns the kernel moves at a time
 * @param paddingH rows of zeros added above and below the image
 * @param paddingW columns of zeros added left and right of the image
 * @param dilationH how far the kernel's rows lie apart; 1 is side by side
 * @param dilationW how far the kernel's columns lie apart
 * @param groups how many groups the channels are cut into; each group of output channels reads its
 *     own group of input channels
 */
public record Conv2dOptions(
    int strideH,
    int strideW,
    int paddingH,
    int paddingW,
    int dilationH,
    int dilationW,
    int groups) {
  /** Stride 1, no padding, no dilation, one group. */
  public static final Conv2dOptions DEFAULT = new Conv2dOptions(1, 1, 0, 0, 1, 1, 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if stride, dilation or groups is below 1 or padding negative
   */
  public Conv2dOptions {
    Window.check("stride", strideH, strideW, 1);
    Window.check("padding", paddingH, paddingW, 0);
    Window.check("dilation", dilationH, dilationW, 1);
    if (groups < 1) {
      throw new IllegalArgumentException("groups must be at least 1, not " + groups);
    }
  }

  /** With this stride in both directions. */
  public Conv2dOptions stride(int stride) {
    return stride(stride, stride);
  }

  /** With these strides. */
  public Conv2dOptions stride(int h, int w) {
    return new Conv2dOptions(h, w, paddingH, paddingW, dilationH, dilationW, groups);
  }

  /** With this padding on all four sides. */
  public Conv2dOptions padding(int padding) {
    return padding(padding, padding);
  }

  /** With {@code h} rows above and below, {@code w} columns left and right. */
  public Conv2dOptions padding(int h, int w) {
    return new Conv2dOptions(strideH, strideW, h, w, dilationH, dilationW, groups);
  }

  /** With this dilation in both directions. */
  public Conv2dOptions dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /** With these dilations. */
  public Conv2dOptions dilation(int h, int w) {
    return new Conv2dOptions(strideH, strideW, paddingH, paddingW, h, w, groups);
  }

  /** With so many groups. */
  public Conv2dOptions groups(int n) {
    return new Conv2dOptions(strideH, strideW, paddingH, paddingW, dilationH, dilationW, n);
  }

  /** The window that a kernel of the given size is. */
  Window window(int kernelH, int kernelW) {
    return new Window(
        kernelH, kernelW, strideH, strideW, paddingH, paddingW, dilationH, dilationW, false);
  }

  /** For people: the options that are not at their defaults, each after a space. */
  @Override
  public String toString() {
    return Window.options(strideH, strideW, paddingH, paddingW, dilationH, dilationW)
        + (groups == 1 ? "" : " groups " + groups);
  }
}
