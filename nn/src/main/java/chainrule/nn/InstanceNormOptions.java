package chainrule.nn;

/**
 * What {@link InstanceNorm1d} and {@link InstanceNorm2d} can be told, with PyTorch's defaults.
 *
 * @param eps what is added to the variance under the root
 * @param momentum the weight of the new batch in the running statistics, in [0, 1]
 * @param affine whether there are a weight and a bias for each channel
 * @param trackRunningStats whether running statistics are kept, and used in evaluation in place of
 *     each sample's own
 */
public record InstanceNormOptions(
    double eps, double momentum, boolean affine, boolean trackRunningStats) {
  /** eps 1e-5, momentum 0.1, without weight and bias, without running statistics. */
  public static final InstanceNormOptions DEFAULT =
      new InstanceNormOptions(1e-5, 0.1, false, false);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if eps is not above 0 or momentum out of range
   */
  public InstanceNormOptions {
    Checks.positive("instance norm", "eps", eps);
    Checks.fraction("instance norm", "momentum", momentum);
  }

  /** With this addition to the variance. */
  public InstanceNormOptions eps(double value) {
    return new InstanceNormOptions(value, momentum, affine, trackRunningStats);
  }

  /** With this weight of the new batch. */
  public InstanceNormOptions momentum(double value) {
    return new InstanceNormOptions(eps, value, affine, trackRunningStats);
  }

  /** With or without weight and bias. */
  public InstanceNormOptions affine(boolean on) {
    return new InstanceNormOptions(eps, momentum, on, trackRunningStats);
  }

  /** With or without running statistics. */
  public InstanceNormOptions trackRunningStats(boolean on) {
    return new InstanceNormOptions(eps, momentum, affine, on);
  }
}
