package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well scores put the rows of a class before the others.
 *
 * <p>Scores are n or n × 1 for class 1 of two, n × 2, of which the second column counts, or n ×
 * classes, of which each class is set against the rest and the mean is taken. Rows with equal
 * scores are taken together, so their order has no influence.
 */
public final class Ranking {
  private Ranking() {}

  /**
   * The area under the receiver operating characteristic: the probability that a row of the class
   * has a higher score than one of the others, ties counting half.
   *
   * <p>NaN if a class has no rows, or all. Source: Hanley and McNeil, <i>The meaning and use of the
   * area under a receiver operating characteristic curve</i>, 1982.
   *
   * @param scores one number for each row, or one for each class
   * @param labels n I32 labels
   */
  public static double rocAuc(Tensor scores, Tensor labels) {
    return overClasses("rocAuc", scores, labels, Ranking::auc);
  }

  /**
   * The mean of the precision over the rows of the class, {@code Σ (Rᵢ − Rᵢ₋₁) Pᵢ} over the scores
   * from the highest down, without interpolation; 0 if a class has no rows.
   *
   * @param scores one number for each row, or one for each class
   * @param labels n I32 labels
   */
  public static double averagePrecision(Tensor scores, Tensor labels) {
    return overClasses("averagePrecision", scores, labels, Ranking::precision);
  }

  /** A figure of rows in falling order of their scores. */
  private interface Figure {
    double of(double[] scores, boolean[] own);
  }

  private static double overClasses(String metric, Tensor scores, Tensor labels, Figure figure) {
    int classes = scores.rank() == 2 ? scores.size(1) : 1;
    if (scores.rank() < 1 || scores.rank() > 2) {
      throw new ShapeException(
          "%s: needs n or n × classes scores, got %s".formatted(metric, scores.shape()));
    }
    double[] all = scores.toDoubleArray();
    int[] actual = labels.toIntArray();
    Metrics.checkRows(metric, scores.size(0), actual.length);
    for (int i = 0; i < actual.length; i++) {
      Metrics.checkLabel(metric, i, actual[i], Math.max(2, classes));
    }
    if (classes <= 2) {
      return ofClass(all, actual, classes, classes - 1, 1, figure);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += ofClass(all, actual, classes, c, c, figure);
    }
    return sum / classes;
  }

  private static double ofClass(
      double[] all, int[] actual, int width, int column, int label, Figure figure) {
    int[] order =
        IntStream.range(0, actual.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -all[i * width + column]))
            .mapToInt(i -> i)
            .toArray();
    double[] scores = Arrays.stream(order).mapToDouble(i -> all[i * width + column]).toArray();
    boolean[] own = new boolean[order.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = actual[order[i]] == label;
    }
    return figure.of(scores, own);
  }

  private static double auc(double[] scores, boolean[] own) {
    double before = 0; // rows of the class with higher scores
    double others = 0;
    double pairs = 0;
    for (int i = 0; i < scores.length; ) {
      int end = end(scores, i);
      double here = count(own, i, end);
      double rest = end - i - here;
      pairs += rest * (before + here / 2);
      before += here;
      others += rest;
      i = end;
    }
    return pairs / (before * others);
  }

  private static double precision(double[] scores, boolean[] own) {
    double total = count(own, 0, own.length);
    double found = 0;
    double sum = 0;
    for (int i = 0; i < scores.length; ) {
      int end = end(scores, i);
      double here = count(own, i, end);
      found += here;
      sum += here * (found / end);
      i = end;
    }
    return total == 0 ? 0 : sum / total;
  }

  /** The end of the run of equal scores that starts here. */
  private static int end(double[] scores, int start) {
    int end = start + 1;
    while (end < scores.length && scores[end] == scores[start]) {
      end++;
    }
    return end;
  }

  private static double count(boolean[] own, int from, int to) {
    int n = 0;
    for (int i = from; i < to; i++) {
      n += own[i] ? 1 : 0;
    }
    return n;
  }
}
