package chainrule.nn;

import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;

/**
 * The negative log-likelihood of targets under normal distributions whose means and variances are
 * predicted, {@code ½ (ln v + (ŷ − y)²/v)} per element, with {@code v = max(variance, eps)}.
 *
 * <p>With full the constant {@code ½ ln 2π} is added. The gradient passes to the variance as if it
 * were not limited, as in PyTorch. Source: Nix and Weigend, <i>Estimating the mean and variance of
 * the target probability distribution</i>, 1994.
 *
 * @param full whether the constant is added
 * @param eps the least variance, above 0
 * @param reduction what becomes of the losses
 */
public record GaussianNLLLoss(boolean full, double eps, Reduction reduction) {
  /** With the defaults. */
  public GaussianNLLLoss() {
    this(false, 1e-6, Reduction.MEAN);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public GaussianNLLLoss {
    Checks.positive("GaussianNLLLoss", "eps", eps);
  }

  /** The same with the constant, or without. */
  public GaussianNLLLoss full(boolean full) {
    return new GaussianNLLLoss(full, eps, reduction);
  }

  /** The same with another least variance. */
  public GaussianNLLLoss eps(double eps) {
    return new GaussianNLLLoss(full, eps, reduction);
  }

  /** The same with another reduction. */
  public GaussianNLLLoss reduction(Reduction reduction) {
    return new GaussianNLLLoss(full, eps, reduction);
  }

  /**
   * The loss of predicted means and variances.
   *
   * @param prediction the means ŷ
   * @param target y, of the same shape
   * @param variance of the same shape, with a last dimension of 1, or without the last dimension
   * @throws ShapeException if the shapes do not fit
   * @throws IllegalArgumentException if a variance is negative
   */
  public Tensor of(Tensor prediction, Tensor target, Tensor variance) {
    Checks.same("gaussianNll", prediction, target);
    Tensor v = fitted(prediction, variance);
    Tensor now = v.detach();
    Tape.observe(t -> check(t.getFirst()), now);
    Tensor limited = v.sub(now).add(now.maximum(eps)); // the value limited, the slope 1
    Tensor loss = limited.log().add(prediction.sub(target).square().div(limited)).mul(0.5);
    return reduction.of(full ? loss.add(0.5 * StrictMath.log(2 * Math.PI)) : loss);
  }

  private static void check(Tensor variance) {
    if (variance.size() > 0 && variance.min().item() < 0) {
      throw new IllegalArgumentException(
          "gaussianNll: a variance is negative, " + variance.min().item());
    }
  }

  private static Tensor fitted(Tensor prediction, Tensor variance) {
    Shape shape = prediction.shape();
    if (variance.shape().equals(shape)) {
      return variance;
    }
    if (shape.rank() > 0 && variance.shape().equals(shape.without(-1))) {
      return variance.unsqueeze(-1);
    }
    if (shape.rank() > 0 && variance.shape().equals(shape.with(-1, 1))) {
      return variance;
    }
    throw new ShapeException(
        "gaussianNll: variances of %s for predictions of %s".formatted(variance.shape(), shape));
  }
}
