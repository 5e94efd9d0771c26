package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The hinge loss of maximal margins, {@code max(0, 1 − y s)} per element.
 *
 * @param reduction what becomes of the losses
 */
public record HingeLoss(Reduction reduction) implements Loss {
  /** With the defaults. */
  public HingeLoss() {
    this(Reduction.MEAN);
  }

  /** The same with another reduction. */
  public HingeLoss reduction(Reduction reduction) {
    return new HingeLoss(reduction);
  }

  /**
   * The loss of scores s and targets y, −1 or 1, of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor scores, Tensor target) {
    Checks.same("hinge", scores, target);
    return reduction.of(target.mul(scores).oneMinus().relu());
  }
}
