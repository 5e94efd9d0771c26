package chainrule.kernels.vector;

import static chainrule.internal.kernel.FloatMath.*;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;

import chainrule.internal.kernel.AttentionScratch;
import chainrule.internal.kernel.ScalarAttentionF32;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of attention over {@code float[]} on whole vectors.
 *
 * <p>Rows begin at whole vectors of their own ({@code ld} is a multiple of {@value #PAD}), so loops
 * run into what a row does not see, after that was filled with what changes nothing: −∞ for a
 * maximum and for exp, −0 for a sum.
 */
final class AttentionF32 extends ScalarAttentionF32 {
  static final AttentionF32 INSTANCE = new AttentionF32();

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int PAD = 16;
  private static final float[] PLACES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

  /** Rows taken together, so that none waits for the last steps of another's sum. */
  private static final int GROUP = AttentionScratch.GROUP;

  /** Rows of at most this many scores stay in four vectors. */
  private static final int SHORT = 64;

  private static final VectorShuffle<Float> X8 = VectorShuffle.fromOp(S, i -> (i ^ 8) % L);
  private static final VectorShuffle<Float> X4 = VectorShuffle.fromOp(S, i -> (i ^ 4) % L);
  private static final VectorShuffle<Float> X2 = VectorShuffle.fromOp(S, i -> (i ^ 2) % L);
  private static final VectorShuffle<Float> X1 = VectorShuffle.fromOp(S, i -> (i ^ 1) % L);

  private AttentionF32() {}

  private static FloatVector all(float c) {
    return FloatVector.broadcast(S, c);
  }

  @Override
  public void scale(
      double c, float[] x, int xo, int ldx, float[] y, int yo, int ldy, int rows, int n) {
    int whole = S.loopBound(n);
    for (int r = 0; r < rows; r++) {
      multiply((float) c, x, xo + r * ldx, y, yo + r * ldy, whole);
    }
    if (whole < n) {
      super.scale(c, x, xo + whole, ldx, y, yo + whole, ldy, rows, n - whole);
    }
  }

  private static void multiply(float c, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, x, xo + i).mul(c).intoArray(y, yo + i);
    }
  }

  /** Where the last vector that holds something of a row ends. */
  private static int end(int from, int seen) {
    return from + (seen + L - 1) / L * L;
  }

  @Override
  public void weights(
      float[] s, int so, int ld, int rows, int n, int first, AttentionScratch<float[]> scratch) {
    if (L > PAD || ld % PAD != 0) {
      super.weights(s, so, ld, rows, n, first, scratch);
      return;
    }
    if (L == PAD && n <= SHORT) {
      int width = (n + L - 1) / L;
      for (int r0 = 0; r0 < rows; r0 += GROUP) {
        int group = Math.min(GROUP, rows - r0);
        int from = so + r0 * ld;
        if (width <= 2) {
          shift2(s, from, ld, group, width, n, first + r0);
        } else {
          shift4(s, from, ld, group, width, n, first + r0);
        }
        for (int r = 0; r < group; r++) {
          int at = from + r * ld;
          ElementaryF32.exp(s, at, s, at, end(0, Math.min(n, first + r0 + r)));
        }
        if (width <= 2) {
          share2(s, from, ld, group, width, n, first + r0);
        } else {
          share4(s, from, ld, group, width, n, first + r0);
        }
      }
      return;
    }
    float[] lanes = scratch.lanes();
    float[] row = scratch.row();
    for (int r0 = 0; r0 < rows; r0 += GROUP) {
      int group = Math.min(GROUP, rows - r0);
      int from = so + r0 * ld;
      for (int r = 0; r < group; r++) {
        int at = from + r * ld;
        int seen = Math.min(n, first + r0 + r);
        hide(s, at, seen, Float.NEGATIVE_INFINITY);
        row[r] = largest(s, at, end(at, seen));
      }
      for (int r = 0; r < group; r++) {
        int at = from + r * ld;
        float shift = Float.isFinite(row[r]) ? row[r] : 0;
        exp(s, at, end(at, Math.min(n, first + r0 + r)), shift, lanes, 64 * r);
      }
      for (int r = 0; r < group; r++) {
        float total = halved(lanes, 64 * r);
        row[r] = total == 0 ? 1 : total;
      }
      for (int r = 0; r < group; r++) {
        int at = from + r * ld;
        int seen = Math.min(n, first + r0 + r);
        divide(s, at, end(at, seen), row[r]);
        clear(s, at, seen, n);
      }
    }
  }

  /**
   * What a row does not see becomes −∞, and from the rest its largest is taken, if that is finite:
   * one or two vectors, whose lanes all come to hold the largest.
   */
  private static void shift2(float[] s, int from, int ld, int rows, int width, int n, int first) {
    FloatVector places = FloatVector.fromArray(S, PLACES, 0);
    FloatVector none = all(Float.NEGATIVE_INFINITY);
    for (int r = 0; r < rows; r++) {
      int at = from + r * ld;
      float seen = Math.min(n, first + r);
      FloatVector a = FloatVector.fromArray(S, s, at).blend(none, places.compare(GE, seen));
      FloatVector b = width < 2 ? none : FloatVector.fromArray(S, s, at + L);
      b = b.blend(none, places.compare(GE, seen - L));
      FloatVector top = a.max(b);
      top = top.max(top.rearrange(X8));
      top = top.max(top.rearrange(X4));
      top = top.max(top.rearrange(X2));
      top = top.max(top.rearrange(X1));
      top = all(0).blend(top, top.test(VectorOperators.IS_FINITE));
      a.sub(top).intoArray(s, at);
      if (width == 2) {
        b.sub(top).intoArray(s, at + L);
      }
    }
  }

  /** The same of three or four vectors. */
  private static void shift4(float[] s, int from, int ld, int rows, int width, int n, int first) {
    FloatVector places = FloatVector.fromArray(S, PLACES, 0);
    FloatVector none = all(Float.NEGATIVE_INFINITY);
    for (int r = 0; r < rows; r++) {
      int at = from + r * ld;
      float seen = Math.min(n, first + r);
      FloatVector a = FloatVector.fromArray(S, s, at).blend(none, places.compare(GE, seen));
      FloatVector b = FloatVector.fromArray(S, s, at + L);
      b = b.blend(none, places.compare(GE, seen - L));
      FloatVector c = FloatVector.fromArray(S, s, at + 2 * L);
      c = c.blend(none, places.compare(GE, seen - 2 * L));
      FloatVector d = width < 4 ? none : FloatVector.fromArray(S, s, at + 3 * L);
      d = d.blend(none, places.compare(GE, seen - 3 * L));
      FloatVector top = a.max(b).max(c.max(d));
      top = top.max(top.rearrange(X8));
      top = top.max(top.rearrange(X4));
      top = top.max(top.rearrange(X2));
      top = top.max(top.rearrange(X1));
      top = all(0).blend(top, top.test(VectorOperators.IS_FINITE));
      a.sub(top).intoArray(s, at);
      b.sub(top).intoArray(s, at + L);
      c.sub(top).intoArray(s, at + 2 * L);
      if (width == 4) {
        d.sub(top).intoArray(s, at + 3 * L);
      }
    }
  }

  /** Divides what a row sees by its sum; the rest becomes 0. */
  private static void share2(float[] s, int from, int ld, int rows, int width, int n, int first) {
    FloatVector places = FloatVector.fromArray(S, PLACES, 0);
    FloatVector zero = all(0);
    for (int r = 0; r < rows; r++) {
      int at = from + r * ld;
      float seen = Math.min(n, first + r);
      FloatVector a = FloatVector.fromArray(S, s, at).blend(zero, places.compare(GE, seen));
      FloatVector b = width < 2 ? zero : FloatVector.fromArray(S, s, at + L);
      b = b.blend(zero, places.compare(GE, seen - L));
      FloatVector total = a.add(b);
      total = total.add(total.rearrange(X8));
      total = total.add(total.rearrange(X4));
      total = total.add(total.rearrange(X2));
      total = total.add(total.rearrange(X1));
      total = total.blend(all(1), total.compare(EQ, 0));
      a.div(total).blend(zero, places.compare(GE, seen)).intoArray(s, at);
      if (width == 2) {
        b.div(total).blend(zero, places.compare(GE, seen - L)).intoArray(s, at + L);
      }
    }
  }

  /** The same of three or four vectors. */
  private static void share4(float[] s, int from, int ld, int rows, int width, int n, int first) {
    FloatVector places = FloatVector.fromArray(S, PLACES, 0);
    FloatVector zero = all(0);
    for (int r = 0; r < rows; r++) {
      int at = from + r * ld;
      float seen = Math.min(n, first + r);
      FloatVector a = FloatVector.fromArray(S, s, at).blend(zero, places.compare(GE, seen));
      FloatVector b = FloatVector.fromArray(S, s, at + L);
      b = b.blend(zero, places.compare(GE, seen - L));
      FloatVector c = FloatVector.fromArray(S, s, at + 2 * L);
      c = c.blend(zero, places.compare(GE, seen - 2 * L));
      FloatVector d = width < 4 ? zero : FloatVector.fromArray(S, s, at + 3 * L);
      d = d.blend(zero, places.compare(GE, seen - 3 * L));
      FloatVector total = a.add(c).add(b.add(d));
      total = total.add(total.rearrange(X8));
      total = total.add(total.rearrange(X4));
      total = total.add(total.rearrange(X2));
      total = total.add(total.rearrange(X1));
      total = total.blend(all(1), total.compare(EQ, 0));
      a.div(total).blend(zero, places.compare(GE, seen)).intoArray(s, at);
      b.div(total).blend(zero, places.compare(GE, seen - L)).intoArray(s, at + L);
      c.div(total).blend(zero, places.compare(GE, seen - 2 * L)).intoArray(s, at + 2 * L);
      if (width == 4) {
        d.div(total).blend(zero, places.compare(GE, seen - 3 * L)).intoArray(s, at + 3 * L);
      }
    }
  }

  /**
   * Fills what the last vector holds beyond what a row sees: as a whole vector, because a load
   * waits long for smaller stores that it covers.
   */
  private static void hide(float[] s, int from, int seen, float value) {
    int whole = S.loopBound(seen);
    if (whole < seen) {
      FloatVector v = FloatVector.fromArray(S, s, from + whole);
      v.blend(all(value), FloatVector.fromArray(S, PLACES, 0).compare(GE, (float) (seen - whole)))
          .intoArray(s, from + whole);
    }
  }

  /** Makes 0 of what a row of n does not see. */
  private static void clear(float[] s, int from, int seen, int n) {
    hide(s, from, seen, 0);
    int end = end(from, seen);
    if (end < from + n) {
      Arrays.fill(s, end, from + n, 0);
    }
  }

  private static float largest(float[] s, int from, int end) {
    FloatVector top = all(Float.NEGATIVE_INFINITY);
    for (int i = from; i < end; i += L) {
      top = top.max(FloatVector.fromArray(S, s, i));
    }
    return top.reduceLanes(VectorOperators.MAX);
  }

  /** {@code s ← exp(s − shift)}, as {@link ElementaryF32#exp}; lanes get their sum in 64 parts. */
  private static void exp(float[] s, int from, int end, float shift, float[] lanes, int lo) {
    for (int j = lo; j < lo + 64; j += L) {
      all(0).intoArray(lanes, j);
    }
    for (int i = from; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, s, i).sub(shift);
      FloatVector z = v.blend(all(EXP_LOWEST), v.compare(VectorOperators.LT, EXP_LOWEST));
      z = z.blend(all(EXP_HIGHEST), z.compare(VectorOperators.GT, EXP_HIGHEST));
      FloatVector shifted = z.fma(all(LOG2_E), all(ROUND));
      FloatVector k = shifted.sub(all(ROUND));
      FloatVector r = k.fma(all(-LN2_HIGH), z);
      r = k.fma(all(-LN2_LOW), r);
      FloatVector p = r.fma(all(EXP_6), all(EXP_5));
      p = r.fma(p, all(EXP_4));
      p = r.fma(p, all(EXP_3));
      p = r.fma(p, all(EXP_2));
      FloatVector t = r.mul(r).fma(p, r);
      IntVector n = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = n.lanewise(VectorOperators.ASHR, 1);
      FloatVector scale =
          half.lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector rest =
          n.sub(half).lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector e = scale.fma(t, scale).mul(rest);
      e.intoArray(s, i);
      int lane = lo + (i - from & 63);
      FloatVector.fromArray(S, lanes, lane).add(e).intoArray(lanes, lane);
    }
  }

  /** The lanes' upper half is added to the lower until one is left; empty ones change nothing. */
  private static float halved(float[] lanes, int lo) {
    int half = 32;
    for (; half >= L; half /= 2) {
      for (int j = lo; j < lo + half; j += L) {
        FloatVector upper = FloatVector.fromArray(S, lanes, j + half);
        FloatVector.fromArray(S, lanes, j).add(upper).intoArray(lanes, j);
      }
    }
    for (; half > 0; half /= 2) {
      for (int j = lo; j < lo + half; j++) {
        lanes[j] += lanes[j + half];
      }
    }
    return lanes[lo];
  }

  private static void divide(float[] s, int from, int end, float divisor) {
    for (int i = from; i < end; i += L) {
      FloatVector.fromArray(S, s, i).div(divisor).intoArray(s, i);
    }
  }

  @Override
  public void weightsBackward(
      float[] p,
      int po,
      float[] g,
      int go,
      int ld,
      int rows,
      int n,
      int first,
      AttentionScratch<float[]> scratch) {
    if (L > PAD || ld % PAD != 0) {
      super.weightsBackward(p, po, g, go, ld, rows, n, first, scratch);
      return;
    }
    if (L == PAD && n <= SHORT) {
      int width = (n + L - 1) / L;
      if (width <= 2) {
        backward2(p, po, g, go, ld, rows, width, n, first);
      } else {
        backward4(p, po, g, go, ld, rows, width, n, first);
      }
      return;
    }
    float[] lanes = scratch.lanes();
    for (int r0 = 0; r0 < rows; r0 += GROUP) {
      int group = Math.min(GROUP, rows - r0);
      int from = go + r0 * ld;
      int at = po + r0 * ld;
      for (int r = 0; r < group; r++) {
        int seen = Math.min(n, first + r0 + r);
        hide(p, at + r * ld, seen, 0);
        hide(g, from + r * ld, seen, -0f);
        products(p, at + r * ld, g, from + r * ld, end(0, seen), lanes, 64 * r);
      }
      for (int r = 0; r < group; r++) {
        int seen = Math.min(n, first + r0 + r);
        float total = halved(lanes, 64 * r);
        slopes(p, at + r * ld, g, from + r * ld, end(0, seen), total);
        clear(g, from + r * ld, seen, n);
      }
    }
  }

  private static void products(float[] p, int po, float[] g, int go, int n, float[] lanes, int lo) {
    for (int j = lo; j < lo + 64; j += L) {
      all(-0f).intoArray(lanes, j);
    }
    for (int i = 0; i < n; i += L) {
      FloatVector product =
          FloatVector.fromArray(S, g, go + i).mul(FloatVector.fromArray(S, p, po + i));
      int lane = lo + (i & 63);
      FloatVector.fromArray(S, lanes, lane).add(product).intoArray(lanes, lane);
    }
  }

  private static void slopes(float[] p, int po, float[] g, int go, int n, float total) {
    for (int i = 0; i < n; i += L) {
      FloatVector difference = FloatVector.fromArray(S, g, go + i).sub(total);
      FloatVector.fromArray(S, p, po + i).mul(difference).intoArray(g, go + i);
    }
  }

  /** Rows of one or two vectors; −0 stands for what takes no part in the sum. */
  private static void backward2(
      float[] p, int po, float[] g, int go, int ld, int rows, int width, int n, int first) {
    FloatVector places = FloatVector.fromArray(S, PLACES, 0);
    FloatVector none = all(-0f);
    for (int r = 0; r < rows; r++) {
      int at = po + r * ld;
      int to = go + r * ld;
      float seen = Math.min(n, first + r);
      FloatVector p0 = FloatVector.fromArray(S, p, at);
      FloatVector g0 = FloatVector.fromArray(S, g, to);
      FloatVector p1 = width < 2 ? none : FloatVector.fromArray(S, p, at + L);
      FloatVector g1 = width < 2 ? none : FloatVector.fromArray(S, g, to + L);
      FloatVector total = g0.mul(p0).blend(none, places.compare(GE, seen));
      total = total.add(g1.mul(p1).blend(none, places.compare(GE, seen - L)));
      total = total.add(total.rearrange(X8));
      total = total.add(total.rearrange(X4));
      total = total.add(total.rearrange(X2));
      total = total.add(total.rearrange(X1));
      p0.mul(g0.sub(total)).blend(0, places.compare(GE, seen)).intoArray(g, to);
      if (width == 2) {
        p1.mul(g1.sub(total)).blend(0, places.compare(GE, seen - L)).intoArray(g, to + L);
      }
    }
  }

  /** The same of three or four vectors. */
  private static void backward4(
      float[] p, int po, float[] g, int go, int ld, int rows, int width, int n, int first) {
    FloatVector places = FloatVector.fromArray(S, PLACES, 0);
    FloatVector none = all(-0f);
    for (int r = 0; r < rows; r++) {
      int at = po + r * ld;
      int to = go + r * ld;
      float seen = Math.min(n, first + r);
      FloatVector p0 = FloatVector.fromArray(S, p, at);
      FloatVector g0 = FloatVector.fromArray(S, g, to);
      FloatVector p1 = FloatVector.fromArray(S, p, at + L);
      FloatVector g1 = FloatVector.fromArray(S, g, to + L);
      FloatVector p2 = FloatVector.fromArray(S, p, at + 2 * L);
      FloatVector g2 = FloatVector.fromArray(S, g, to + 2 * L);
      FloatVector p3 = width < 4 ? none : FloatVector.fromArray(S, p, at + 3 * L);
      FloatVector g3 = width < 4 ? none : FloatVector.fromArray(S, g, to + 3 * L);
      FloatVector total = g0.mul(p0).blend(none, places.compare(GE, seen));
      total = total.add(g2.mul(p2).blend(none, places.compare(GE, seen - 2 * L)));
      FloatVector odd = g1.mul(p1).blend(none, places.compare(GE, seen - L));
      odd = odd.add(g3.mul(p3).blend(none, places.compare(GE, seen - 3 * L)));
      total = total.add(odd);
      total = total.add(total.rearrange(X8));
      total = total.add(total.rearrange(X4));
      total = total.add(total.rearrange(X2));
      total = total.add(total.rearrange(X1));
      p0.mul(g0.sub(total)).blend(0, places.compare(GE, seen)).intoArray(g, to);
      p1.mul(g1.sub(total)).blend(0, places.compare(GE, seen - L)).intoArray(g, to + L);
      p2.mul(g2.sub(total)).blend(0, places.compare(GE, seen - 2 * L)).intoArray(g, to + 2 * L);
      if (width == 4) {
        p3.mul(g3.sub(total)).blend(0, places.compare(GE, seen - 3 * L)).intoArray(g, to + 3 * L);
      }
    }
  }
}
