package chainrule.nn;

import chainrule.tensor.Buffer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the normalisations of channels have in common: weight, bias and running statistics. */
abstract sealed class ChannelNorm extends Module permits BatchNorm, InstanceNorm {
  final int channels;
  final double eps;
  final @Nullable Parameter weight;
  final @Nullable Parameter bias;
  final @Nullable Buffer runningMean;
  final @Nullable Buffer runningVar;
  private final double momentum;

  ChannelNorm(
      int channels, double eps, double momentum, boolean affine, boolean trackRunningStats) {
    Checks.positive(getClass().getSimpleName(), "channels", channels);
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? param("weight", Inits.constant(1), channels) : null;
    this.bias = affine ? param("bias", Inits.zeros(), channels) : null;
    this.runningMean =
        trackRunningStats ? buffer("running_mean", Tensor.zeros(dtype(), channels)) : null;
    this.runningVar =
        trackRunningStats ? buffer("running_var", Tensor.ones(dtype(), channels)) : null;
  }

  /** The weight, one number for each channel, or null if there is none. */
  public final @Nullable Parameter weight() {
    return weight;
  }

  /** The bias, one number for each channel, or null if there is none. */
  public final @Nullable Parameter bias() {
    return bias;
  }

  /** Whether x is normalised by its own moments, not by the running ones. */
  final boolean ownMoments() {
    return training() || runningMean == null;
  }

  /**
   * Moves the running statistics, if there are any.
   *
   * @param moments 2×C, the variance in its biased form
   * @param n of so many values
   */
  final void follow(Tensor moments, int n) {
    if (runningMean != null && runningVar != null) {
      double share = BatchNormStatistics.momentum(momentum);
      Tensor unbiased = moments.pick(0, 1).mul(n / (n - 1.0));
      runningMean.update(runningMean.value().lerp(moments.pick(0, 0), share));
      runningVar.update(runningVar.value().lerp(unbiased, share));
    }
  }

  @Override
  public final Map<String, Object> config() {
    return Checks.config(
        "channels",
        channels,
        "eps",
        eps,
        "momentum",
        momentum,
        "affine",
        weight != null,
        "trackRunningStats",
        runningMean != null);
  }
}
