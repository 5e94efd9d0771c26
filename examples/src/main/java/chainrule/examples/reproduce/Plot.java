package chainrule.examples.reproduce;

import java.util.List;

/** A picture, as the numbers that are drawn. */
public sealed interface Plot {
  /** What stands above it. */
  String title();

  /**
   * Curves over a common axis.
   *
   * @param logarithmic whether the vertical axis counts in powers of ten
   */
  record Curves(String title, String xLabel, String yLabel, boolean logarithmic, List<Curve> curves)
      implements Plot {}

  /** A named curve through points. */
  record Curve(String label, double[] x, double[] y) {
    /** Values at 0, 1, 2 ... */
    static Curve of(String label, double[] y) {
      double[] x = new double[y.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = i;
      }
      return new Curve(label, x, y);
    }

    /** How often values fall into each of {@code bins} intervals, as a density. */
    static Curve histogram(String label, float[] values, int bins) {
      double low = Double.POSITIVE_INFINITY;
      double high = Double.NEGATIVE_INFINITY;
      for (float v : values) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
      double width = Math.max((high - low) / bins, Double.MIN_NORMAL);
      double[] x = new double[bins];
      double[] y = new double[bins];
      for (float v : values) {
        y[Math.min(bins - 1, (int) ((v - low) / width))] += 1 / (width * values.length);
      }
      for (int i = 0; i < bins; i++) {
        x[i] = low + (i + 0.5) * width;
      }
      return new Curve(label, x, y);
    }
  }

  /**
   * The classes of a plane and points in it.
   *
   * @param range least x, largest x, least y, largest y
   * @param classes the class at each place of a square grid, row by row from the least y
   * @param points x, y and class of each
   */
  record Plane(String title, double[] range, int[] classes, List<double[]> points)
      implements Plot {}

  /** Points with names in a plane. */
  record Places(String title, List<String> names, double[] x, double[] y) implements Plot {}

  /**
   * Pictures of numbers, red above zero and blue below, each scaled to its largest.
   *
   * @param names one for each picture; may be empty
   */
  record Pictures(String title, int width, List<String> names, List<double[]> pictures)
      implements Plot {}

  /** A matrix with a number in every cell, such as a confusion matrix. */
  record Matrix(String title, List<String> rows, List<String> columns, double[][] values)
      implements Plot {}

  /** Paths over the heights of a surface. */
  record Paths(String title, double[] range, double[] heights, List<Curve> paths) implements Plot {}

  /** Text that a model wrote. */
  record Writing(String title, String text) implements Plot {}
}
