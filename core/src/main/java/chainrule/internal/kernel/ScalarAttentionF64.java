package chainrule.internal.kernel;

import java.util.Arrays;

/** The specification of the loops of attention over {@code double[]}. */
public class ScalarAttentionF64 implements AttentionKernels<double[]> {
  static final ScalarAttentionF64 INSTANCE = new ScalarAttentionF64();

  private static final Pool<AttentionScratch<double[]>> SCRATCH =
      new Pool<>(() -> new AttentionScratch<>(double[]::new));

  /** Made once by each provider. */
  protected ScalarAttentionF64() {}

  @Override
  public Pool<AttentionScratch<double[]>> scratch() {
    return SCRATCH;
  }

  @Override
  public void scale(
      double c, double[] x, int xo, int ldx, double[] y, int yo, int ldy, int rows, int n) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yo + r * ldy + i] = c * x[xo + r * ldx + i];
      }
    }
  }

  /** The sum of {@code n} elements in 64 lanes. */
  private static double sum(double[] x, int at, int n, double[] lanes) {
    int used = Math.min(64, n);
    System.arraycopy(x, at, lanes, 0, used);
    for (int i = 64; i < n; i++) {
      lanes[i % 64] += x[at + i];
    }
    return halved(lanes, used);
  }

  /** The sum of {@code n} rounded products in 64 lanes. */
  private static double dot(double[] x, int xo, double[] y, int yo, int n, double[] lanes) {
    int used = Math.min(64, n);
    for (int i = 0; i < used; i++) {
      lanes[i] = x[xo + i] * y[yo + i];
    }
    for (int i = 64; i < n; i++) {
      lanes[i % 64] += x[xo + i] * y[yo + i];
    }
    return halved(lanes, used);
  }

  private static double halved(double[] lanes, int used) {
    for (int half = 32; half > 0; half /= 2) {
      for (int j = 0; j + half < Math.min(used, 2 * half); j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return used == 0 ? 0 : lanes[0];
  }

  @Override
  public void weights(
      double[] s, int so, int ld, int rows, int n, int first, AttentionScratch<double[]> scratch) {
    double[] lanes = scratch.lanes();
    for (int r = 0; r < rows; r++) {
      int from = so + r * ld;
      int to = from + Math.min(n, first + r);
      double top = Double.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        top = Math.max(top, s[i]);
      }
      double shift = Double.isFinite(top) ? top : 0;
      for (int i = from; i < to; i++) {
        s[i] = StrictMath.exp(s[i] - shift);
      }
      double total = sum(s, from, to - from, lanes);
      double divisor = total == 0 ? 1 : total;
      for (int i = from; i < to; i++) {
        s[i] /= divisor;
      }
      Arrays.fill(s, to, from + n, 0);
    }
  }

  @Override
  public void weightsBackward(
      double[] p,
      int po,
      double[] g,
      int go,
      int ld,
      int rows,
      int n,
      int first,
      AttentionScratch<double[]> scratch) {
    double[] lanes = scratch.lanes();
    for (int r = 0; r < rows; r++) {
      int from = go + r * ld;
      int at = po + r * ld;
      int seen = Math.min(n, first + r);
      double total = dot(g, from, p, at, seen, lanes);
      for (int i = 0; i < seen; i++) {
        g[from + i] = p[at + i] * (g[from + i] - total);
      }
      Arrays.fill(g, from + seen, from + n, 0);
    }
  }
}
