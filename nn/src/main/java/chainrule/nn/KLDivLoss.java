package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The Kullback–Leibler divergence of a prediction from a target, {@code y · (ln y − x)} per
 * element, x being logarithms of probabilities; 0 where y is 0.
 *
 * <p>The divergence of distributions is {@link Reduction#BATCH_MEAN}; the mean over all elements,
 * the default, is PyTorch's too. With a target in logarithms it is {@code eʸ · (y − x)}.
 *
 * @param reduction what becomes of the losses
 * @param logTarget whether targets are logarithms
 */
public record KLDivLoss(Reduction reduction, boolean logTarget) implements Loss {
  /** With the defaults. */
  public KLDivLoss() {
    this(Reduction.MEAN, false);
  }

  /** The same with another reduction. */
  public KLDivLoss reduction(Reduction reduction) {
    return new KLDivLoss(reduction, logTarget);
  }

  /** The same with targets that are logarithms, or not. */
  public KLDivLoss logTarget(boolean logTarget) {
    return new KLDivLoss(reduction, logTarget);
  }

  /**
   * The loss of logarithms x and targets y of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor logProbabilities, Tensor target) {
    Checks.same("klDiv", logProbabilities, target);
    if (logTarget) {
      return reduction.of(target.exp().mul(target.sub(logProbabilities)));
    }
    Tensor none = target.eq(0);
    Tensor log = none.select(target.constant(1), target).log();
    return reduction.of(target.mul(log).sub(target.mul(logProbabilities)));
  }
}
