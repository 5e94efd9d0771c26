package chainrule.nn;

/**
 * What {@link BatchNorm1d} and {@link BatchNorm2d} can be told, with PyTorch's defaults.
 *
 * @param eps what is added to the variance under the root
 * @param momentum the weight of the new batch in the running statistics, in [0, 1]
 * @param affine whether there are a weight and a bias for each channel
 * @param trackRunningStats whether running statistics are kept for evaluation; without them the
 *     batch's own are used there too
 */
public record BatchNormOptions(
    double eps, double momentum, boolean affine, boolean trackRunningStats) {
  /** eps 1e-5, momentum 0.1, with weight and bias, with running statistics. */
  public static final BatchNormOptions DEFAULT = new BatchNormOptions(1e-5, 0.1, true, true);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if eps is not above 0 or momentum out of range
   */
  public BatchNormOptions {
    Checks.positive("batch norm", "eps", eps);
    Checks.fraction("batch norm", "momentum", momentum);
  }

  /** With this addition to the variance. */
  public BatchNormOptions eps(double value) {
    return new BatchNormOptions(value, momentum, affine, trackRunningStats);
  }

  /** With this weight of the new batch. */
  public BatchNormOptions momentum(double value) {
    return new BatchNormOptions(eps, value, affine, trackRunningStats);
  }

  /** With or without weight and bias. */
  public BatchNormOptions affine(boolean on) {
    return new BatchNormOptions(eps, momentum, on, trackRunningStats);
  }

  /** With or without running statistics. */
  public BatchNormOptions trackRunningStats(boolean on) {
    return new BatchNormOptions(eps, momentum, affine, on);
  }
}
