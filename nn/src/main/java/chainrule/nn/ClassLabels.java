package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The labels of a batch, checked: which rows count, and how much. */
final class ClassLabels {
  private final Tensor labels;
  private final @Nullable Tensor counts;
  private final @Nullable Tensor weights;
  private final int dim;

  private ClassLabels(Tensor labels, @Nullable Tensor counts, @Nullable Tensor weights, int dim) {
    this.labels = labels;
    this.counts = counts;
    this.weights = weights;
    this.dim = dim;
  }

  /**
   * The labels for scores of classes in dimension 1, or 0 of a single row.
   *
   * @param ignoreIndex the label of rows that do not count
   * @param weight a factor for each class, or null
   */
  static ClassLabels of(
      String loss, Tensor scores, Tensor labels, int ignoreIndex, @Nullable Tensor weight) {
    if (labels.dtype() != DType.I32) {
      throw new DTypeException(loss + ": labels must be I32, got " + labels.dtype());
    }
    int dim = scores.rank() == 1 ? 0 : 1;
    if (scores.rank() == 0 || !labels.shape().equals(scores.shape().without(dim))) {
      throw new ShapeException(
          "%s: needs %s, got %s and %s"
              .formatted(
                  loss,
                  scores.rank() <= 2
                      ? "n×classes logits and n labels"
                      : "n×classes×… logits and n×… labels",
                  scores.shape(),
                  labels.shape()));
    }
    int classes = scores.size(dim);
    Tensor whole = labels;
    Tensor counts = null;
    if (!Tape.decide(labels, l -> allCount(loss, l, classes, ignoreIndex))) {
      Tensor numbers = labels.to(DType.F64);
      Tensor counted = numbers.ne(ignoreIndex);
      whole = numbers.mul(counted).to(DType.I32);
      counts = counted.to(scores.dtype());
    }
    if (weight == null) {
      return new ClassLabels(whole, counts, null, dim);
    }
    checkWeights(loss, weight, scores, classes);
    return new ClassLabels(whole, counts, weight.detach().take(whole), dim);
  }

  /** Whether every row counts; refuses a label that is no class. */
  private static boolean allCount(String loss, Tensor labels, int classes, int ignoreIndex) {
    boolean all = true;
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.intAt(i);
      if (label == ignoreIndex) {
        all = false;
      } else if (label < 0 || label >= classes) {
        throw new IndexOutOfBoundsException(
            "%s: %s has label %d, but there are %d classes, 0 to %d"
                .formatted(loss, place(labels.shape(), i), label, classes, classes - 1));
      }
    }
    return all;
  }

  private static String place(Shape shape, int at) {
    if (shape.rank() <= 1) {
      return "row " + at;
    }
    StringBuilder text = new StringBuilder();
    int left = at;
    for (int d = shape.rank() - 1; d >= 0; d--) {
      text.insert(0, (d == 0 ? "row " : ", ") + left % shape.dim(d));
      left /= shape.dim(d);
    }
    return text.toString();
  }

  private static void checkWeights(String loss, Tensor weight, Tensor scores, int classes) {
    if (weight.rank() != 1 || weight.size() != classes || weight.dtype() != scores.dtype()) {
      throw new ShapeException(
          "%s: needs a weight of %s for each of %d classes, got %s %s"
              .formatted(loss, scores.dtype(), classes, weight.dtype(), weight.shape()));
    }
  }

  /** Weights of classes, ready to be multiplied with scores that have classes in {@code dim}. */
  static Tensor weights(String loss, Tensor weight, Tensor scores, int dim) {
    checkWeights(loss, weight, scores, scores.size(dim));
    int[] shape = new int[scores.rank() - dim];
    Arrays.fill(shape, 1);
    shape[0] = weight.size();
    return weight.detach().reshape(shape);
  }

  /** The labels, 0 where a row does not count. */
  Tensor labels() {
    return labels;
  }

  /** Whether all rows count, and alike. */
  boolean plain() {
    return counts == null && weights == null;
  }

  /** What a tensor of classes holds for the right ones. */
  Tensor right(Tensor scores) {
    return scores.gather(dim, labels.unsqueeze(dim)).squeeze(dim);
  }

  /** A number for each row, times the weight of its class. */
  Tensor weighted(Tensor rows) {
    return counted(weights == null ? rows : rows.mul(weights));
  }

  /** A number for each row, 0 where it does not count. */
  Tensor counted(Tensor rows) {
    return counts == null ? rows : counts.select(rows, rows.constant(0));
  }

  /** The reduction of the rows' losses, the mean being by weight. */
  Tensor reduce(Tensor losses, Reduction reduction) {
    if (reduction != Reduction.MEAN) {
      return reduction.of(losses);
    }
    return plain() ? losses.sum().div(losses.size()) : losses.sum().div(total(losses).sum());
  }

  /** The weight of every row. */
  private Tensor total(Tensor losses) {
    Tensor each = weights == null ? Tensor.ones(losses.dtype(), losses.shape()) : weights;
    return counted(each);
  }
}
