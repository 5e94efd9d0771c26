package chainrule.tensor;

/**
 * What a convolution of sequences can be told, with PyTorch's defaults.
 *
 * @param stride how far the kernel moves at a time
 * @param padding how many zeros are added at both ends of the sequence
 * @param dilation how far the kernel's elements lie apart; 1 is side by side
 * @param groups how many groups the channels are cut into; each group of output channels reads its
 *     own group of input channels
 */
public record Conv1dOptions(int stride, int padding, int dilation, int groups) {
  /** Stride 1, no padding, no dilation, one group. */
  public static final Conv1dOptions DEFAULT = new Conv1dOptions(1, 0, 1, 1);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if stride, dilation or groups is below 1 or padding negative
   */
  public Conv1dOptions {
    Window1d.check("stride", stride, 1);
    Window1d.check("padding", padding, 0);
    Window1d.check("dilation", dilation, 1);
    Window1d.check("groups", groups, 1);
  }

  /** With this stride. */
  public Conv1dOptions stride(int n) {
    return new Conv1dOptions(n, padding, dilation, groups);
  }

  /** With this padding at both ends. */
  public Conv1dOptions padding(int n) {
    return new Conv1dOptions(stride, n, dilation, groups);
  }

  /** With this dilation. */
  public Conv1dOptions dilation(int n) {
    return new Conv1dOptions(stride, padding, n, groups);
  }

  /** With so many groups. */
  public Conv1dOptions groups(int n) {
    return new Conv1dOptions(stride, padding, dilation, n);
  }

  /** The same for images one row high. */
  Conv2dOptions images() {
    return new Conv2dOptions(1, stride, 0, padding, 1, dilation, groups);
  }

  /** The window that a kernel of the given length is. */
  Window1d window(int kernel) {
    return new Window1d(kernel, stride, padding, dilation, false);
  }
}
