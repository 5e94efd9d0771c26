package chainrule.kernels.vector;

import chainrule.internal.kernel.ScalarNormsF32;
import chainrule.internal.kernel.Scratch;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Normalisation over rows on whole vectors; a row is read again from the first cache. */
final class NormsF32 extends ScalarNormsF32 {
  static final NormsF32 INSTANCE = new NormsF32();

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private NormsF32() {}

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
    if (!LanesF32.take(n)) {
      super.norm(x, weight, bias, y, centred, eps, from, to, n);
      return;
    }
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      int at = r * n;
      float mean = centred ? LanesF32.sum(x, at, n, lanes) / n : 0;
      float scale = scale(LanesF32.squares(x, at, n, mean, lanes), n, eps);
      if (bias == null) {
        row(x, weight, y, at, n, mean, scale);
      } else {
        row(x, weight, bias, y, at, n, mean, scale);
      }
    }
  }

  private static void row(
      float[] x, float[] weight, float[] y, int at, int n, float mean, float scale) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      h.mul(FloatVector.fromArray(S, weight, i)).intoArray(y, at + i);
    }
    for (int i = end; i < n; i++) {
      y[at + i] = (x[at + i] - mean) * scale * weight[i];
    }
  }

  private static void row(
      float[] x, float[] weight, float[] bias, float[] y, int at, int n, float mean, float scale) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      FloatVector b = FloatVector.fromArray(S, bias, i);
      h.mul(FloatVector.fromArray(S, weight, i)).add(b).intoArray(y, at + i);
    }
    for (int i = end; i < n; i++) {
      y[at + i] = (x[at + i] - mean) * scale * weight[i] + bias[i];
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
    if (!LanesF32.take(n)) {
      super.normBackward(g, x, weight, dx, dweight, dbias, at, centred, eps, from, to, n);
      return;
    }
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float[] more = Scratch.floats(Scratch.Use.MORE_LANES, 64);
    if (dweight != null) {
      Arrays.fill(dweight, at, at + n, -0f);
    }
    if (dbias != null) {
      Arrays.fill(dbias, at, at + n, -0f);
    }
    for (int r = from; r < to; r++) {
      int row = r * n;
      float mean = centred ? LanesF32.sum(x, row, n, lanes) / n : 0;
      float scale = scale(LanesF32.squares(x, row, n, mean, lanes), n, eps);
      if (dx != null) {
        sums(g, x, weight, row, n, mean, scale, lanes, more);
        float middle = centred ? LanesF32.fold(lanes) / n : 0;
        float slope = LanesF32.fold(more) / n;
        if (dweight != null) {
          bothBackward(g, x, weight, dx, row, n, mean, scale, middle, slope, dweight, at);
        } else {
          rowBackward(g, x, weight, dx, row, n, mean, scale, middle, slope);
        }
      } else if (dweight != null) {
        addProducts(g, x, row, n, mean, scale, dweight, at);
      }
      if (dbias != null) {
        LoopsF32.add(g, row, 1, dbias, at, 1, dbias, at, n);
      }
    }
  }

  /** The lanes of {@code Σ d} and of {@code Σ d·h} with {@code d = g·weight}. */
  private static void sums(
      float[] g,
      float[] x,
      float[] weight,
      int at,
      int n,
      float mean,
      float scale,
      float[] lanes,
      float[] more) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    int whole = n / 64 * 64;
    if (whole == 0) {
      Arrays.fill(lanes, 0, 64, -0f);
      Arrays.fill(more, 0, 64, -0f);
    }
    for (int lane = 0; lane < 64 && whole > 0; lane += 4 * L) {
      FloatVector u0 = FloatVector.fromArray(S, weight, lane);
      FloatVector u1 = FloatVector.fromArray(S, weight, lane + L);
      FloatVector u2 = FloatVector.fromArray(S, weight, lane + 2 * L);
      FloatVector u3 = FloatVector.fromArray(S, weight, lane + 3 * L);
      FloatVector a0 = FloatVector.fromArray(S, g, at + lane).mul(u0);
      FloatVector a1 = FloatVector.fromArray(S, g, at + lane + L).mul(u1);
      FloatVector a2 = FloatVector.fromArray(S, g, at + lane + 2 * L).mul(u2);
      FloatVector a3 = FloatVector.fromArray(S, g, at + lane + 3 * L).mul(u3);
      FloatVector k0 = FloatVector.fromArray(S, x, at + lane).sub(m).mul(s);
      FloatVector k1 = FloatVector.fromArray(S, x, at + lane + L).sub(m).mul(s);
      FloatVector k2 = FloatVector.fromArray(S, x, at + lane + 2 * L).sub(m).mul(s);
      FloatVector k3 = FloatVector.fromArray(S, x, at + lane + 3 * L).sub(m).mul(s);
      FloatVector b0 = a0.mul(k0);
      FloatVector b1 = a1.mul(k1);
      FloatVector b2 = a2.mul(k2);
      FloatVector b3 = a3.mul(k3);
      for (int i = lane + 64; i < whole; i += 64) {
        FloatVector w0 = FloatVector.fromArray(S, weight, i);
        FloatVector w1 = FloatVector.fromArray(S, weight, i + L);
        FloatVector w2 = FloatVector.fromArray(S, weight, i + 2 * L);
        FloatVector w3 = FloatVector.fromArray(S, weight, i + 3 * L);
        FloatVector d0 = FloatVector.fromArray(S, g, at + i).mul(w0);
        FloatVector d1 = FloatVector.fromArray(S, g, at + i + L).mul(w1);
        FloatVector d2 = FloatVector.fromArray(S, g, at + i + 2 * L).mul(w2);
        FloatVector d3 = FloatVector.fromArray(S, g, at + i + 3 * L).mul(w3);
        FloatVector h0 = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
        FloatVector h1 = FloatVector.fromArray(S, x, at + i + L).sub(m).mul(s);
        FloatVector h2 = FloatVector.fromArray(S, x, at + i + 2 * L).sub(m).mul(s);
        FloatVector h3 = FloatVector.fromArray(S, x, at + i + 3 * L).sub(m).mul(s);
        a0 = a0.add(d0);
        a1 = a1.add(d1);
        a2 = a2.add(d2);
        a3 = a3.add(d3);
        b0 = b0.add(d0.mul(h0));
        b1 = b1.add(d1.mul(h1));
        b2 = b2.add(d2.mul(h2));
        b3 = b3.add(d3.mul(h3));
      }
      a0.intoArray(lanes, lane);
      a1.intoArray(lanes, lane + L);
      a2.intoArray(lanes, lane + 2 * L);
      a3.intoArray(lanes, lane + 3 * L);
      b0.intoArray(more, lane);
      b1.intoArray(more, lane + L);
      b2.intoArray(more, lane + 2 * L);
      b3.intoArray(more, lane + 3 * L);
    }
    int end = whole + S.loopBound(n - whole);
    for (int i = whole; i < end; i += L) {
      int lane = i - whole;
      FloatVector w = FloatVector.fromArray(S, weight, i);
      FloatVector d = FloatVector.fromArray(S, g, at + i).mul(w);
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      FloatVector.fromArray(S, lanes, lane).add(d).intoArray(lanes, lane);
      FloatVector.fromArray(S, more, lane).add(d.mul(h)).intoArray(more, lane);
    }
    for (int i = end; i < n; i++) {
      float d = g[at + i] * weight[i];
      lanes[i - whole] += d;
      more[i - whole] += d * ((x[at + i] - mean) * scale);
    }
  }

  private static void rowBackward(
      float[] g,
      float[] x,
      float[] weight,
      float[] dx,
      int at,
      int n,
      float mean,
      float scale,
      float middle,
      float slope) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    FloatVector a = FloatVector.broadcast(S, middle);
    FloatVector b = FloatVector.broadcast(S, slope);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      FloatVector w = FloatVector.fromArray(S, weight, i);
      FloatVector d = FloatVector.fromArray(S, g, at + i).mul(w).sub(a);
      d.sub(h.mul(b)).mul(s).intoArray(dx, at + i);
    }
    for (int i = end; i < n; i++) {
      float h = (x[at + i] - mean) * scale;
      dx[at + i] = ((g[at + i] * weight[i] - middle) - h * slope) * scale;
    }
  }

  /**
   * {@link #rowBackward} and {@link #addProducts} in one loop, as both are wanted in a training.
   */
  private static void bothBackward(
      float[] g,
      float[] x,
      float[] weight,
      float[] dx,
      int at,
      int n,
      float mean,
      float scale,
      float middle,
      float slope,
      float[] y,
      int yo) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    FloatVector a = FloatVector.broadcast(S, middle);
    FloatVector b = FloatVector.broadcast(S, slope);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      FloatVector v = FloatVector.fromArray(S, g, at + i);
      FloatVector.fromArray(S, y, yo + i).add(v.mul(h)).intoArray(y, yo + i);
      FloatVector d = v.mul(FloatVector.fromArray(S, weight, i)).sub(a);
      d.sub(h.mul(b)).mul(s).intoArray(dx, at + i);
    }
    for (int i = end; i < n; i++) {
      float h = (x[at + i] - mean) * scale;
      y[yo + i] += g[at + i] * h;
      dx[at + i] = ((g[at + i] * weight[i] - middle) - h * slope) * scale;
    }
  }

  /** {@code y[yo + i] += g·h}. */
  private static void addProducts(
      float[] g, float[] x, int at, int n, float mean, float scale, float[] y, int yo) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector s = FloatVector.broadcast(S, scale);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      FloatVector p = FloatVector.fromArray(S, g, at + i).mul(h);
      FloatVector.fromArray(S, y, yo + i).add(p).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] += g[at + i] * ((x[at + i] - mean) * scale);
    }
  }
}
