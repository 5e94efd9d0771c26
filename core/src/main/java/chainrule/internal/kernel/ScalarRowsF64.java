package chainrule.internal.kernel;

/** The specification of softmax and what is made of it, over {@code double[]}. */
public class ScalarRowsF64 implements RowKernels<double[]> {
  static final ScalarRowsF64 INSTANCE = new ScalarRowsF64();

  /** Made once by each provider. */
  protected ScalarRowsF64() {}

  /** The sum of {@code x[at] … x[at + n − 1]} in 64 lanes, which are left in any state. */
  public static double sum(double[] x, int at, int n, double[] lanes) {
    if (n == 0) {
      return 0;
    }
    int used = Math.min(64, n);
    System.arraycopy(x, at, lanes, 0, used);
    int i = 64;
    for (; i + 64 <= n; i += 64) {
      for (int j = 0; j < 64; j++) {
        lanes[j] += x[at + i + j];
      }
    }
    for (int j = 0; i + j < n; j++) {
      lanes[j] += x[at + i + j];
    }
    for (int half = Integer.highestOneBit(used - 1); half > 0; half /= 2) {
      for (int j = 0; j + half < Math.min(used, 2 * half); j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[0];
  }

  /** The largest of {@code x[at] … x[at + n − 1]}, or 0 if it is not finite. */
  private static double shift(double[] x, int at, int n) {
    double top = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      top = Math.max(top, x[i]);
    }
    return Double.isFinite(top) ? top : 0;
  }

  @Override
  public void softmax(double[] x, double[] y, int from, int to, int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      double shift = shift(x, at, n);
      for (int i = at; i < at + n; i++) {
        y[i] = StrictMath.exp(x[i] - shift);
      }
      double total = sum(y, at, n, lanes);
      for (int i = at; i < at + n; i++) {
        y[i] /= total;
      }
    }
  }

  @Override
  public void softmaxBackward(double[] g, double[] y, double[] dx, int from, int to, int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      for (int i = at; i < at + n; i++) {
        dx[i] = g[i] * y[i];
      }
      double total = sum(dx, at, n, lanes);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (g[i] - total);
      }
    }
  }

  @Override
  public void logSoftmax(double[] x, double[] y, int from, int to, int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      double shift = shift(x, at, n);
      for (int i = at; i < at + n; i++) {
        y[i] = StrictMath.exp(x[i] - shift);
      }
      double log = StrictMath.log(sum(y, at, n, lanes));
      for (int i = at; i < at + n; i++) {
        y[i] = (x[i] - shift) - log;
      }
    }
  }

  @Override
  public void logSoftmaxBackward(double[] g, double[] y, double[] dx, int from, int to, int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      double total = sum(g, at, n, lanes);
      for (int i = at; i < at + n; i++) {
        dx[i] = g[i] - StrictMath.exp(y[i]) * total;
      }
    }
  }

  @Override
  public void crossEntropy(double[] x, int[] labels, double[] loss, int from, int to, int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    double[] e = Scratch.doubles(Scratch.Use.ROW_A, n);
    for (int r = from; r < to; r++) {
      int at = r * n;
      double shift = shift(x, at, n);
      for (int i = 0; i < n; i++) {
        e[i] = StrictMath.exp(x[at + i] - shift);
      }
      loss[r] = (x[at + labels[r]] - shift) - StrictMath.log(sum(e, 0, n, lanes));
    }
  }

  @Override
  public void meanLoss(double[] loss, double[] y, int rows) {
    y[0] = -(sum(loss, 0, rows, Scratch.doubles(Scratch.Use.LANES, 64)) / rows);
  }

  @Override
  public void crossEntropyBackward(
      double[] g, double[] x, int[] labels, double[] dx, int rows, int from, int to, int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    double scale = g[0] / rows;
    for (int r = from; r < to; r++) {
      int at = r * n;
      double shift = shift(x, at, n);
      for (int i = at; i < at + n; i++) {
        dx[i] = StrictMath.exp(x[i] - shift);
      }
      double total = sum(dx, at, n, lanes);
      int label = at + labels[r];
      double truth = (dx[label] / total - 1) * scale;
      for (int i = at; i < at + n; i++) {
        dx[i] = dx[i] / total * scale;
      }
      dx[label] = truth;
    }
  }
}
