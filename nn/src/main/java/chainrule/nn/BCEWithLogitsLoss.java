package chainrule.nn;

import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross-entropy of scores, {@code −w · (v y ln σ(s) + (1 − y) ln(1 − σ(s)))} per
 * element, without its overflow.
 *
 * <p>It is computed as {@code ln(1 + eˢ) − y s}, and with weights v of the positive class as {@code
 * (1 − y) s + (1 + (v − 1) y) ln(1 + e⁻ˢ)}.
 *
 * @param weight a factor for each element, of a shape that broadcasts, or null
 * @param posWeight a factor v for y = 1, of a shape that broadcasts, or null
 * @param reduction what becomes of the losses
 */
public record BCEWithLogitsLoss(
    @Nullable Tensor weight, @Nullable Tensor posWeight, Reduction reduction) implements Loss {
  /** With the defaults. */
  public BCEWithLogitsLoss() {
    this(null, null, Reduction.MEAN);
  }

  /** The same with factors of the elements. */
  public BCEWithLogitsLoss weight(Tensor weight) {
    return new BCEWithLogitsLoss(weight, posWeight, reduction);
  }

  /** The same with factors of the positive class. */
  public BCEWithLogitsLoss posWeight(Tensor posWeight) {
    return new BCEWithLogitsLoss(weight, posWeight, reduction);
  }

  /** The same with another reduction. */
  public BCEWithLogitsLoss reduction(Reduction reduction) {
    return new BCEWithLogitsLoss(weight, posWeight, reduction);
  }

  /**
   * The loss of scores s and targets y in [0, 1] of the same shape.
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   */
  @Override
  public Tensor of(Tensor logits, Tensor target) {
    Checks.same("bceWithLogits", logits, target);
    Tensor loss;
    if (posWeight == null) {
      loss = logits.softplus().sub(target.mul(logits));
    } else {
      Tensor factor = posWeight.sub(1).mul(target).add(1);
      loss = target.oneMinus().mul(logits).add(factor.mul(logits.neg().softplus()));
    }
    return reduction.of(weight == null ? loss : loss.mul(weight));
  }
}
