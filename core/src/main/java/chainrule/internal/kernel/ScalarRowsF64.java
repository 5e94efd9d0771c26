package chainrule.internal.kernel;

/** The specification of the fused loops over rows of {@code double[]}. */
public class ScalarRowsF64 implements RowKernels<double[]> {
  static final ScalarRowsF64 INSTANCE = new ScalarRowsF64();

  /** Made once by each provider. */
  protected ScalarRowsF64() {}

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
      double total = ScalarF64.sum(y, at, n);
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
      double total = ScalarF64.sum(dx, at, n);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (g[i] - total);
      }
    }
  }
}
