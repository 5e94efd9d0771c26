package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * How far probabilities can be trusted.
 *
 * <p>They are n × classes, a row summing to 1, or n or n × 1 for class 1 of two.
 */
public final class Probabilities {
  private Probabilities() {}

  /**
   * The mean of {@code −ln p} of the right class, p limited to [eps, 1 − eps] with the eps of the
   * element type, as in scikit-learn; NaN for no rows.
   *
   * @param probabilities n × classes, or n
   * @param labels n I32 labels
   */
  public static double logLoss(Tensor probabilities, Tensor labels) {
    double[][] p = rows("logLoss", probabilities, labels);
    double eps = probabilities.dtype() == DType.F32 ? Math.ulp(1f) : Math.ulp(1.0);
    int[] actual = labels.toIntArray();
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum -= StrictMath.log(Math.clamp(p[i][actual[i]], eps, 1 - eps));
    }
    return sum / p.length;
  }

  /**
   * The mean squared distance from what happened: of n × classes {@code 1/n Σ Σ_c (p_c − [y =
   * c])²}, from 0 to 2; of n {@code 1/n Σ (p − y)²}, half of that.
   *
   * <p>Source: Brier, <i>Verification of forecasts expressed in terms of probability</i>, 1950.
   *
   * @param probabilities n × classes, or n
   * @param labels n I32 labels
   */
  public static double brier(Tensor probabilities, Tensor labels) {
    double[][] p = rows("brier", probabilities, labels);
    int[] actual = labels.toIntArray();
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      for (int c = 0; c < p[i].length; c++) {
        double d = p[i][c] - (actual[i] == c ? 1 : 0);
        sum += d * d;
      }
    }
    boolean single = probabilities.rank() == 1 || probabilities.size(1) == 1;
    return sum / p.length / (single ? 2 : 1);
  }

  /** The {@link #calibrationError(Tensor, Tensor, int)} in 15 bins. */
  public static double calibrationError(Tensor probabilities, Tensor labels) {
    return calibrationError(probabilities, labels, 15);
  }

  /**
   * The expected calibration error: over bins of the highest probability of a row, the difference
   * between its mean and the share of rows in which that class was right, weighted by rows.
   *
   * <p>Bins are equally wide, and a bound belongs to the bin below it. Source: Guo, Pleiss, Sun and
   * Weinberger, <i>On calibration of modern neural networks</i>, 2017, equations 2 and 3.
   *
   * @param probabilities n × classes, or n
   * @param labels n I32 labels
   * @param bins at least 1
   */
  public static double calibrationError(Tensor probabilities, Tensor labels, int bins) {
    Checks.positive("calibrationError", "bins", bins);
    double[][] p = rows("calibrationError", probabilities, labels);
    int[] actual = labels.toIntArray();
    double[] gap = new double[bins];
    for (int i = 0; i < p.length; i++) {
      int best = 0;
      for (int c = 1; c < p[i].length; c++) {
        best = p[i][c] > p[i][best] ? c : best;
      }
      int bin = Math.clamp((long) Math.ceil(p[i][best] * bins) - 1, 0, bins - 1);
      gap[bin] += (best == actual[i] ? 1 : 0) - p[i][best];
    }
    double sum = 0;
    for (double g : gap) {
      sum += Math.abs(g);
    }
    return sum / p.length;
  }

  private static double[][] rows(String metric, Tensor probabilities, Tensor labels) {
    int rank = probabilities.rank();
    if (rank < 1 || rank > 2) {
      throw new ShapeException(
          "%s: needs n or n × classes probabilities, got %s"
              .formatted(metric, probabilities.shape()));
    }
    double[] all = probabilities.toDoubleArray();
    int n = probabilities.size(0);
    int width = rank == 1 ? 1 : probabilities.size(1);
    int[] actual = labels.toIntArray();
    Metrics.checkRows(metric, n, actual.length);
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      Metrics.checkLabel(metric, i, actual[i], Math.max(2, width));
      rows[i] = new double[Math.max(2, width)];
      if (width == 1) {
        rows[i][0] = 1 - all[i];
        rows[i][1] = all[i];
      } else {
        System.arraycopy(all, i * width, rows[i], 0, width);
      }
    }
    return rows;
  }
}
