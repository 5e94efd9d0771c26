package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * Huber's loss of {@code d = ŷ − y}: {@code ½ d²} where {@code |d| < delta}, else {@code delta ·
 * (|d| − ½ delta)}, per element.
 *
 * <p>Source: Huber, <i>Robust estimation of a location parameter</i>, 1964.
 *
 * @param reduction what becomes of the losses
 * @param delta where the square ends and the line begins, above 0
 */
public record HuberLoss(Reduction reduction, double delta) implements Loss {
  /** With the defaults. */
  public HuberLoss() {
    this(Reduction.MEAN, 1);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public HuberLoss {
    Checks.positive("HuberLoss", "delta", delta);
  }

  /** The same with another reduction. */
  public HuberLoss reduction(Reduction reduction) {
    return new HuberLoss(reduction, delta);
  }

  /** The same with another delta. */
  public HuberLoss delta(double delta) {
    return new HuberLoss(reduction, delta);
  }

  /**
   * The loss of predictions ŷ and targets y of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor prediction, Tensor target) {
    Checks.same("huber", prediction, target);
    Tensor d = prediction.sub(target);
    Tensor size = d.abs();
    Tensor line = size.sub(delta / 2).mul(delta);
    return reduction.of(size.lt(delta).select(d.square().mul(0.5), line));
  }
}
