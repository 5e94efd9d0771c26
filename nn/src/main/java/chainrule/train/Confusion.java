package chainrule.train;

import chainrule.nn.Metrics;
import java.util.Arrays;

/**
 * How often a model said each class for rows of each class, and the figures read off it.
 *
 * <p>In the Javadoc below, n(c, k) is the number of rows of class c for which the model said k.
 */
public final class Confusion {
  private final int[][] counts;

  private Confusion(int[][] counts) {
    this.counts = counts;
  }

  /** From counts, a row for each true class; the counts are copied. */
  public static Confusion of(int[][] counts) {
    int[][] copy = new int[counts.length][];
    for (int c = 0; c < counts.length; c++) {
      if (counts[c].length != counts.length) {
        throw new IllegalArgumentException(
            "confusion: row " + c + " has " + counts[c].length + " columns, not " + counts.length);
      }
      copy[c] = counts[c].clone();
    }
    return new Confusion(copy);
  }

  /** How many classes there are; 0 in a regression. */
  public int classes() {
    return counts.length;
  }

  /** n(actual, said). */
  public int count(int actual, int said) {
    return counts[actual][said];
  }

  /** How many rows are of this class. */
  public int actual(int c) {
    return Arrays.stream(counts[c]).sum();
  }

  /** For how many rows the model said this class. */
  public int said(int c) {
    return Arrays.stream(counts).mapToInt(row -> row[c]).sum();
  }

  /** n(c, c) / Σₖ n(k, c): how far to trust the model when it says c; NaN if it never does. */
  public double precision(int c) {
    return (double) counts[c][c] / said(c);
  }

  /** n(c, c) / Σₖ n(c, k): how many of the rows of class c are found; NaN if there are none. */
  public double recall(int c) {
    return (double) counts[c][c] / actual(c);
  }

  /** The harmonic mean of precision and recall, 2n(c, c) / Σₖ (n(k, c) + n(c, k)). */
  public double f1(int c) {
    return 2.0 * counts[c][c] / (said(c) + actual(c));
  }

  /** The precision of all classes in one; a class that is never said counts 0. */
  public double precision(Metrics.Average average) {
    return Metrics.precision(counts, average);
  }

  /** The recall of all classes in one. */
  public double recall(Metrics.Average average) {
    return Metrics.recall(counts, average);
  }

  /** The F1 of all classes in one. */
  public double f1(Metrics.Average average) {
    return Metrics.f1(counts, average);
  }
}
