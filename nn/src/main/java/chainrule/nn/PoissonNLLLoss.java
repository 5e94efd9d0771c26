package chainrule.nn;

import chainrule.tensor.Tensor;

/**
 * The negative log-likelihood of counts y under Poisson's distribution with mean {@code eˣ}, {@code
 * eˣ − y x} per element, or with mean x, {@code x − y ln(x + eps)}.
 *
 * <p>The term {@code ln y!} is left out, or with full approximated by Stirling's {@code y ln y − y
 * + ½ ln(2π y)} where y is above 1.
 *
 * @param logInput whether predictions are logarithms of means
 * @param full whether Stirling's term is added
 * @param eps what keeps the logarithm finite, above 0
 * @param reduction what becomes of the losses
 */
public record PoissonNLLLoss(boolean logInput, boolean full, double eps, Reduction reduction)
    implements Loss {
  /** With the defaults. */
  public PoissonNLLLoss() {
    this(true, false, 1e-8, Reduction.MEAN);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public PoissonNLLLoss {
    Checks.positive("PoissonNLLLoss", "eps", eps);
  }

  /** The same with predictions that are logarithms of means, or not. */
  public PoissonNLLLoss logInput(boolean logInput) {
    return new PoissonNLLLoss(logInput, full, eps, reduction);
  }

  /** The same with Stirling's term, or without. */
  public PoissonNLLLoss full(boolean full) {
    return new PoissonNLLLoss(logInput, full, eps, reduction);
  }

  /** The same with another eps. */
  public PoissonNLLLoss eps(double eps) {
    return new PoissonNLLLoss(logInput, full, eps, reduction);
  }

  /** The same with another reduction. */
  public PoissonNLLLoss reduction(Reduction reduction) {
    return new PoissonNLLLoss(logInput, full, eps, reduction);
  }

  /**
   * The loss of predictions x and counts y of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor prediction, Tensor target) {
    Checks.same("poissonNll", prediction, target);
    Tensor loss =
        logInput
            ? prediction.exp().sub(target.mul(prediction))
            : prediction.sub(target.mul(prediction.add(eps).log()));
    if (full) {
      Tensor many = target.gt(1);
      Tensor y = many.select(target, target.constant(1));
      Tensor term = y.mul(y.log()).sub(y).add(y.mul(2 * Math.PI).log().mul(0.5));
      loss = loss.add(many.select(term, term.constant(0)));
    }
    return reduction.of(loss);
  }
}
