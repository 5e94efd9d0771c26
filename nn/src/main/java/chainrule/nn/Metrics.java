package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * How good predictions are, in plain double arithmetic and without a graph.
 *
 * <p>A classifier's prediction is n × classes scores, of which the largest wins (the first of
 * equals); or n or n × 1 scores of a two-class model, where a score above 0 means class 1; or n I32
 * labels.
 */
public final class Metrics {
  private Metrics() {}

  /**
   * The share of rows whose class is right; NaN for no rows.
   *
   * @param prediction scores or labels of n rows
   * @param labels n I32 labels
   */
  public static double accuracy(Tensor prediction, Tensor labels) {
    int[] predicted = labels(prediction);
    int[] actual = labels.toIntArray();
    checkRows("accuracy", predicted.length, actual.length);
    int right = 0;
    for (int i = 0; i < actual.length; i++) {
      right += predicted[i] == actual[i] ? 1 : 0;
    }
    return right / (double) actual.length;
  }

  /**
   * Counts of rows by class: entry [a][p] is the number of rows of class a that were taken for p.
   *
   * @param prediction n × classes scores
   * @param labels n I32 labels
   * @throws IndexOutOfBoundsException if a label is not below the number of classes
   */
  public static int[][] confusionMatrix(Tensor prediction, Tensor labels) {
    boolean wide = prediction.dtype() != DType.I32 && prediction.rank() == 2;
    int classes = wide && prediction.size(1) > 1 ? prediction.size(1) : 2;
    return confusionMatrix(prediction, labels, classes);
  }

  /**
   * Counts of rows by class: entry [a][p] is the number of rows of class a that were taken for p.
   *
   * @param prediction scores or labels of n rows
   * @param labels n I32 labels
   * @throws IndexOutOfBoundsException if a label is not below the number of classes
   */
  public static int[][] confusionMatrix(Tensor prediction, Tensor labels, int classes) {
    int[] predicted = labels(prediction);
    int[] actual = labels.toIntArray();
    checkRows("confusionMatrix", predicted.length, actual.length);
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < actual.length; i++) {
      checkLabel("confusionMatrix", i, actual[i], classes);
      checkLabel("confusionMatrix", i, predicted[i], classes);
      counts[actual[i]][predicted[i]]++;
    }
    return counts;
  }

  /**
   * The coefficient of determination, {@code R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²}: 1 is perfect, 0 as
   * good as the mean. For constant targets 1 if all are met and 0 otherwise.
   */
  public static double r2(Tensor prediction, Tensor target) {
    double[] p = prediction.toDoubleArray();
    double[] t = target.toDoubleArray();
    checkRows("r2", p.length, t.length);
    double sum = 0;
    for (double v : t) {
      sum += v;
    }
    double mean = sum / t.length;
    double residual = 0;
    double total = 0;
    for (int i = 0; i < t.length; i++) {
      residual += (t[i] - p[i]) * (t[i] - p[i]);
      total += (t[i] - mean) * (t[i] - mean);
    }
    if (total == 0) {
      return residual == 0 ? 1 : 0;
    }
    return 1 - residual / total;
  }

  /** The mean absolute error, {@code Σ|y − ŷ| / n}. */
  public static double mae(Tensor prediction, Tensor target) {
    double[] p = prediction.toDoubleArray();
    double[] t = target.toDoubleArray();
    checkRows("mae", p.length, t.length);
    double sum = 0;
    for (int i = 0; i < t.length; i++) {
      sum += Math.abs(t[i] - p[i]);
    }
    return sum / t.length;
  }

  private static int[] labels(Tensor prediction) {
    if (prediction.dtype() == DType.I32) {
      return prediction.toIntArray();
    }
    if (prediction.rank() == 2 && prediction.size(1) > 1) {
      return prediction.detach().argmax(1).toIntArray();
    }
    if (prediction.rank() == 1 || prediction.rank() == 2) {
      double[] scores = prediction.toDoubleArray();
      int[] labels = new int[scores.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = scores[i] > 0 ? 1 : 0;
      }
      return labels;
    }
    throw new ShapeException(
        "a classifier's prediction is n × classes, n × 1 or n, got " + prediction.shape());
  }

  private static void checkRows(String metric, int predicted, int actual) {
    if (predicted != actual) {
      throw new ShapeException(
          "%s: %d predictions for %d targets".formatted(metric, predicted, actual));
    }
  }

  static void checkLabel(String where, int row, int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new IndexOutOfBoundsException(
          "%s: row %d has label %d, but there are %d classes, 0 to %d"
              .formatted(where, row, label, classes, classes - 1));
    }
  }
}
