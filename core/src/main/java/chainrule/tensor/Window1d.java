package chainrule.tensor;

/**
 * A window that slides along sequences, as {@link Window} does over images.
 *
 * <pre>{@code
 * Window1d.of(3).padding(1).stride(2);
 * }</pre>
 *
 * @param kernel its length
 * @param stride how far it moves at a time
 * @param padding how many elements are added at both ends of the sequence
 * @param dilation how far the window's elements lie apart; 1 is side by side
 * @param ceilMode whether, where elements are left over, one more window hangs over the end
 */
public record Window1d(int kernel, int stride, int padding, int dilation, boolean ceilMode) {
  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if kernel, stride or dilation is below 1 or padding negative
   */
  public Window1d {
    check("kernel", kernel, 1);
    check("stride", stride, 1);
    check("padding", padding, 0);
    check("dilation", dilation, 1);
  }

  static void check(String name, int size, int least) {
    if (size < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", not " + size);
    }
  }

  /** A window that moves by 1, without padding. */
  public static Window1d of(int kernel) {
    return new Window1d(kernel, 1, 0, 1, false);
  }

  /** With this stride. */
  public Window1d stride(int n) {
    return new Window1d(kernel, n, padding, dilation, ceilMode);
  }

  /** With this padding at both ends. */
  public Window1d padding(int n) {
    return new Window1d(kernel, stride, n, dilation, ceilMode);
  }

  /** With this dilation. */
  public Window1d dilation(int n) {
    return new Window1d(kernel, stride, padding, n, ceilMode);
  }

  /** With or without a last window that hangs over the end. */
  public Window1d ceilMode(boolean on) {
    return new Window1d(kernel, stride, padding, dilation, on);
  }

  /** The same on images one row high. */
  Window images() {
    return new Window(1, kernel, 1, stride, 0, padding, 1, dilation, ceilMode);
  }

  /** Whether it fits sequences of the given shape. */
  void check(String op, Shape x) {
    if (x.rank() != 3) {
      throw new ShapeException(
          op + ": " + x + " should be N×C×L; unsqueeze(0) makes a batch of one sequence");
    }
    long span = dilation * (kernel - 1L) + 1;
    if (span > x.dim(2) + 2L * padding + (ceilMode ? stride - 1 : 0)) {
      throw new ShapeException(
          op
              + ": kernel "
              + kernel
              + (dilation == 1 ? "" : ", dilated to " + span + ",")
              + " does not fit the length "
              + x.dim(2)
              + " of "
              + x
              + " with padding "
              + padding
              + "; take a smaller kernel or more padding");
    }
  }

  /** For people: {@code 3 stride 2 padding 1}. */
  @Override
  public String toString() {
    return kernel
        + (stride == 1 ? "" : " stride " + stride)
        + (padding == 0 ? "" : " padding " + padding)
        + (dilation == 1 ? "" : " dilation " + dilation)
        + (ceilMode ? " ceil" : "");
  }
}
