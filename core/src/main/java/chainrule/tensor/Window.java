package chainrule.tensor;

import chainrule.internal.kernel.Geometry;

/**
 * A window that slides over the last two dimensions of images, height H and width W.
 *
 * <pre>{@code
 * Window.of(3).padding(1).stride(2);   // 3×3, padding 1, stride 2
 * }</pre>
 *
 * <p>It fits {@code ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1} times; with {@code
 * ceilMode} the quotient is rounded up, unless the last window would begin beyond the image.
 *
 * @param kernelH rows of the window
 * @param kernelW columns of the window
 * @param strideH how many rows it moves at a time
 * @param strideW how many columns it moves at a time
 * @param paddingH rows added above and below the image
 * @param paddingW columns added left and right of the image
 * @param dilationH how far the window's rows lie apart; 1 is side by side
 * @param dilationW how far the window's columns lie apart
 * @param ceilMode whether, where rows or columns are left over, one more window hangs over the end
 */
public record Window(
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int paddingH,
    int paddingW,
    int dilationH,
    int dilationW,
    boolean ceilMode) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if kernel, stride or dilation is below 1 or padding negative
   */
  public Window {
    check("kernel", kernelH, kernelW, 1);
    check("stride", strideH, strideW, 1);
    check("padding", paddingH, paddingW, 0);
    check("dilation", dilationH, dilationW, 1);
  }

  static void check(String name, int h, int w, int least) {
    if (h < least || w < least) {
      throw new IllegalArgumentException(
          name + " must be at least " + least + ", not " + h + "×" + w);
    }
  }

  /** A square window that moves by 1, without padding. */
  public static Window of(int kernel) {
    return of(kernel, kernel);
  }

  /** A window that moves by 1, without padding. */
  public static Window of(int kernelH, int kernelW) {
    return new Window(kernelH, kernelW, 1, 1, 0, 0, 1, 1, false);
  }

  /** With this stride in both directions. */
  public Window stride(int stride) {
    return stride(stride, stride);
  }

  /** With these strides. */
  public Window stride(int h, int w) {
    return new Window(kernelH, kernelW, h, w, paddingH, paddingW, dilationH, dilationW, ceilMode);
  }

  /** With this padding on all four sides. */
  public Window padding(int padding) {
    return padding(padding, padding);
  }

  /** With {@code h} rows above and below, {@code w} columns left and right. */
  public Window padding(int h, int w) {
    return new Window(kernelH, kernelW, strideH, strideW, h, w, dilationH, dilationW, ceilMode);
  }

  /** With this dilation in both directions. */
  public Window dilation(int dilation) {
    return dilation(dilation, dilation);
  }

  /** With these dilations. */
  public Window dilation(int h, int w) {
    return new Window(kernelH, kernelW, strideH, strideW, paddingH, paddingW, h, w, ceilMode);
  }

  /** With or without a last window that hangs over the end. */
  public Window ceilMode(boolean on) {
    return new Window(
        kernelH, kernelW, strideH, strideW, paddingH, paddingW, dilationH, dilationW, on);
  }

  /** How many elements it has. */
  int size() {
    return kernelH * kernelW;
  }

  /** How many rows there are from the end of the images to that of the windows on them. */
  int endH(Geometry g) {
    return end(g.outH(), strideH, kernelH, dilationH, paddingH, g.height());
  }

  /** How many columns there are from the end of the images to that of the windows on them. */
  int endW(Geometry g) {
    return end(g.outW(), strideW, kernelW, dilationW, paddingW, g.width());
  }

  private static int end(int n, int stride, int kernel, int dilation, int padding, int size) {
    return Math.max(padding, (n - 1) * stride + dilation * (kernel - 1) + 1 - padding - size);
  }

  /** How it lies on planes of the given size. */
  Geometry on(int height, int width) {
    Geometry whole = on(height, width, false);
    Geometry more = ceilMode ? on(height, width, true) : whole;
    return more.outH() == whole.outH() && more.outW() == whole.outW() ? whole : more;
  }

  private Geometry on(int height, int width, boolean ceil) {
    return new Geometry(
        height, width, kernelH, kernelW, strideH, strideW, paddingH, paddingW, dilationH, dilationW,
        ceil);
  }

  /**
   * How it lies on images, the last two dimensions of the given shape.
   *
   * @throws ShapeException if it is larger than the padded image
   */
  Geometry on(String op, Shape images) {
    int h = images.dim(-2);
    int w = images.dim(-1);
    long spanH = (long) dilationH * (kernelH - 1) + 1;
    long spanW = (long) dilationW * (kernelW - 1) + 1;
    int hangH = ceilMode ? strideH - 1 : 0;
    int hangW = ceilMode ? strideW - 1 : 0;
    if (spanH > h + 2L * paddingH + hangH || spanW > w + 2L * paddingW + hangW) {
      String dilated =
          dilationH == 1 && dilationW == 1 ? "" : ", dilated to " + spanH + "×" + spanW + ",";
      throw new ShapeException(
          op
              + ": kernel "
              + kernelH
              + "×"
              + kernelW
              + dilated
              + " does not fit "
              + h
              + "×"
              + w
              + " with padding "
              + pair(paddingH, paddingW)
              + "; take a smaller kernel or more padding");
    }
    if (h + 2L * paddingH > Integer.MAX_VALUE || w + 2L * paddingW > Integer.MAX_VALUE) {
      throw new ShapeException(
          op
              + ": "
              + h
              + "×"
              + w
              + " with padding "
              + pair(paddingH, paddingW)
              + " is too large; take less padding");
    }
    return on(h, w);
  }

  static String pair(int h, int w) {
    return h == w ? "" + h : h + "×" + w;
  }

  /** The options that are not at their defaults, each after a space. */
  static String options(
      int strideH, int strideW, int paddingH, int paddingW, int dilationH, int dilationW) {
    return (strideH == 1 && strideW == 1 ? "" : " stride " + pair(strideH, strideW))
        + (paddingH == 0 && paddingW == 0 ? "" : " padding " + pair(paddingH, paddingW))
        + (dilationH == 1 && dilationW == 1 ? "" : " dilation " + pair(dilationH, dilationW));
  }

  /** For people: {@code 3×3 stride 2 padding 1}. */
  @Override
  public String toString() {
    return kernelH
        + "×"
        + kernelW
        + options(strideH, strideW, paddingH, paddingW, dilationH, dilationW)
        + (ceilMode ? " ceil" : "");
  }
}
