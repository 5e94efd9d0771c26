package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * Batch normalisation of images: as {@link BatchNorm1d}, each channel over N, H and W.
 *
 * {@snippet :
 * new Sequential(new Conv2d(3, 16, 3), new BatchNorm2d(16), new ReLU());
 * }
 *
 * <p>Shapes: x is N×C×H×W; {@code weight} (1 at first), {@code bias} (0 at first), and the buffers
 * {@code running_mean} (0 at first) and {@code running_var} (1 at first) are C. Errors: {@link
 * ShapeException} for another shape, and in training for fewer than two values per channel. Source:
 * Ioffe and Szegedy, <i>Batch normalization</i>, 2015, section 3.2.
 */
public final class BatchNorm2d extends BatchNorm {
  /** For so many channels; eps 1e-5, momentum 0.1. */
  public BatchNorm2d(int channels) {
    this(channels, BatchNormOptions.DEFAULT);
  }

  /**
   * For so many channels.
   *
   * @throws IllegalArgumentException if channels is below 1
   */
  public BatchNorm2d(int channels, BatchNormOptions options) {
    super(channels, options);
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() != 4 || x.size(1) != channels) {
      throw new ShapeException(
          "%s: needs N×%d×H×W, got %s".formatted(label(), channels, x.shape()));
    }
    return normalise(x);
  }
}
