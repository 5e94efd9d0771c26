package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/** The specification of normalisation by channel over {@code float[]}. */
public class ScalarChannelsF32 implements ChannelKernels<float[]> {
  static final ScalarChannelsF32 INSTANCE = new ScalarChannelsF32();

  /** Made once by each provider. */
  protected ScalarChannelsF32() {}

  @Override
  public void scale(float[] var, int at, float[] scale, double eps, int channels) {
    for (int c = 0; c < channels; c++) {
      scale[c] = ScalarNormsF32.scale(var[at + c], 1, eps);
    }
  }

  @Override
  public void divide(float[] x, int count, float[] y, int at, int channels) {
    for (int c = 0; c < channels; c++) {
      y[at + c] = x[c] / count;
    }
  }

  @Override
  public void factor(float[] scale, float @Nullable [] weight, float[] factor, int channels) {
    for (int c = 0; c < channels; c++) {
      factor[c] = weight == null ? scale[c] : scale[c] * weight[c];
    }
  }

  @Override
  public void momentsArrive(
      float[] factor, float[] scale, float[] sum, float[] product, float[] g, int channels) {
    for (int c = 0; c < channels; c++) {
      g[c] = -(factor[c] * sum[c]);
      g[channels + c] = -0.5f * (factor[c] * scale[c] * product[c]);
    }
  }

  @Override
  public void momentsBackward(float[] g, int count, float[] offset, float[] slope, int channels) {
    for (int c = 0; c < channels; c++) {
      offset[c] = g[c] / count;
      slope[c] = 2 * g[channels + c] / count;
    }
  }

  @Override
  public void squaresInner(
      float[] x, float[] mean, float[] q, int from, int to, int n, int channels) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float[] row = Scratch.floats(Scratch.Use.ROW_A, n);
    for (int r = from; r < to; r++) {
      float m = mean[r % channels];
      for (int i = 0; i < n; i++) {
        float d = x[r * n + i] - m;
        row[i] = d * d;
      }
      q[r] = ScalarRowsF32.sum(row, 0, n, lanes);
    }
  }

  @Override
  public void productsInner(
      float[] g,
      float[] x,
      float[] mean,
      float[] scale,
      float[] q,
      int from,
      int to,
      int n,
      int channels) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float[] row = Scratch.floats(Scratch.Use.ROW_A, n);
    for (int r = from; r < to; r++) {
      float m = mean[r % channels];
      float s = scale[r % channels];
      for (int i = 0; i < n; i++) {
        row[i] = g[r * n + i] * ((x[r * n + i] - m) * s);
      }
      q[r] = ScalarRowsF32.sum(row, 0, n, lanes);
    }
  }

  @Override
  public void sumOuter(float[] x, float[] q, int at, int from, int to, int n) {
    System.arraycopy(x, from * n, q, at, n);
    for (int r = from + 1; r < to; r++) {
      for (int c = 0; c < n; c++) {
        q[at + c] += x[r * n + c];
      }
    }
  }

  @Override
  public void squaresOuter(float[] x, float[] mean, float[] q, int at, int from, int to, int n) {
    for (int r = from; r < to; r++) {
      for (int c = 0; c < n; c++) {
        float d = x[r * n + c] - mean[c];
        float p = d * d;
        q[at + c] = r == from ? p : q[at + c] + p;
      }
    }
  }

  @Override
  public void productsOuter(
      float[] g,
      float[] x,
      float[] mean,
      float[] scale,
      float[] q,
      int at,
      int from,
      int to,
      int n) {
    for (int r = from; r < to; r++) {
      for (int c = 0; c < n; c++) {
        float p = g[r * n + c] * ((x[r * n + c] - mean[c]) * scale[c]);
        q[at + c] = r == from ? p : q[at + c] + p;
      }
    }
  }

  @Override
  public void normalise(
      float[] x,
      float[] mean,
      float[] scale,
      float @Nullable [] weight,
      float @Nullable [] bias,
      float[] y,
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
      float m = mean[c];
      float s = scale[c];
      for (int i = r * n; i < end; i++) {
        y[i] = (x[i] - m) * s;
      }
      if (weight != null) {
        float w = weight[c];
        for (int i = r * n; i < end; i++) {
          y[i] *= w;
        }
      }
      if (bias != null) {
        float b = bias[c];
        for (int i = r * n; i < end; i++) {
          y[i] += b;
        }
      }
    }
  }

  private static void mixed(
      float[] x,
      float[] mean,
      float[] scale,
      float @Nullable [] weight,
      float @Nullable [] bias,
      float[] y,
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
