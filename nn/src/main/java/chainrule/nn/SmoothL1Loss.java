package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The absolute error with a rounded tip: of {@code d = ŷ − y}, {@code ½ d²/beta} where {@code |d| <
 * beta}, else {@code |d| − ½ beta}, per element. It is {@link HuberLoss} divided by its delta.
 *
 * <p>Source: Girshick, <i>Fast R-CNN</i>, 2015, equation 3.
 *
 * @param reduction what becomes of the losses
 * @param beta where the tip begins, at least 0; 0 is the absolute error
 */
public record SmoothL1Loss(Reduction reduction, double beta) implements Loss {
  /** With the defaults. */
  public SmoothL1Loss() {
    this(Reduction.MEAN, 1);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public SmoothL1Loss {
    Checks.notNegative("SmoothL1Loss", "beta", beta);
  }

  /** The same with another reduction. */
  public SmoothL1Loss reduction(Reduction reduction) {
    return new SmoothL1Loss(reduction, beta);
  }

  /** The same with another beta. */
  public SmoothL1Loss beta(double beta) {
    return new SmoothL1Loss(reduction, beta);
  }

  /**
   * The loss of predictions ŷ and targets y of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor prediction, Tensor target) {
    Checks.same("smoothL1", prediction, target);
    Tensor d = prediction.sub(target);
    Tensor size = d.abs();
    if (beta == 0) {
      return reduction.of(size);
    }
    Tensor tip = d.square().mul(0.5).div(beta);
    return reduction.of(size.lt(beta).select(tip, size.sub(beta / 2)));
  }
}
