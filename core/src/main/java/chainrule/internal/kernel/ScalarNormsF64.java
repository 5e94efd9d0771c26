package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/** The specification of normalisation over rows of {@code double[]}. */
public class ScalarNormsF64 implements NormKernels<double[]> {
  static final ScalarNormsF64 INSTANCE = new ScalarNormsF64();

  /** Made once by each provider. */
  protected ScalarNormsF64() {}

  /** {@code 1/√(total/n + ε)}. */
  public static double scale(double total, int n, double eps) {
    return 1 / StrictMath.sqrt(total / n + eps);
  }

  /** The scale of a row of {@code a}, by way of {@code squares}. */
  private static double scale(
      double[] a, int n, double mean, double eps, double[] squares, double[] lanes) {
    for (int i = 0; i < n; i++) {
      double c = a[i] - mean;
      squares[i] = c * c;
    }
    return scale(ScalarRowsF64.sum(squares, 0, n, lanes), n, eps);
  }

  // Rows are copied to where all arrays run from one index: then the loops may run in SIMD.

  @Override
  public void norm(
      double[] x,
      double[] weight,
      double @Nullable [] bias,
      double[] y,
      boolean centred,
      double eps,
      int from,
      int to,
      int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    double[] a = Scratch.doubles(Scratch.Use.ROW_A, n);
    double[] squares = Scratch.doubles(Scratch.Use.ROW_B, n);
    for (int r = from; r < to; r++) {
      System.arraycopy(x, r * n, a, 0, n);
      double mean = centred ? ScalarRowsF64.sum(a, 0, n, lanes) / n : 0;
      double scale = scale(a, n, mean, eps, squares, lanes);
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
      double[] g,
      double[] x,
      double[] weight,
      double @Nullable [] dx,
      double @Nullable [] dweight,
      double @Nullable [] dbias,
      int at,
      boolean centred,
      double eps,
      int from,
      int to,
      int n) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    double[] h = Scratch.doubles(Scratch.Use.ROW_A, n);
    double[] d = Scratch.doubles(Scratch.Use.ROW_B, n);
    double[] p = Scratch.doubles(Scratch.Use.ROW_C, n);
    for (int r = from; r < to; r++) {
      System.arraycopy(x, r * n, h, 0, n);
      System.arraycopy(g, r * n, d, 0, n);
      double mean = centred ? ScalarRowsF64.sum(h, 0, n, lanes) / n : 0;
      double scale = scale(h, n, mean, eps, p, lanes);
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
        double middle = centred ? ScalarRowsF64.sum(d, 0, n, lanes) / n : 0;
        double slope = ScalarRowsF64.sum(p, 0, n, lanes) / n;
        for (int i = 0; i < n; i++) {
          d[i] = ((d[i] - middle) - h[i] * slope) * scale;
        }
        System.arraycopy(d, 0, dx, r * n, n);
      }
    }
  }

  private static void add(double[] x, int n, double[] y, int yo, boolean first) {
    if (first) {
      System.arraycopy(x, 0, y, yo, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      y[yo + i] += x[i];
    }
  }
}
