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
    Arrays.fill(q, at, at + n, -0f);
    for (int r = from; r < to; r++) {
      LoopsF32.add(x, r * n, 1, q, at, 1, q, at, n);
    }
  }

  @Override
  public void squaresOuter(float[] x, float[] mean, float[] q, int at, int from, int to, int n) {
    Arrays.fill(q, at, at + n, -0f);
    for (int r = from; r < to; r++) {
      addSquares(x, r * n, mean, q, at, n);
    }
  }

  private static void addSquares(float[] x, int xo, float[] mean, float[] q, int at, int n) {
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
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
    Arrays.fill(q, at, at + n, -0f);
    for (int r = from; r < to; r++) {
      addProducts(g, x, r * n, mean, scale, q, at, n);
    }
  }

  private static void addProducts(
      float[] g, float[] x, int xo, float[] mean, float[] scale, float[] q, int at, int n) {
    int end = S.loopBound(n);
    for (int c = 0; c < end; c += L) {
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
