package chainrule.kernels.vector;

import static chainrule.internal.kernel.FloatMath.*;
import static jdk.incubator.vector.VectorOperators.GE;

import chainrule.internal.kernel.AttentionScratch;
import chainrule.internal.kernel.ScalarAttentionF32;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
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
}
