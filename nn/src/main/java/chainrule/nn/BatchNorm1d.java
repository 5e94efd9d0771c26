package chainrule.nn;

import chainrule.tensor.Buffer;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * Batch normalisation: {@code y = (x − μ)/√(σ² + eps) · weight + bias} per channel.
 *
 * <p>In training μ and the biased variance σ² are those of the batch, over N or over N and L, and
 * the running statistics follow them, {@code running ← (1 − momentum) · running + momentum ·
 * batch}, the variance in its unbiased form. In evaluation μ and σ² are the running statistics.
 *
 * <p>Shapes: x is N×C or N×C×L; {@code weight} (1 at first), {@code bias} (0 at first), and the
 * buffers {@code running_mean} (0 at first) and {@code running_var} (1 at first) are C. Errors:
 * {@link ShapeException} for another shape, and in training for fewer than two values per channel.
 * Source: Ioffe and Szegedy, <i>Batch normalization</i>, 2015, algorithms 1 and 2.
 */
public final class BatchNorm1d extends Module {
  private final int channels;
  private final double eps;
  private final double momentum;
  private final Parameter weight;
  private final Parameter bias;
  private final Buffer runningMean;
  private final Buffer runningVar;

  /** For so many channels; eps 1e-5, momentum 0.1. */
  public BatchNorm1d(int channels) {
    this(channels, 1e-5, 0.1);
  }

  /**
   * For so many channels.
   *
   * @param momentum the weight of the new batch in the running statistics, in [0, 1]
   * @throws IllegalArgumentException if channels is below 1, eps not above 0 or momentum out of
   *     range
   */
  public BatchNorm1d(int channels, double eps, double momentum) {
    Checks.positive("BatchNorm1d", "channels", channels);
    Checks.positive("BatchNorm1d", "eps", eps);
    Checks.fraction("BatchNorm1d", "momentum", momentum);
    this.channels = channels;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = param("weight", Inits.constant(1), channels);
    this.bias = param("bias", Inits.zeros(), channels);
    this.runningMean = buffer("running_mean", Tensor.zeros(dtype(), channels));
    this.runningVar = buffer("running_var", Tensor.ones(dtype(), channels));
  }

  @Override
  protected Tensor compute(Tensor x) {
    int rank = x.rank();
    if (rank < 2 || rank > 3 || x.size(1) != channels) {
      throw new ShapeException(
          "%s: needs N×%d or N×%d×L, got %s".formatted(label(), channels, channels, x.shape()));
    }
    if (!training()) {
      return x.batchNorm(runningMean.value(), runningVar.value(), weight, bias, eps);
    }
    if (x.size() / channels < 2) {
      throw new ShapeException(
          "%s: training needs more than one value per channel, got %s; use a larger batch or eval()"
              .formatted(label(), x.shape()));
    }
    Tensor moments = x.channelMoments();
    follow(moments.detach(), x.size() / channels);
    return x.batchNorm(moments, weight, bias, eps);
  }

  private void follow(Tensor moments, int n) {
    Tensor mean = moments.pick(0, 0);
    Tensor unbiased = moments.pick(0, 1).mul(n / (n - 1.0));
    runningMean.update(runningMean.value().lerp(mean, momentum));
    runningVar.update(runningVar.value().lerp(unbiased, momentum));
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("channels", channels, "eps", eps, "momentum", momentum);
  }
}
