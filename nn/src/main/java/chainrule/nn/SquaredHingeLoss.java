package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The squared hinge loss, {@code max(0, 1 − y s)²} per element.
 *
 * @param reduction what becomes of the losses
 */
public record SquaredHingeLoss(Reduction reduction) implements Loss {
  /** With the defaults. */
  public SquaredHingeLoss() {
    this(Reduction.MEAN);
  }

  /** The same with another reduction. */
  public SquaredHingeLoss reduction(Reduction reduction) {
    return new SquaredHingeLoss(reduction);
  }

  /**
   * The loss of scores s and targets y, −1 or 1, of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor scores, Tensor target) {
    Checks.same("squaredHinge", scores, target);
    return reduction.of(target.mul(scores).oneMinus().relu().square());
  }
}
