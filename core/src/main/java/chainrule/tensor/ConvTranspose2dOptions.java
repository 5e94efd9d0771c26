package chainrule.tensor;

/**
 * What a transposed convolution can be told, with PyTorch's defaults.
 *
 * <pre>{@code
 * x.convTranspose2d(weight, bias, ConvTranspose2dOptions.DEFAULT.stride(2).padding(1));
 * }</pre>
 *
 * <p>Stride, padding and dilation are those of the convolution whose adjoint this is: the stride
 * spreads the input, the padding is cut off the result. A height of H becomes {@code (H − 1)·stride
 * − 2·padding + dilation·(kernel − 1) + outputPadding + 1}.
 *
 * @param strideH how many rows of the result lie between rows of the input
 * @param strideW how many columns of the result lie between columns of the input
 * @param paddingH rows cut off above and below
 * @param paddingW columns cut off left and right
 * @param outputPaddingH rows more at the end, of the several heights that a convolution with this
 *     stride would map to the input's
 * @param outputPaddingW columns more at the end
 * @param dilationH how far the kernel's rows lie apart; 1 is side by side
 * @param dilationW how far the kernel's columns lie apart
 * @param groups how many groups the channels are cut into; each group of output channels reads its
 *     own group of input channels
 */
public record ConvTranspose2dOptions(
    int strideH,
    int strideW,
    int paddingH,
    int paddingW,
    int outputPaddingH,
    int outputPaddingW,
    int dilationH,
    int dilationW,
    int groups) {
  /** Stride 1, no padding, no output padding, no dilation, one group. */
  public static final ConvTranspose2dOptions DEFAULT =
      new ConvTranspose2dOptions(1, 1, 0, 0, 0, 0, 1, 1, 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if stride, dilation or groups is below 1, a padding negative,
   *     or the output padding below neither stride nor dilation
   */
  public ConvTranspose2dOptions {
    Window.check("stride", strideH, strideW, 1);
    Window.check("padding", paddingH, paddingW, 0);
    Window.check("outputPadding", outputPaddingH, outputPaddingW, 0);
    Window.check("dilation", dilationH, dilationW, 1);
    if (groups < 1) {
      throw new IllegalArgumentException("groups must be at least 1, not " + groups);
    }
    if (outputPaddingH >= Math.max(strideH, dilationH)
        || outputPaddingW >= Math.max(strideW, dilationW)) {
      throw new IllegalArgumentException(
          "outputPadding "
              + Window.pair(outputPaddingH, outputPaddingW)
              + " must be below stride "
              + Window.pair(strideH, strideW)
              + " or dilation "
              + Window.pair(dilationH, dilationW));
    }
  }

  /** With this stride in both directions. */
  public ConvTranspose2dOptions stride(int stride) {
    return stride(stride, stride);
  }

  /** With these strides. */
  public ConvTranspose2dOptions stride(int h, int w) {
    return new ConvTranspose2dOptions(
        h, w, paddingH, paddingW, outputPaddingH, outputPaddingW, dilationH, dilationW, groups);
  }

  /** With this padding on all four sides. */
  public ConvTranspose2dOptions padding(int padding) {
    return padding(padding, padding);
  }

  /** With {@code h} rows cut off above and below, {@code w} columns left and right. */
  public ConvTranspose2dOptions padding(int h, int w) {
    return new ConvTranspose2dOptions(
        strideH, strideW, h, w, outputPaddingH, outputPaddingW, dilationH, dilationW, groups);
  }

  /** With so many rows and columns more at the end; set the stride before. */
  public ConvTranspose2dOptions outputPadding(int padding) {
    return outputPadding(padding, padding);
  }

  /** With {@code h} rows and {@code w} columns more at the end; set the stride before. */
  public ConvTranspose2dOptions outputPadding(int h, int w) {
    return new ConvTranspose2dOptions(
        strideH, strideW, paddingH, paddingW, h, w, dilationH, dilationW, groups);
  }

  /** With this dilation in both directions. */
  public ConvTranspose2dOptions dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /** With these dilations. */
  public ConvTranspose2dOptions dilation(int h, int w) {
    return new ConvTranspose2dOptions(
        strideH, strideW, paddingH, paddingW, outputPaddingH, outputPaddingW, h, w, groups);
  }

  /** With so many groups. */
  public ConvTranspose2dOptions groups(int n) {
    return new ConvTranspose2dOptions(
        strideH,
        strideW,
        paddingH,
        paddingW,
        outputPaddingH,
        outputPaddingW,
        dilationH,
        dilationW,
        n);
  }

  /** The convolution whose adjoint this is. */
  Conv2dOptions convolution() {
    return new Conv2dOptions(strideH, strideW, paddingH, paddingW, dilationH, dilationW, groups);
  }

  /**
   * The shape of the result.
   *
   * @param x N × in × H × W
   * @param w in × out/groups × kh × kw
   * @throws ShapeException if nothing is left of it
   */
  Shape images(Shape x, Shape w) {
    long h = size(x.dim(2), strideH, paddingH, outputPaddingH, (long) dilationH * (w.dim(2) - 1));
    long v = size(x.dim(3), strideW, paddingW, outputPaddingW, (long) dilationW * (w.dim(3) - 1));
    boolean large = Math.max(h + 2L * paddingH, v + 2L * paddingW) > Integer.MAX_VALUE;
    if (Math.min(h, v) < 1 || large) {
      throw new ShapeException(
          "convTranspose2d: "
              + x
              + " would become images of "
              + h
              + "×"
              + v
              + " by a kernel of "
              + w.dim(2)
              + "×"
              + w.dim(3)
              + this
              + "; take "
              + (large ? "a smaller stride" : "less padding"));
    }
    return Shape.of(x.dim(0), w.dim(1) * groups, (int) h, (int) v);
  }

  private static long size(int n, int stride, int padding, int outputPadding, long reach) {
    return (n - 1L) * stride - 2L * padding + reach + outputPadding + 1;
  }

  /** For people: the options that are not at their defaults, each after a space. */
  @Override
  public String toString() {
    return convolution()
        + (outputPaddingH == 0 && outputPaddingW == 0
            ? ""
            : " outputPadding " + Window.pair(outputPaddingH, outputPaddingW));
  }
}
