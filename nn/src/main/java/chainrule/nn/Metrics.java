package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;

/**
 * How good predictions are, in plain double arithmetic and without a graph. What takes scores by
 * their order or as probabilities stands in {@link Ranking} and {@link Probabilities}.
 *
 * <p>A classifier's prediction is n × classes scores, of which the largest wins (the first of
 * equals); or n or n × 1 scores of a two-class model, where a score above 0 means class 1; or n I32
 * labels.
 */
public final class Metrics {
  private Metrics() {}

  /** How figures of classes become one; a class that is neither there nor said is left out. */
  public enum Average {
    /** The figure of class 1. */
    BINARY,
    /**
     * From the counts of all classes together; of every row with one label this is the accuracy.
     */
    MICRO,
    /** The mean over the classes. */
    MACRO,
    /** The mean over the classes, each weighing as many as its rows. */
    WEIGHTED
  }

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
   * The share of rows whose class is among the k of the highest scores; NaN for no rows. Of equal
   * scores those of higher classes come first, as in scikit-learn.
   *
   * @param scores n × classes
   * @param labels n I32 labels
   * @param k at least 1
   */
  public static double topK(Tensor scores, Tensor labels, int k) {
    checkClasses("topK", scores);
    Checks.positive("topK", "k", k);
    int classes = scores.size(1);
    double[] s = scores.toDoubleArray();
    int[] actual = labels.toIntArray();
    checkRows("topK", scores.size(0), actual.length);
    int right = 0;
    for (int i = 0; i < actual.length; i++) {
      checkLabel("topK", i, actual[i], classes);
      double own = s[i * classes + actual[i]];
      int ahead = 0;
      for (int c = 0; c < classes; c++) {
        double other = s[i * classes + c];
        ahead += other > own || (other == own && c > actual[i]) ? 1 : 0;
      }
      right += ahead < k ? 1 : 0;
    }
    return right / (double) actual.length;
  }

  /**
   * Of the rows that were taken for a class, the share that is of it; 0 if none was.
   *
   * @param prediction scores or labels of n rows
   * @param labels n I32 labels
   */
  public static double precision(Tensor prediction, Tensor labels, Average average) {
    return precision(counts(prediction, labels), average);
  }

  /** As {@link #precision(Tensor, Tensor, Average)}, from counts by true and said class. */
  public static double precision(int[][] counts, Average average) {
    return averaged(counts, average, (hits, said, actual) -> ratio(hits, said));
  }

  /**
   * Of the rows of a class, the share that was taken for it; 0 if there is none.
   *
   * @param prediction scores or labels of n rows
   * @param labels n I32 labels
   */
  public static double recall(Tensor prediction, Tensor labels, Average average) {
    return recall(counts(prediction, labels), average);
  }

  /** As {@link #recall(Tensor, Tensor, Average)}, from counts by true and said class. */
  public static double recall(int[][] counts, Average average) {
    return averaged(counts, average, (hits, said, actual) -> ratio(hits, actual));
  }

  /**
   * The harmonic mean of precision and recall, {@code 2 hits / (said + actual)}.
   *
   * @param prediction scores or labels of n rows
   * @param labels n I32 labels
   */
  public static double f1(Tensor prediction, Tensor labels, Average average) {
    return f1(counts(prediction, labels), average);
  }

  /** As {@link #f1(Tensor, Tensor, Average)}, from counts by true and said class. */
  public static double f1(int[][] counts, Average average) {
    return averaged(counts, average, (hits, said, actual) -> ratio(2.0 * hits, said + actual));
  }

  private interface Figure {
    double of(double hits, double said, double actual);
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  private static double averaged(int[][] counts, Average average, Figure figure) {
    int classes = counts.length;
    double[] hits = new double[classes];
    double[] said = new double[classes];
    double[] actual = new double[classes];
    for (int a = 0; a < classes; a++) {
      hits[a] = counts[a][a];
      for (int p = 0; p < classes; p++) {
        actual[a] += counts[a][p];
        said[p] += counts[a][p];
      }
    }
    double rows = Arrays.stream(actual).sum();
    if (average == Average.BINARY) {
      return classes < 2 ? 0 : figure.of(hits[1], said[1], actual[1]);
    }
    if (average == Average.MICRO) {
      return figure.of(Arrays.stream(hits).sum(), rows, rows);
    }
    double sum = 0;
    double weights = 0;
    for (int c = 0; c < classes; c++) {
      double weight = average == Average.WEIGHTED ? actual[c] : said[c] + actual[c] > 0 ? 1 : 0;
      sum += weight * figure.of(hits[c], said[c], actual[c]);
      weights += weight;
    }
    return ratio(sum, weights);
  }

  /** Counts for as many classes as there are scores or labels. */
  private static int[][] counts(Tensor prediction, Tensor labels) {
    if (prediction.dtype() != DType.I32) {
      return confusionMatrix(prediction, labels);
    }
    int most = 1;
    for (Tensor t : new Tensor[] {prediction, labels}) {
      most = Math.max(most, Arrays.stream(t.toIntArray()).max().orElse(0));
    }
    return confusionMatrix(prediction, labels, most + 1);
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

  /** The root of the mean squared error, {@code √(Σ(y − ŷ)² / n)}. */
  public static double rmse(Tensor prediction, Tensor target) {
    double[] p = prediction.toDoubleArray();
    double[] t = target.toDoubleArray();
    checkRows("rmse", p.length, t.length);
    double sum = 0;
    for (int i = 0; i < t.length; i++) {
      sum += (t[i] - p[i]) * (t[i] - p[i]);
    }
    return Math.sqrt(sum / t.length);
  }

  /**
   * {@code e} to the power of the mean cross-entropy: among how many symbols the model is as unsure
   * as if they were equally likely. Labels of −100 do not count.
   *
   * @param logits n × classes, or n × classes × …
   * @param labels I32, n or n × …
   */
  public static double perplexity(Tensor logits, Tensor labels) {
    Tensor exact = logits.detach().to(DType.F64);
    return Math.exp(Losses.crossEntropy(exact, labels).item());
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

  static void checkRows(String metric, int predicted, int actual) {
    if (predicted != actual) {
      throw new ShapeException(
          "%s: %d predictions for %d targets".formatted(metric, predicted, actual));
    }
  }

  static void checkClasses(String metric, Tensor scores) {
    if (scores.rank() != 2) {
      throw new ShapeException(
          "%s: needs n × classes scores, got %s".formatted(metric, scores.shape()));
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
