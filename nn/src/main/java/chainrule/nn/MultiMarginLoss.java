package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The hinge loss of several classes, {@code w_y/C · Σ_{i≠y} max(0, margin − s_y + s_i)ᵖ} per row of
 * C scores s.
 *
 * <p>Source: Crammer and Singer, <i>On the algorithmic implementation of multiclass kernel-based
 * vector machines</i>, 2001, in PyTorch's form.
 *
 * @param p the power, 1 or 2
 * @param margin how far the right class should be ahead
 * @param weight a factor for each class, or null
 * @param reduction what becomes of the losses
 */
public record MultiMarginLoss(int p, double margin, @Nullable Tensor weight, Reduction reduction)
    implements Loss {
  /** No row can be ignored: a label that none may have. */
  private static final int NONE = Integer.MIN_VALUE;

  /** With the defaults. */
  public MultiMarginLoss() {
    this(1, 1, null, Reduction.MEAN);
  }

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public MultiMarginLoss {
    if (p != 1 && p != 2) {
      throw new IllegalArgumentException("MultiMarginLoss: p must be 1 or 2, got " + p);
    }
    Checks.finite("MultiMarginLoss", "margin", margin);
  }

  /** The same with another power. */
  public MultiMarginLoss p(int p) {
    return new MultiMarginLoss(p, margin, weight, reduction);
  }

  /** The same with another margin. */
  public MultiMarginLoss margin(double margin) {
    return new MultiMarginLoss(p, margin, weight, reduction);
  }

  /** The same with factors of the classes. */
  public MultiMarginLoss weight(Tensor weight) {
    return new MultiMarginLoss(p, margin, weight, reduction);
  }

  /** The same with another reduction. */
  public MultiMarginLoss reduction(Reduction reduction) {
    return new MultiMarginLoss(p, margin, weight, reduction);
  }

  /**
   * The loss of scores and labels.
   *
   * @param scores classes or n × classes
   * @param labels I32: one number or n
   * @throws chainrule.tensor.ShapeException if there is not one label for each row
   * @throws IndexOutOfBoundsException if a label is no class; the message names the row and label
   */
  @Override
  public Tensor of(Tensor scores, Tensor labels) {
    if (scores.rank() > 2) {
      throw new ShapeException(
          "multiMargin: needs n×classes scores and n labels, got %s and %s"
              .formatted(scores.shape(), labels.shape()));
    }
    ClassLabels rows = ClassLabels.of("multiMargin", scores, labels, NONE, weight);
    int dim = scores.rank() - 1;
    int classes = scores.size(dim);
    Tensor right = scores.gather(dim, rows.labels().unsqueeze(dim));
    Tensor behind = scores.sub(right).add(margin).relu();
    Tensor cost = p == 1 ? behind : behind.square();
    Tensor others = rows.labels().oneHot(classes, scores.dtype()).oneMinus();
    Tensor loss = others.select(cost, cost.constant(0)).sum(dim).div(classes);
    return reduction.of(rows.weighted(loss));
  }
}
