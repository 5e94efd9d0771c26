package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/** The specification of normalisation by channel over {@code double[]}. */
public class ScalarChannelsF64 implements ChannelKernels<double[]> {
  static final ScalarChannelsF64 INSTANCE = new ScalarChannelsF64();

  /** Made once by each provider. */
  protected ScalarChannelsF64() {}

  @Override
  public void scale(double[] var, int at, double[] scale, double eps, int channels) {
    for (int c = 0; c < channels; c++) {
      scale[c] = ScalarNormsF64.scale(var[at + c], 1, eps);
    }
  }

  @Override
  public void divide(double[] x, int count, double[] y, int at, int channels) {
    for (int c = 0; c < channels; c++) {
      y[at + c] = x[c] / count;
    }
  }

  @Override
  public void factor(double[] scale, double @Nullable [] weight, double[] factor, int channels) {
    for (int c = 0; c < channels; c++) {
      factor[c] = weight == null ? scale[c] : scale[c] * weight[c];
    }
  }

  @Override
  public void momentsArrive(
      double[] factor, double[] scale, double[] sum, double[] product, double[] g, int channels) {
    for (int c = 0; c < channels; c++) {
      g[c] = -(factor[c] * sum[c]);
      g[channels + c] = -0.5 * (factor[c] * scale[c] * product[c]);
    }
  }

  @Override
  public void momentsBackward(
      double[] g, int count, double[] offset, double[] slope, int channels) {
    for (int c = 0; c < channels; c++) {
      offset[c] = g[c] / count;
      slope[c] = 2 * g[channels + c] / count;
    }
  }

  @Override
  public void squaresInner(
      double[] x, double[] mean, double[] q, int from, int to, int n, int channels) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    double[] row = Scratch.doubles(Scratch.Use.ROW_A, n);
    for (int r = from; r < to; r++) {
      double m = mean[r % channels];
      for (int i = 0; i < n; i++) {
        double d = x[r * n + i] - m;
        row[i] = d * d;
      }
      q[r] = ScalarRowsF64.sum(row, 0, n, lanes);
    }
  }

  @Override
  public void productsInner(
      double[] g,
      double[] x,
      double[] mean,
      double[] scale,
      double[] q,
      int from,
      int to,
      int n,
      int channels) {
    double[] lanes = Scratch.doubles(Scratch.Use.LANES, 64);
    double[] row = Scratch.doubles(Scratch.Use.ROW_A, n);
    for (int r = from; r < to; r++) {
      double m = mean[r % channels];
      double s = scale[r % channels];
      for (int i = 0; i < n; i++) {
        row[i] = g[r * n + i] * ((x[r * n + i] - m) * s);
      }
      q[r] = ScalarRowsF64.sum(row, 0, n, lanes);
    }
  }

  @Override
  public void sumOuter(double[] x, double[] q, int at, int from, int to, int n) {
    System.arraycopy(x, from * n, q, at, n);
    for (int r = from + 1; r < to; r++) {
      for (int c = 0; c < n; c++) {
        q[at + c] += x[r * n + c];
      }
    }
  }

  @Override
  public void squaresOuter(double[] x, double[] mean, double[] q, int at, int from, int to, int n) {
    for (int r = from; r < to; r++) {
      for (int c = 0; c < n; c++) {
        double d = x[r * n + c] - mean[c];
        double p = d * d;
        q[at + c] = r == from ? p : q[at + c] + p;
      }
    }
  }

  @Override
  public void productsOuter(
      double[] g,
      double[] x,
      double[] mean,
      double[] scale,
      double[] q,
      int at,
      int from,
      int to,
      int n) {
    for (int r = from; r < to; r++) {
      for (int c = 0; c < n; c++) {
        double p = g[r * n + c] * ((x[r * n + c] - mean[c]) * scale[c]);
        q[at + c] = r == from ? p : q[at + c] + p;
      }
    }
  }

  @Override
  public void normalise(
      double[] x,
      double[] mean,
      double[] scale,
      double @Nullable [] weight,
      double @Nullable [] bias,
      double[] y,
      int from,
      int to,
      int n,
      int channels,
      boolean mixed) {
    if (mixed) {
      mixed(x, mean, scale, weight, bias, y, from, to, n);
      return;
    }
    for (int r = from; r < to; r++) {
      int c = r % channels;
      int end = r * n + n;
      double m = mean[c];
      double s = scale[c];
      for (int i = r * n; i < end; i++) {
        y[i] = (x[i] - m) * s;
      }
      if (weight != null) {
        double w = weight[c];
        for (int i = r * n; i < end; i++) {
          y[i] *= w;
        }
      }
      if (bias != null) {
        double b = bias[c];
        for (int i = r * n; i < end; i++) {
          y[i] += b;
        }
      }
    }
  }

  private static void mixed(
      double[] x,
      double[] mean,
      double[] scale,
      double @Nullable [] weight,
      double @Nullable [] bias,
      double[] y,
      int from,
      int to,
      int n) {
    for (int r = from; r < to; r++) {
      int at = r * n;
      for (int c = 0; c < n; c++) {
        y[at + c] = (x[at + c] - mean[c]) * scale[c];
      }
      if (weight != null) {
        for (int c = 0; c < n; c++) {
          y[at + c] *= weight[c];
        }
      }
      if (bias != null) {
        for (int c = 0; c < n; c++) {
          y[at + c] += bias[c];
        }
      }
    }
  }
}
