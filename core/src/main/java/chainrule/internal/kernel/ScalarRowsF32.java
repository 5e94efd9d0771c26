package chainrule.internal.kernel;

/** The specification of the fused loops over rows of {@code float[]}. */
public class ScalarRowsF32 implements RowKernels<float[]> {
  static final ScalarRowsF32 INSTANCE = new ScalarRowsF32();

  /** Made once by each provider. */
  protected ScalarRowsF32() {}

  @Override
  public void softmax(float[] x, float[] y, int from, int to, int n) {
    for (int r = from; r < to; r++) {
      int at = r * n;
      float top = Float.NEGATIVE_INFINITY;
      for (int i = at; i < at + n; i++) {
        top = Math.max(top, x[i]);
      }
      float shift = Float.isFinite(top) ? top : 0;
      for (int i = at; i < at + n; i++) {
        y[i] = FloatMath.exp(x[i] - shift);
      }
      float total = ScalarF32.sum(y, at, n);
      for (int i = at; i < at + n; i++) {
        y[i] /= total;
      }
    }
  }

  @Override
  public void softmaxBackward(float[] g, float[] y, float[] dx, int from, int to, int n) {
    for (int r = from; r < to; r++) {
      int at = r * n;
      for (int i = at; i < at + n; i++) {
        dx[i] = g[i] * y[i];
      }
      float total = ScalarF32.sum(dx, at, n);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (g[i] - total);
      }
    }
  }
}
