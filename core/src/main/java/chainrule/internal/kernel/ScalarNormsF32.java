package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/** The specification of normalisation over rows of {@code float[]}. */
public class ScalarNormsF32 implements NormKernels<float[]> {
  static final ScalarNormsF32 INSTANCE = new ScalarNormsF32();

  /** Made once by each provider. */
  protected ScalarNormsF32() {}

  /** {@code 1/√(total/n + ε)}. */
  public static float scale(float total, int n, double eps) {
    return (float) (1 / StrictMath.sqrt(total / n + (float) eps));
  }

  /** The scale of a row of {@code a}, by way of {@code squares}. */
  private static float scale(
      float[] a, int n, float mean, double eps, float[] squares, float[] lanes) {
    for (int i = 0; i < n; i++) {
      float c = a[i] - mean;
      squares[i] = c * c;
    }
    return scale(ScalarRowsF32.sum(squares, 0, n, lanes), n, eps);
  }

  // Rows are copied to where all arrays run from one index: then the loops may run in SIMD.

  @Override
  public void norm(
      float[] x,
      float[] weight,
      float @Nullable [] bias,
      float[] y,
      boolean centred,
      double eps,
      int from,
      int to,
      int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float[] a = Scratch.floats(Scratch.Use.ROW_A, n);
    float[] squares = Scratch.floats(Scratch.Use.ROW_B, n);
    for (int r = from; r < to; r++) {
      System.arraycopy(x, r * n, a, 0, n);
      float mean = centred ? ScalarRowsF32.sum(a, 0, n, lanes) / n : 0;
      float scale = scale(a, n, mean, eps, squares, lanes);
      for (int i = 0; i < n; i++) {
        a[i] = (a[i] - mean) * scale * weight[i];
      }
      if (bias != null) {
        for (int i = 0; i < n; i++) {
          a[i] += bias[i];
        }
      }
      System.arraycopy(a, 0, y, r * n, n);
    }
  }

  @Override
  public void normBackward(
      float[] g,
      float[] x,
      float[] weight,
      float @Nullable [] dx,
      float @Nullable [] dweight,
      float @Nullable [] dbias,
      int at,
      boolean centred,
      double eps,
      int from,
      int to,
      int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float[] h = Scratch.floats(Scratch.Use.ROW_A, n);
    float[] d = Scratch.floats(Scratch.Use.ROW_B, n);
    float[] p = Scratch.floats(Scratch.Use.ROW_C, n);
    for (int r = from; r < to; r++) {
      System.arraycopy(x, r * n, h, 0, n);
      System.arraycopy(g, r * n, d, 0, n);
      float mean = centred ? ScalarRowsF32.sum(h, 0, n, lanes) / n : 0;
      float scale = scale(h, n, mean, eps, p, lanes);
      for (int i = 0; i < n; i++) {
        h[i] = (h[i] - mean) * scale;
      }
      if (dbias != null) {
        add(d, n, dbias, at, r == from);
      }
      if (dweight != null) {
        for (int i = 0; i < n; i++) {
          p[i] = d[i] * h[i];
        }
        add(p, n, dweight, at, r == from);
      }
      if (dx != null) {
        for (int i = 0; i < n; i++) {
          d[i] *= weight[i];
        }
        for (int i = 0; i < n; i++) {
          p[i] = d[i] * h[i];
        }
        float middle = centred ? ScalarRowsF32.sum(d, 0, n, lanes) / n : 0;
        float slope = ScalarRowsF32.sum(p, 0, n, lanes) / n;
        for (int i = 0; i < n; i++) {
          d[i] = ((d[i] - middle) - h[i] * slope) * scale;
        }
        System.arraycopy(d, 0, dx, r * n, n);
      }
    }
  }

  private static void add(float[] x, int n, float[] y, int yo, boolean first) {
    if (first) {
      System.arraycopy(x, 0, y, yo, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      y[yo + i] += x[i];
    }
  }
}
