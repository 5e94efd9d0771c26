package chainrule.internal.kernel;

/**
 * How windows lie on a plane of {@code height × width}: window (i, j) begins at row {@code
 * i·strideH − paddingH}, its k-th row lies {@code k·dilationH} further; the same for columns.
 *
 * <p>Beside the planes there are the rows and columns of the padding, which hold zeros.
 */
public record Geometry(
    int height,
    int width,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int paddingH,
    int paddingW,
    int dilationH,
    int dilationW) {
  /** How many windows stand one above the other. */
  public int outH() {
    return (height + 2 * paddingH - dilationH * (kernelH - 1) - 1) / strideH + 1;
  }

  /** How many windows stand side by side. */
  public int outW() {
    return (width + 2 * paddingW - dilationW * (kernelW - 1) - 1) / strideW + 1;
  }

  /** How many windows a plane has. */
  public int positions() {
    return outH() * outW();
  }

  /** How many elements a window has. */
  public int window() {
    return kernelH * kernelW;
  }

  /** How many elements a plane has. */
  public int plane() {
    return height * width;
  }

  /** Whether there is no padding. */
  public boolean unpadded() {
    return paddingH == 0 && paddingW == 0;
  }

  /** The first window of a row whose column {@code kw} does not lie left of the plane. */
  int firstColumn(int kw) {
    return Math.clamp(Math.ceilDiv(paddingW - kw * dilationW, strideW), 0, outW());
  }

  /** The first window of a row, after those before, whose column {@code kw} lies to the right. */
  int endColumn(int kw) {
    return Math.clamp(
        Math.ceilDiv(width + paddingW - kw * dilationW, strideW), firstColumn(kw), outW());
  }
}
