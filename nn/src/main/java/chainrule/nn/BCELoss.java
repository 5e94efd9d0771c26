package chainrule.nn;

import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The binary cross-entropy of probabilities, {@code −w · (y ln p + (1 − y) ln(1 − p))} per element,
 * both logarithms clamped at −100.
 *
 * <p>The slope is {@code w · (p − y) / max(p(1 − p), 1e-12)}, finite even at p = 0 and 1. Values
 * and slopes are PyTorch's. With a sigmoid before it prefer {@link BCEWithLogitsLoss}.
 *
 * @param weight a factor for each element, of a shape that broadcasts, or null
 * @param reduction what becomes of the losses
 */
public record BCELoss(@Nullable Tensor weight, Reduction reduction) implements Loss {
  /** With the defaults. */
  public BCELoss() {
    this(null, Reduction.MEAN);
  }

  /** The same with factors of the elements. */
  public BCELoss weight(Tensor weight) {
    return new BCELoss(weight, reduction);
  }

  /** The same with another reduction. */
  public BCELoss reduction(Reduction reduction) {
    return new BCELoss(weight, reduction);
  }

  /**
   * The loss of probabilities and targets of the same shape, both in [0, 1].
   *
   * @throws chainrule.tensor.ShapeException if the shapes differ
   * @throws IllegalArgumentException if a probability is outside [0, 1]
   */
  @Override
  public Tensor of(Tensor probabilities, Tensor target) {
    Checks.same("bce", probabilities, target);
    Tape.observe(p -> check(p.getFirst()), probabilities);
    Tensor loss = Tensor.apply(new BinaryCrossEntropy(), probabilities, target);
    return reduction.of(weight == null ? loss : loss.mul(weight));
  }

  private static void check(Tensor p) {
    if (p.size() > 0 && (p.min().item() < 0 || p.max().item() > 1)) {
      throw new IllegalArgumentException(
          "bce: probabilities must be in [0, 1], got %s to %s; bceWithLogits takes scores"
              .formatted(p.min().item(), p.max().item()));
    }
  }
}
