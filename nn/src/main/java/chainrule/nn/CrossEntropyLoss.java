package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The cross-entropy of softmax probabilities: of scores s, {@code −w_y · ln softmax(s)_y} per row.
 *
 * <p>With label smoothing ε and C classes it is {@code (1 − ε) · that + ε/C · Σ_c −w_c · ln
 * softmax(s)_c}. The mean is {@code Σ loss / Σ w_y} over the rows that count; NaN if none does, as
 * in PyTorch. Targets can be probabilities q of the scores' shape instead of labels: then a row's
 * loss is {@code −Σ_c w_c · q_c · ln softmax(s)_c} with {@code q ← (1 − ε) q + ε/C}, the mean is
 * over all rows, and none is ignored.
 *
 * <p>Source of the smoothing: Szegedy and others, <i>Rethinking the Inception architecture for
 * computer vision</i>, 2016, section 7.
 *
 * {@snippet :
 * Tensor loss = new CrossEntropyLoss().labelSmoothing(0.1).of(logits, labels);
 * }
 *
 * @param weight a factor for each class, or null
 * @param ignoreIndex a label whose rows do not count
 * @param reduction what becomes of the losses
 * @param labelSmoothing the share ε given to all classes alike, in [0, 1]
 */
public record CrossEntropyLoss(
    @Nullable Tensor weight, int ignoreIndex, Reduction reduction, double labelSmoothing)
    implements Loss {
  /** With the defaults. */
  public CrossEntropyLoss() {
    this(null, -100, Reduction.MEAN, 0);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public CrossEntropyLoss {
    Checks.fraction("CrossEntropyLoss", "labelSmoothing", labelSmoothing);
  }

  /** The same with factors of the classes. */
  public CrossEntropyLoss weight(Tensor weight) {
    return new CrossEntropyLoss(weight, ignoreIndex, reduction, labelSmoothing);
  }

  /** The same with another label that does not count. */
  public CrossEntropyLoss ignoreIndex(int ignoreIndex) {
    return new CrossEntropyLoss(weight, ignoreIndex, reduction, labelSmoothing);
  }

  /** The same with another reduction. */
  public CrossEntropyLoss reduction(Reduction reduction) {
    return new CrossEntropyLoss(weight, ignoreIndex, reduction, labelSmoothing);
  }

  /** The same with another label smoothing. */
  public CrossEntropyLoss labelSmoothing(double labelSmoothing) {
    return new CrossEntropyLoss(weight, ignoreIndex, reduction, labelSmoothing);
  }

  /**
   * The loss of scores and labels, or of scores and probabilities.
   *
   * @param logits classes, n × classes or n × classes × … scores
   * @param target I32 labels: one number, n or n × …; or probabilities of the logits' shape
   * @throws chainrule.tensor.ShapeException if there is not one label for each row
   * @throws IndexOutOfBoundsException if a label is neither a class nor ignoreIndex; the message
   *     names the row and the label
   */
  @Override
  public Tensor of(Tensor logits, Tensor target) {
    int dim = logits.rank() == 1 ? 0 : 1;
    if (target.dtype() != DType.I32 && target.shape().equals(logits.shape())) {
      return ofProbabilities(logits, target, dim);
    }
    ClassLabels rows = ClassLabels.of("crossEntropy", logits, target, ignoreIndex, weight);
    if (rows.plain() && logits.rank() == 2 && reduction == Reduction.MEAN && labelSmoothing == 0) {
      return logits.crossEntropy(target);
    }
    Tensor logs = logits.logSoftmax(dim);
    Tensor loss = rows.weighted(rows.right(logs).neg());
    if (labelSmoothing > 0) {
      Tensor all = rows.counted(weighted(logs, dim).sum(dim).neg());
      loss = loss.mul(1 - labelSmoothing).add(all.mul(labelSmoothing / logits.size(dim)));
    }
    return rows.reduce(loss, reduction);
  }

  private Tensor ofProbabilities(Tensor logits, Tensor target, int dim) {
    Checks.same("crossEntropy", logits, target);
    Tensor logs = weighted(logits.logSoftmax(dim), dim);
    Tensor q = target;
    if (labelSmoothing > 0) {
      q = target.mul(1 - labelSmoothing).add(labelSmoothing / logits.size(dim));
    }
    return reduction.of(q.mul(logs).sum(dim).neg());
  }

  private Tensor weighted(Tensor logs, int dim) {
    return weight == null ? logs : logs.mul(ClassLabels.weights("crossEntropy", weight, logs, dim));
  }
}
