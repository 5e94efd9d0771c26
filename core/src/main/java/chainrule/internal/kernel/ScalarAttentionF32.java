package chainrule.internal.kernel;

import java.util.Arrays;

/** The specification of the loops of attention over {@code float[]}. */
public class ScalarAttentionF32 implements AttentionKernels<float[]> {
  static final ScalarAttentionF32 INSTANCE = new ScalarAttentionF32();

  private static final Pool<AttentionScratch<float[]>> SCRATCH =
      new Pool<>(() -> new AttentionScratch<>(float[]::new));

  /** Made once by each provider. */
  protected ScalarAttentionF32() {}

  @Override
  public Pool<AttentionScratch<float[]>> scratch() {
    return SCRATCH;
  }

  @Override
  public void scale(
      double c, float[] x, int xo, int ldx, float[] y, int yo, int ldy, int rows, int n) {
    float factor = (float) c;
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + r * ldy + i] = factor * x[xo + r * ldx + i];
      }
    }
  }

  /** The sum of {@code n} elements in 64 lanes. */
  private static float sum(float[] x, int at, int n, float[] lanes) {
    int used = Math.min(64, n);
    System.arraycopy(x, at, lanes, 0, used);
    for (int i = 64; i < n; i++) {
      lanes[i % 64] += x[at + i];
    }
    return halved(lanes, used);
  }

  /** The sum of {@code n} rounded products in 64 lanes. */
  private static float dot(float[] x, int xo, float[] y, int yo, int n, float[] lanes) {
    int used = Math.min(64, n);
    for (int i = 0; i < used; i++) {
      lanes[i] = x[xo + i] * y[yo + i];
    }
    for (int i = 64; i < n; i++) {
      lanes[i % 64] += x[xo + i] * y[yo + i];
    }
    return halved(lanes, used);
  }

  private static float halved(float[] lanes, int used) {
    for (int half = 32; half > 0; half /= 2) {
      for (int j = 0; j + half < Math.min(used, 2 * half); j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return used == 0 ? 0 : lanes[0];
  }

  @Override
  public void weights(
      float[] s, int so, int ld, int rows, int n, int first, AttentionScratch<float[]> scratch) {
    float[] lanes = scratch.lanes();
    for (int r = 0; r < rows; r++) {
      int from = so + r * ld;
      int to = from + Math.min(n, first + r);
      float top = Float.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        top = Math.max(top, s[i]);
      }
      float shift = Float.isFinite(top) ? top : 0;
      for (int i = from; i < to; i++) {
        s[i] = FloatMath.exp(s[i] - shift);
      }
      float total = sum(s, from, to - from, lanes);
      float divisor = total == 0 ? 1 : total;
      for (int i = from; i < to; i++) {
        s[i] /= divisor;
      }
      Arrays.fill(s, to, from + n, 0);
    }
  }

  @Override
  public void weightsBackward(
      float[] p,
      int po,
      float[] g,
      int go,
      int ld,
      int rows,
      int n,
      int first,
      AttentionScratch<float[]> scratch) {
    float[] lanes = scratch.lanes();
    for (int r = 0; r < rows; r++) {
      int from = go + r * ld;
      int at = po + r * ld;
      int seen = Math.min(n, first + r);
      float total = dot(g, from, p, at, seen, lanes);
      for (int i = 0; i < seen; i++) {
        g[from + i] = p[at + i] * (g[from + i] - total);
      }
      Arrays.fill(g, from + seen, from + n, 0);
    }
  }
}
