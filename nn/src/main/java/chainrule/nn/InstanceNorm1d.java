package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * Instance normalisation of sequences: {@code y = (x − μ)/√(σ² + eps)}, μ and the biased variance
 * σ² over L, for each channel of each sample, in training and in evaluation.
 *
 * <p>With {@code affine}, times a weight plus a bias per channel. With {@code trackRunningStats},
 * evaluation takes running means of μ and of the unbiased variance instead.
 *
 * <p>Shapes: x is N×C×L; {@code weight} (1 at first), {@code bias} (0 at first), {@code
 * running_mean} (0 at first) and {@code running_var} (1 at first) are C. Errors: {@link
 * ShapeException} for another shape, or if a channel of a sample has fewer than two values. Source:
 * Ulyanov, Vedaldi and Lempitsky, <i>Instance normalization</i>, 2016.
 */
public final class InstanceNorm1d extends InstanceNorm {
  /** For so many channels; eps 1e-5, without weight and bias. */
  public InstanceNorm1d(int channels) {
    this(channels, InstanceNormOptions.DEFAULT);
  }

  /**
   * For so many channels.
   *
   * @throws IllegalArgumentException if channels is below 1
   */
  public InstanceNorm1d(int channels, InstanceNormOptions options) {
    super(channels, options);
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() != 3 || x.size(1) != channels) {
      throw new ShapeException("%s: needs N×%d×L, got %s".formatted(label(), channels, x.shape()));
    }
    return normalise(x);
  }
}
