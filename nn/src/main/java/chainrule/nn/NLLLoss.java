package chainrule.nn;

import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The negative logarithm of the right class's probability, {@code −w_y · x_y} per row, x being
 * logarithms of probabilities.
 *
 * <p>The mean is {@code Σ w_y · (−x_y) / Σ w_y} over the rows that count; NaN if none does, as in
 * PyTorch.
 *
 * @param weight a factor for each class, or null
 * @param ignoreIndex a label whose rows do not count
 * @param reduction what becomes of the losses
 */
public record NLLLoss(@Nullable Tensor weight, int ignoreIndex, Reduction reduction)
    implements Loss {
  /** With the defaults. */
  public NLLLoss() {
    this(null, -100, Reduction.MEAN);
  }

  /** The same with factors of the classes. */
  public NLLLoss weight(Tensor weight) {
    return new NLLLoss(weight, ignoreIndex, reduction);
  }

  /** The same with another label that does not count. */
  public NLLLoss ignoreIndex(int ignoreIndex) {
    return new NLLLoss(weight, ignoreIndex, reduction);
  }

  /** The same with another reduction. */
  public NLLLoss reduction(Reduction reduction) {
    return new NLLLoss(weight, ignoreIndex, reduction);
  }

  /**
   * The loss of logarithms and labels.
   *
   * @param logProbabilities classes, n × classes or n × classes × …
   * @param labels I32: one number, n or n × …
   * @throws chainrule.tensor.ShapeException if there is not one label for each row
   * @throws IndexOutOfBoundsException if a label is neither a class nor ignoreIndex; the message
   *     names the row and the label
   */
  @Override
  public Tensor of(Tensor logProbabilities, Tensor labels) {
    ClassLabels rows = ClassLabels.of("nll", logProbabilities, labels, ignoreIndex, weight);
    return rows.reduce(rows.weighted(rows.right(logProbabilities).neg()), reduction);
  }
}
