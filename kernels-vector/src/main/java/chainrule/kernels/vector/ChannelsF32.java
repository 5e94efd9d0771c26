package chainrule.kernels.vector;

import chainrule.internal.kernel.ScalarChannelsF32;
import chainrule.internal.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Normalisation by channel on whole vectors. */
final class ChannelsF32 extends ScalarChannelsF32 {
  static final ChannelsF32 INSTANCE = new ChannelsF32();

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private static final int COLUMNS = 4 * L;

  /** Elements of rows that the second-level cache holds. */
  private static final int NEAR = 1 << 17;

  private ChannelsF32() {}

  @Override
  public void squaresInner(
      float[] x, float[] mean, float[] q, int from, int to, int n, int channels) {
    if (!LanesF32.take(n)) {
      super.squaresInner(x, mean, q, from, to, n, channels);
      return;
    }
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      q[r] = LanesF32.squares(x, r * n, n, mean[r % channels], lanes);
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
    if (!LanesF32.take(n)) {
      super.productsInner(g, x, mean, scale, q, from, to, n, channels);
      return;
    }
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int c = r % channels;
      q[r] = LanesF32.products(g, x, r * n, n, mean[c], scale[c], lanes);
    }
  }

  @Override
  public void sumOuter(float[] x, float[] q, int at, int from, int to, int n) {
    SumsF32.outer(x, from * n, q, at, to - from, n, 0, n);
  }

  @Override
  public void squaresOuter(float[] x, float[] mean, float[] q, int at, int from, int to, int n) {
    int down = near(to - from, n) ? n / COLUMNS * COLUMNS : 0;
    for (int c = 0; c < down; c += COLUMNS) {
      squares(x, from * n + c, to - from, n, mean, c, q, at + c);
    }
    Arrays.fill(q, at + down, at + n, -0f);
    for (int r = from; r < to && down < n; r++) {
      addSquares(x, r * n, mean, q, at, down, n);
    }
  }

  /** Whether rows lie so near that it is as well to go down some columns as along them. */
  private static boolean near(int rows, int n) {
    return (long) rows * n <= NEAR;
  }

  /** Down four vectors of columns: their sums stay in registers. */
  private static void squares(
      float[] x, int xo, int rows, int n, float[] mean, int c, float[] q, int at) {
    FloatVector m0 = FloatVector.fromArray(S, mean, c);
    FloatVector m1 = FloatVector.fromArray(S, mean, c + L);
    FloatVector m2 = FloatVector.fromArray(S, mean, c + 2 * L);
    FloatVector m3 = FloatVector.fromArray(S, mean, c + 3 * L);
    FloatVector s0 = FloatVector.broadcast(S, -0f);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int r = 0, i = xo; r < rows; r++, i += n) {
      FloatVector d0 = FloatVector.fromArray(S, x, i).sub(m0);
      FloatVector d1 = FloatVector.fromArray(S, x, i + L).sub(m1);
      FloatVector d2 = FloatVector.fromArray(S, x, i + 2 * L).sub(m2);
      FloatVector d3 = FloatVector.fromArray(S, x, i + 3 * L).sub(m3);
      s0 = s0.add(d0.mul(d0));
      s1 = s1.add(d1.mul(d1));
      s2 = s2.add(d2.mul(d2));
      s3 = s3.add(d3.mul(d3));
    }
    s0.intoArray(q, at);
    s1.intoArray(q, at + L);
    s2.intoArray(q, at + 2 * L);
    s3.intoArray(q, at + 3 * L);
  }

  private static void addSquares(
      float[] x, int xo, float[] mean, float[] q, int at, int first, int n) {
    int end = first + S.loopBound(n - first);
    for (int c = first; c < end; c += L) {
      FloatVector d = FloatVector.fromArray(S, x, xo + c).sub(FloatVector.fromArray(S, mean, c));
      FloatVector.fromArray(S, q, at + c).add(d.mul(d)).intoArray(q, at + c);
    }
    for (int c = end; c < n; c++) {
      float d = x[xo + c] - mean[c];
      q[at + c] += d * d;
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
    int down = near(to - from, n) ? n / COLUMNS * COLUMNS : 0;
    for (int c = 0; c < down; c += COLUMNS) {
      products(g, x, from * n + c, to - from, n, mean, scale, c, q, at + c);
    }
    Arrays.fill(q, at + down, at + n, -0f);
    for (int r = from; r < to && down < n; r++) {
      addProducts(g, x, r * n, mean, scale, q, at, down, n);
    }
  }

  /** Down four vectors of columns. */
  private static void products(
      float[] g,
      float[] x,
      int xo,
      int rows,
      int n,
      float[] mean,
      float[] scale,
      int c,
      float[] q,
      int at) {
    FloatVector m0 = FloatVector.fromArray(S, mean, c);
    FloatVector m1 = FloatVector.fromArray(S, mean, c + L);
    FloatVector m2 = FloatVector.fromArray(S, mean, c + 2 * L);
    FloatVector m3 = FloatVector.fromArray(S, mean, c + 3 * L);
    FloatVector h0 = FloatVector.fromArray(S, scale, c);
    FloatVector h1 = FloatVector.fromArray(S, scale, c + L);
    FloatVector h2 = FloatVector.fromArray(S, scale, c + 2 * L);
    FloatVector h3 = FloatVector.fromArray(S, scale, c + 3 * L);
    FloatVector s0 = FloatVector.broadcast(S, -0f);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int r = 0, i = xo; r < rows; r++, i += n) {
      FloatVector d0 = FloatVector.fromArray(S, x, i).sub(m0).mul(h0);
      FloatVector d1 = FloatVector.fromArray(S, x, i + L).sub(m1).mul(h1);
      FloatVector d2 = FloatVector.fromArray(S, x, i + 2 * L).sub(m2).mul(h2);
      FloatVector d3 = FloatVector.fromArray(S, x, i + 3 * L).sub(m3).mul(h3);
      s0 = s0.add(FloatVector.fromArray(S, g, i).mul(d0));
      s1 = s1.add(FloatVector.fromArray(S, g, i + L).mul(d1));
      s2 = s2.add(FloatVector.fromArray(S, g, i + 2 * L).mul(d2));
      s3 = s3.add(FloatVector.fromArray(S, g, i + 3 * L).mul(d3));
    }
    s0.intoArray(q, at);
    s1.intoArray(q, at + L);
    s2.intoArray(q, at + 2 * L);
    s3.intoArray(q, at + 3 * L);
  }

  private static void addProducts(
      float[] g,
      float[] x,
      int xo,
      float[] mean,
      float[] scale,
      float[] q,
      int at,
      int first,
      int n) {
    int end = first + S.loopBound(n - first);
    for (int c = first; c < end; c += L) {
      FloatVector d = FloatVector.fromArray(S, x, xo + c).sub(FloatVector.fromArray(S, mean, c));
      FloatVector h = d.mul(FloatVector.fromArray(S, scale, c));
      FloatVector p = FloatVector.fromArray(S, g, xo + c).mul(h);
      FloatVector.fromArray(S, q, at + c).add(p).intoArray(q, at + c);
    }
    for (int c = end; c < n; c++) {
      q[at + c] += g[xo + c] * ((x[xo + c] - mean[c]) * scale[c]);
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
    if (n < L) {
      super.normalise(x, mean, scale, weight, bias, y, from, to, n, channels, mixed);
      return;
    }
    for (int r = from; r < to; r++) {
      if (mixed && weight != null && bias != null) {
        mixed(x, mean, scale, weight, bias, y, r * n, n);
      } else if (mixed) {
        mixed(x, mean, scale, y, r * n, n);
        if (weight != null) {
          LoopsF32.mul(y, r * n, 1, weight, 0, 1, y, r * n, n);
        }
        if (bias != null) {
          LoopsF32.add(y, r * n, 1, bias, 0, 1, y, r * n, n);
        }
      } else {
        int c = r % channels;
        // What leaves every number as it is stands for what is not there.
        float w = weight == null ? 1 : weight[c];
        float b = bias == null ? -0f : bias[c];
        single(x, mean[c], scale[c], w, b, y, r * n, n);
      }
    }
  }

  private static void mixed(
      float[] x,
      float[] mean,
      float[] scale,
      float[] weight,
      float[] bias,
      float[] y,
      int at,
      int n) {
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      FloatVector d = FloatVector.fromArray(S, x, at + c).sub(FloatVector.fromArray(S, mean, c));
      FloatVector h = d.mul(FloatVector.fromArray(S, scale, c));
      FloatVector w = FloatVector.fromArray(S, weight, c);
      h.mul(w).add(FloatVector.fromArray(S, bias, c)).intoArray(y, at + c);
    }
    for (int c = end; c < n; c++) {
      y[at + c] = (x[at + c] - mean[c]) * scale[c] * weight[c] + bias[c];
    }
  }

  private static void mixed(float[] x, float[] mean, float[] scale, float[] y, int at, int n) {
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
      FloatVector d = FloatVector.fromArray(S, x, at + c).sub(FloatVector.fromArray(S, mean, c));
      d.mul(FloatVector.fromArray(S, scale, c)).intoArray(y, at + c);
    }
    for (int c = end; c < n; c++) {
      y[at + c] = (x[at + c] - mean[c]) * scale[c];
    }
  }

  private static void single(
      float[] x, float mean, float scale, float weight, float bias, float[] y, int at, int n) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    FloatVector w = FloatVector.broadcast(S, weight);
    FloatVector b = FloatVector.broadcast(S, bias);
    int end = at + S.loopBound(n);
    for (int i = at; i < end; i += L) {
      FloatVector h = FloatVector.fromArray(S, x, i).sub(m).mul(s);
      h.mul(w).add(b).intoArray(y, i);
    }
    for (int i = end; i < at + n; i++) {
      y[i] = (x[i] - mean) * scale * weight + bias;
    }
  }
}
