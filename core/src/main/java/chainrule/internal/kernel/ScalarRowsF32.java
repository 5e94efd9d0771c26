package chainrule.internal.kernel;

/** The specification of softmax and what is made of it, over {@code float[]}. */
public class ScalarRowsF32 implements RowKernels<float[]> {
  static final ScalarRowsF32 INSTANCE = new ScalarRowsF32();

  /** Made once by each provider. */
  protected ScalarRowsF32() {}

  /** The sum of {@code x[at] … x[at + n − 1]} in 64 lanes, which are left in any state. */
  public static float sum(float[] x, int at, int n, float[] lanes) {
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
  private static float shift(float[] x, int at, int n) {
    float top = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      top = Math.max(top, x[i]);
    }
    return Float.isFinite(top) ? top : 0;
  }

  @Override
  public void softmax(float[] x, float[] y, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      float shift = shift(x, at, n);
      for (int i = at; i < at + n; i++) {
        y[i] = FloatMath.exp(x[i] - shift);
      }
      float total = sum(y, at, n, lanes);
      for (int i = at; i < at + n; i++) {
        y[i] /= total;
      }
    }
  }

  @Override
  public void softmaxBackward(float[] g, float[] y, float[] dx, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      for (int i = at; i < at + n; i++) {
        dx[i] = g[i] * y[i];
      }
      float total = sum(dx, at, n, lanes);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (g[i] - total);
      }
    }
  }

  @Override
  public void logSoftmax(float[] x, float[] y, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      float shift = shift(x, at, n);
      for (int i = at; i < at + n; i++) {
        y[i] = FloatMath.exp(x[i] - shift);
      }
      float log = FloatMath.log(sum(y, at, n, lanes));
      for (int i = at; i < at + n; i++) {
        y[i] = (x[i] - shift) - log;
      }
    }
  }

  @Override
  public void logSoftmaxBackward(float[] g, float[] y, float[] dx, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      float total = sum(g, at, n, lanes);
      for (int i = at; i < at + n; i++) {
        dx[i] = g[i] - FloatMath.exp(y[i]) * total;
      }
    }
  }

  @Override
  public void crossEntropy(float[] x, int[] labels, float[] loss, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float[] e = Scratch.floats(Scratch.Use.ROW_A, n);
    for (int r = from; r < to; r++) {
      int at = r * n;
      float shift = shift(x, at, n);
      for (int i = 0; i < n; i++) {
        e[i] = FloatMath.exp(x[at + i] - shift);
      }
      loss[r] = (x[at + labels[r]] - shift) - FloatMath.log(sum(e, 0, n, lanes));
    }
  }

  @Override
  public void meanLoss(float[] loss, float[] y, int rows) {
    y[0] = -(sum(loss, 0, rows, Scratch.floats(Scratch.Use.LANES, 64)) / rows);
  }

  @Override
  public void crossEntropyBackward(
      float[] g, float[] x, int[] labels, float[] dx, int rows, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float scale = g[0] / rows;
    for (int r = from; r < to; r++) {
      int at = r * n;
      float shift = shift(x, at, n);
      for (int i = at; i < at + n; i++) {
        dx[i] = FloatMath.exp(x[i] - shift);
      }
      float total = sum(dx, at, n, lanes);
      int label = at + labels[r];
      float truth = (dx[label] / total - 1) * scale;
      for (int i = at; i < at + n; i++) {
        dx[i] = dx[i] / total * scale;
      }
      dx[label] = truth;
    }
  }
}
