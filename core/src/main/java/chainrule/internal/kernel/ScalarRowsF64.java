package chainrule.internal.kernel;

/** The specification of the fused loops over rows of {@code double[]}. */
public class ScalarRowsF64 implements RowKernels<double[]> {
  static final ScalarRowsF64 INSTANCE = new ScalarRowsF64();

  /** Made once by each provider. */
  protected ScalarRowsF64() {}

  /** The sum of {@code x[at] … x[at + n − 1]} in 64 lanes. */
  static double sum(double[] x, int at, int n) {
    if (n == 0) {
      return 0;
    }
    double[] lanes = new double[64];
    int used = Math.min(64, n);
    System.arraycopy(x, at, lanes, 0, used);
    for (int i = 64; i < n; i++) {
      lanes[i % 64] += x[at + i];
    }
    for (int half = 32; half > 0; half /= 2) {
      for (int j = 0; j + half < Math.min(used, 2 * half); j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[0];
  }

  @Override
  public void softmax(double[] x, double[] y, int from, int to, int n) {
    for (int r = from; r < to; r++) {
      int at = r * n;
      double top = Double.NEGATIVE_INFINITY;
      for (int i = at; i < at + n; i++) {
        top = Math.max(top, x[i]);
      }
      double shift = Double.isFinite(top) ? top : 0;
      for (int i = at; i < at + n; i++) {
        y[i] = StrictMath.exp(x[i] - shift);
      }
      double total = sum(y, at, n);
      for (int i = at; i < at + n; i++) {
        y[i] /= total;
      }
    }
  }

  @Override
  public void softmaxBackward(double[] g, double[] y, double[] dx, int from, int to, int n) {
    for (int r = from; r < to; r++) {
      int at = r * n;
      for (int i = at; i < at + n; i++) {
        dx[i] = g[i] * y[i];
      }
      double total = sum(dx, at, n);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (g[i] - total);
      }
    }
  }
}
