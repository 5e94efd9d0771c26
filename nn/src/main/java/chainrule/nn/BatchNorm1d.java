package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

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
public final class BatchNorm1d extends BatchNorm {
  /** For so many channels; eps 1e-5, momentum 0.1. */
  public BatchNorm1d(int channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  /**
   * For so many channels.
   *
   * @param momentum the weight of the new batch in the running statistics, in [0, 1]
   * @throws IllegalArgumentException if channels is below 1, eps not above 0 or momentum out of
   *     range
   */
  public BatchNorm1d(int channels, double eps, double momentum) {
    this(channels, BatchNormOptions.DEFAULT.eps(eps).momentum(momentum));
  }

  /**
   * For so many channels.
   *
   * @throws IllegalArgumentException if channels is below 1
   */
  public BatchNorm1d(int channels, BatchNormOptions options) {
    super(channels, options);
  }

  @Override
  protected Tensor compute(Tensor x) {
    int rank = x.rank();
    if (rank < 2 || rank > 3 || x.size(1) != channels) {
      throw new ShapeException(
          "%s: needs N×%d or N×%d×L, got %s".formatted(label(), channels, channels, x.shape()));
    }
    return normalise(x);
  }
}
