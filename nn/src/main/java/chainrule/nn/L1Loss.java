package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The absolute error, {@code |ŷ − y|} per element; its slope at 0 is 0.
 *
 * @param reduction what becomes of the losses
 */
public record L1Loss(Reduction reduction) implements Loss {
  /** With the defaults. */
  public L1Loss() {
    this(Reduction.MEAN);
  }

  /** The same with another reduction. */
  public L1Loss reduction(Reduction reduction) {
    return new L1Loss(reduction);
  }

  /**
   * The loss of predictions ŷ and targets y of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor prediction, Tensor target) {
    Checks.same("l1", prediction, target);
    return reduction.of(prediction.sub(target).abs());
  }
}
