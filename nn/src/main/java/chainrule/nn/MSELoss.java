package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The squared error, {@code (ŷ − y)²} per element.
 *
 * {@snippet :
 * Tensor loss = new MSELoss().reduction(Reduction.SUM).of(prediction, target);
 * }
 *
 * @param reduction what becomes of the losses
 */
public record MSELoss(Reduction reduction) implements Loss {
  /** With the defaults. */
  public MSELoss() {
    this(Reduction.MEAN);
  }

  /** The same with another reduction. */
  public MSELoss reduction(Reduction reduction) {
    return new MSELoss(reduction);
  }

  /**
   * The loss of predictions ŷ and targets y of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor prediction, Tensor target) {
    Checks.same("mse", prediction, target);
    return reduction.of(prediction.sub(target).square());
  }
}
