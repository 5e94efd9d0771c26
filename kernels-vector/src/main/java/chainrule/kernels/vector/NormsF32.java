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

  /**
   * The lanes of {@code Σ d} and of {@code Σ d·h} with {@code d = g·weight}. They are summed in
   * memory: eight sums that a loop carries are objects to the JIT, at times.
   */
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
    Arrays.fill(lanes, 0, 64, -0f);
    Arrays.fill(more, 0, 64, -0f);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      int lane = i & 63;
      FloatVector w = FloatVector.fromArray(S, weight, i);
      FloatVector d = FloatVector.fromArray(S, g, at + i).mul(w);
      FloatVector h = FloatVector.fromArray(S, x, at + i).sub(m).mul(s);
      FloatVector.fromArray(S, lanes, lane).add(d).intoArray(lanes, lane);
      FloatVector.fromArray(S, more, lane).add(d.mul(h)).intoArray(more, lane);
    }
    for (int i = end; i < n; i++) {
      int lane = i & 63;
      float d = g[at + i] * weight[i];
      lanes[lane] += d;
      more[lane] += d * ((x[at + i] - mean) * scale);
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
