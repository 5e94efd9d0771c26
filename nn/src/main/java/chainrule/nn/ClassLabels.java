package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The labels of a batch, checked: which rows count, and how much. */
final class ClassLabels {
  private final Tensor labels;
  private final @Nullable Tensor counts;
  private final @Nullable Tensor weights;
  private final int dim;
  private final double total;

  private ClassLabels(
      Tensor labels, @Nullable Tensor counts, @Nullable Tensor weights, int dim, double total) {
    this.labels = labels;
    this.counts = counts;
    this.weights = weights;
    this.dim = dim;
    this.total = total;
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
    int[] clean = labels.toIntArray();
    double[] counted = new double[clean.length];
    int rows = 0;
    for (int i = 0; i < clean.length; i++) {
      if (clean[i] == ignoreIndex) {
        clean[i] = 0;
        continue;
      }
      if (clean[i] < 0 || clean[i] >= classes) {
        throw new IndexOutOfBoundsException(
            "%s: %s has label %d, but there are %d classes, 0 to %d"
                .formatted(loss, place(labels.shape(), i), clean[i], classes, classes - 1));
      }
      counted[i] = 1;
      rows++;
    }
    int[] shape = labels.shape().toArray();
    Tensor whole = rows == clean.length ? labels : Tensor.of(clean, clean.length).reshape(shape);
    Tensor counts =
        rows == clean.length
            ? null
            : Tensor.of(counted, counted.length).to(scores.dtype()).reshape(shape);
    if (weight == null) {
      return new ClassLabels(whole, counts, null, dim, rows);
    }
    checkWeights(loss, weight, scores, classes);
    double[] factors = weight.toDoubleArray();
    double sum = 0;
    for (int i = 0; i < clean.length; i++) {
      sum += counted[i] == 0 ? 0 : factors[clean[i]];
    }
    return new ClassLabels(whole, counts, weight.detach().take(whole), dim, sum);
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
    return reduction == Reduction.MEAN ? losses.sum().div(total) : reduction.of(losses);
  }
}
