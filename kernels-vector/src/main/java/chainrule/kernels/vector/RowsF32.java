package chainrule.kernels.vector;

import chainrule.internal.kernel.FloatMath;
import chainrule.internal.kernel.ScalarRowsF32;
import chainrule.internal.kernel.Scratch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Softmax and what is made of it on whole vectors.
 *
 * <p>Rows of 64 elements and more have their exponentials and their sum in one pass. Shorter ones
 * go through in blocks that stay in the first cache; the exponentials of a block are one loop over
 * all of its rows, so that rows shorter than a vector have them in SIMD as well.
 */
final class RowsF32 extends ScalarRowsF32 {
  static final RowsF32 INSTANCE = new RowsF32();

  private static final int BLOCK = 2048;
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private RowsF32() {}

  private static int block(int n) {
    return Math.max(1, BLOCK / Math.max(1, n));
  }

  private static float total(float[] x, int at, int n, float[] lanes) {
    return LanesF32.take(n) ? LanesF32.sum(x, at, n, lanes) : sum(x, at, n, lanes);
  }

  /**
   * The largest of a row, or 0 if it is not finite.
   *
   * <p>A NaN loses here, where {@code Math.max} lets it win: whatever such a row is shifted by, its
   * sum of exponentials is NaN, and so is every result.
   */
  private static float shift(float[] x, int at, int n) {
    float top = Float.NEGATIVE_INFINITY;
    int i = at;
    if (n >= 4 * L) {
      FloatVector a = FloatVector.broadcast(S, top);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (; i + 4 * L <= at + n; i += 4 * L) {
        FloatVector p = FloatVector.fromArray(S, x, i);
        FloatVector q = FloatVector.fromArray(S, x, i + L);
        FloatVector r = FloatVector.fromArray(S, x, i + 2 * L);
        FloatVector s = FloatVector.fromArray(S, x, i + 3 * L);
        a = a.blend(p, p.compare(VectorOperators.GT, a));
        b = b.blend(q, q.compare(VectorOperators.GT, b));
        c = c.blend(r, r.compare(VectorOperators.GT, c));
        d = d.blend(s, s.compare(VectorOperators.GT, d));
      }
      VectorMask<Float> more = b.compare(VectorOperators.GT, a);
      a = a.blend(b, more);
      more = d.compare(VectorOperators.GT, c);
      c = c.blend(d, more);
      top = a.max(c).reduceLanes(VectorOperators.MAX);
    }
    for (; i < at + n; i++) {
      top = x[i] > top ? x[i] : top;
    }
    return Float.isFinite(top) ? top : 0;
  }

  /** {@code y = x − c}. */
  private static void sub(float[] x, int xo, float c, float[] y, int yo, int n) {
    FloatVector v = FloatVector.broadcast(S, c);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector.fromArray(S, x, xo + i).sub(v).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = x[xo + i] - c;
    }
  }

  @Override
  public void softmax(float[] x, float[] y, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    if (LanesF32.take(n)) {
      for (int r = from; r < to; r++) {
        int at = r * n;
        div(y, at, n, ExpSumsF32.run(x, at, shift(x, at, n), y, at, n, lanes));
      }
      return;
    }
    int block = block(n);
    for (int start = from; start < to; start += block) {
      int end = Math.min(to, start + block);
      for (int r = start; r < end; r++) {
        sub(x, r * n, shift(x, r * n, n), y, r * n, n);
      }
      ElementaryF32.exp(y, start * n, y, start * n, (end - start) * n);
      for (int r = start; r < end; r++) {
        div(y, r * n, n, total(y, r * n, n, lanes));
      }
    }
  }

  private static void div(float[] y, int at, int n, float c) {
    FloatVector v = FloatVector.broadcast(S, c);
    int end = at + S.loopBound(n);
    for (int i = at; i < end; i += L) {
      FloatVector.fromArray(S, y, i).div(v).intoArray(y, i);
    }
    for (int i = end; i < at + n; i++) {
      y[i] /= c;
    }
  }

  @Override
  public void softmaxBackward(float[] g, float[] y, float[] dx, int from, int to, int n) {
    if (!LanesF32.take(n)) {
      super.softmaxBackward(g, y, dx, from, to, n);
      return;
    }
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    for (int r = from; r < to; r++) {
      softmaxBackward(g, y, dx, r * n, n, LanesF32.products(g, y, r * n, n, lanes));
    }
  }

  private static void softmaxBackward(
      float[] g, float[] y, float[] dx, int at, int n, float total) {
    FloatVector t = FloatVector.broadcast(S, total);
    int end = at + S.loopBound(n);
    for (int i = at; i < end; i += L) {
      FloatVector d = FloatVector.fromArray(S, g, i).sub(t);
      FloatVector.fromArray(S, y, i).mul(d).intoArray(dx, i);
    }
    for (int i = end; i < at + n; i++) {
      dx[i] = y[i] * (g[i] - total);
    }
  }

  @Override
  public void logSoftmax(float[] x, float[] y, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    int block = block(n);
    float[] e = Scratch.floats(Scratch.Use.ROW_A, block * n);
    if (LanesF32.take(n)) {
      for (int r = from; r < to; r++) {
        int at = r * n;
        float shift = shift(x, at, n);
        sub(x, at, shift, y, at, n);
        sub(y, at, FloatMath.log(ExpSumsF32.run(x, at, shift, e, 0, n, lanes)), y, at, n);
      }
      return;
    }
    for (int start = from; start < to; start += block) {
      int end = Math.min(to, start + block);
      for (int r = start; r < end; r++) {
        sub(x, r * n, shift(x, r * n, n), y, r * n, n);
      }
      System.arraycopy(y, start * n, e, 0, (end - start) * n);
      ElementaryF32.exp(e, 0, e, 0, (end - start) * n);
      for (int r = start; r < end; r++) {
        float log = FloatMath.log(total(e, (r - start) * n, n, lanes));
        sub(y, r * n, log, y, r * n, n);
      }
    }
  }

  @Override
  public void logSoftmaxBackward(float[] g, float[] y, float[] dx, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    int block = block(n);
    for (int start = from; start < to; start += block) {
      int end = Math.min(to, start + block);
      ElementaryF32.exp(y, start * n, dx, start * n, (end - start) * n);
      for (int r = start; r < end; r++) {
        logSoftmaxBackward(g, dx, r * n, n, total(g, r * n, n, lanes));
      }
    }
  }

  private static void logSoftmaxBackward(float[] g, float[] dx, int at, int n, float total) {
    FloatVector t = FloatVector.broadcast(S, total);
    int end = at + S.loopBound(n);
    for (int i = at; i < end; i += L) {
      FloatVector p = FloatVector.fromArray(S, dx, i).mul(t);
      FloatVector.fromArray(S, g, i).sub(p).intoArray(dx, i);
    }
    for (int i = end; i < at + n; i++) {
      dx[i] = g[i] - dx[i] * total;
    }
  }

  @Override
  public void crossEntropy(float[] x, int[] labels, float[] loss, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    int block = block(n);
    float[] e = Scratch.floats(Scratch.Use.ROW_A, block * n);
    if (LanesF32.take(n)) {
      for (int r = from; r < to; r++) {
        float shift = shift(x, r * n, n);
        float total = ExpSumsF32.run(x, r * n, shift, e, 0, n, lanes);
        loss[r] = x[r * n + labels[r]] - shift - FloatMath.log(total);
      }
      return;
    }
    for (int start = from; start < to; start += block) {
      int end = Math.min(to, start + block);
      for (int r = start; r < end; r++) {
        int row = (r - start) * n;
        sub(x, r * n, shift(x, r * n, n), e, row, n);
        loss[r] = e[row + labels[r]];
      }
      ElementaryF32.exp(e, 0, e, 0, (end - start) * n);
      for (int r = start; r < end; r++) {
        loss[r] -= FloatMath.log(total(e, (r - start) * n, n, lanes));
      }
    }
  }

  @Override
  public void crossEntropyBackward(
      float[] g, float[] x, int[] labels, float[] dx, int rows, int from, int to, int n) {
    float[] lanes = Scratch.floats(Scratch.Use.LANES, 64);
    float scale = g[0] / rows;
    if (LanesF32.take(n)) {
      for (int r = from; r < to; r++) {
        int at = r * n;
        float total = ExpSumsF32.run(x, at, shift(x, at, n), dx, at, n, lanes);
        slopes(dx, at, n, at + labels[r], total, scale);
      }
      return;
    }
    int block = block(n);
    for (int start = from; start < to; start += block) {
      int end = Math.min(to, start + block);
      for (int r = start; r < end; r++) {
        sub(x, r * n, shift(x, r * n, n), dx, r * n, n);
      }
      ElementaryF32.exp(dx, start * n, dx, start * n, (end - start) * n);
      for (int r = start; r < end; r++) {
        slopes(dx, r * n, n, r * n + labels[r], total(dx, r * n, n, lanes), scale);
      }
    }
  }

  /** From exponentials to the gradient of a row. */
  private static void slopes(float[] e, int at, int n, int label, float total, float scale) {
    float truth = (e[label] / total - 1) * scale;
    divMul(e, at, n, total, scale);
    e[label] = truth;
  }

  private static void divMul(float[] y, int at, int n, float total, float scale) {
    FloatVector t = FloatVector.broadcast(S, total);
    FloatVector s = FloatVector.broadcast(S, scale);
    int end = at + S.loopBound(n);
    for (int i = at; i < end; i += L) {
      FloatVector.fromArray(S, y, i).div(t).mul(s).intoArray(y, i);
    }
    for (int i = end; i < at + n; i++) {
      y[i] = y[i] / total * scale;
    }
  }
}
