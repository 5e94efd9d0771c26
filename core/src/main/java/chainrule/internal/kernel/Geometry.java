package chainrule.internal.kernel;

/**
 * How windows lie on a plane of {@code height × width}: window (i, j) begins at row {@code
 * i·strideH − paddingH}, its k-th row lies {@code k·dilationH} further; the same for columns.
 *
 * <p>Beside the planes there are the rows and columns of the padding, which hold zeros.
 *
 * @param ceil whether one more window stands at the end where rows or columns would be left over,
 *     hanging over the padding, unless it would begin in the padding itself; for pooling alone
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
    int dilationW,
    boolean ceil) {
  /** Windows that fit whole. */
  public Geometry(
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
    this(
        height, width, kernelH, kernelW, strideH, strideW, paddingH, paddingW, dilationH, dilationW,
        false);
  }

  /** How many windows stand one above the other. */
  public int outH() {
    return count(height, kernelH, strideH, paddingH, dilationH);
  }

  /** How many windows stand side by side. */
  public int outW() {
    return count(width, kernelW, strideW, paddingW, dilationW);
  }

  private int count(int size, int kernel, int stride, int padding, int dilation) {
    int room = size + 2 * padding - dilation * (kernel - 1) - 1;
    int whole = Math.floorDiv(room, stride) + 1;
    boolean more =
        ceil && Math.floorMod(room, stride) > 0 && (long) whole * stride < (long) size + padding;
    return more ? whole + 1 : whole;
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
