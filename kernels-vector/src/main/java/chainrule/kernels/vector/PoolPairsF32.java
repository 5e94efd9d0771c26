package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Max pooling over {@code float[]} by windows of 2×2 side by side: the even elements against the
 * odd.
 */
final class PoolPairsF32 {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;

  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);
  private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(S, i -> (2 * i + 1) % L);
  private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.fromOp(S, i -> (L + i) / 2);
  private static final VectorMask<Float> UPPER = VectorMask.fromLong(S, -1L << L / 2);
  private static final VectorMask<Float> ODDS = VectorMask.fromLong(S, 0xaaaa_aaaa_aaaa_aaaaL);

  private PoolPairsF32() {}

  /**
   * How many of n planes run here. Rows shorter than a vector are written beyond their end, before
   * what is there is computed; so the last plane is left to others then.
   */
  static int planes(int n, Geometry g) {
    boolean pairs =
        g.kernelH() == 2
            && g.kernelW() == 2
            && g.strideH() == 2
            && g.strideW() == 2
            && g.dilationH() == 1
            && g.dilationW() == 1
            && g.unpadded()
            && !g.ceil();
    if (!pairs || g.outW() >= L) {
      return pairs ? n : 0;
    }
    boolean dense = g.width() == 2 * g.outW() && g.height() == 2 * g.outH();
    return dense && g.positions() >= 2 * L ? Math.max(0, n - 1) : 0;
  }

  static void forward(float[] x, float[] y, int from, int to, Geometry g) {
    int outW = g.outW();
    int last = Math.max(0, outW - L);
    for (int plane = from; plane < to; plane++) {
      for (int i = 0; i < g.outH(); i++) {
        int p = plane * g.plane() + 2 * i * g.width();
        int q = plane * g.positions() + i * outW;
        for (int j = 0; j < outW; j += L) {
          int at = Math.min(j, last);
          largest(x, p + 2 * at, p + 2 * at + g.width(), y, q + at);
        }
      }
    }
  }

  private static void largest(float[] x, int p0, int p1, float[] y, int q) {
    FloatVector u0 = FloatVector.fromArray(S, x, p0);
    FloatVector u1 = FloatVector.fromArray(S, x, p0 + L);
    FloatVector v0 = FloatVector.fromArray(S, x, p1);
    FloatVector v1 = FloatVector.fromArray(S, x, p1 + L);
    FloatVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), UPPER);
    FloatVector b = u0.rearrange(ODD).blend(u1.rearrange(ODD), UPPER);
    FloatVector c = v0.rearrange(EVEN).blend(v1.rearrange(EVEN), UPPER);
    FloatVector d = v0.rearrange(ODD).blend(v1.rearrange(ODD), UPPER);
    best = best.blend(b, b.compare(VectorOperators.GT, best).or(b.test(VectorOperators.IS_NAN)));
    best = best.blend(c, c.compare(VectorOperators.GT, best).or(c.test(VectorOperators.IS_NAN)));
    best = best.blend(d, d.compare(VectorOperators.GT, best).or(d.test(VectorOperators.IS_NAN)));
    best.intoArray(y, q);
  }

  static void backward(float[] gradient, float[] x, float[] dx, int from, int to, Geometry g) {
    int outW = g.outW();
    int last = Math.max(0, outW - L);
    boolean dense = g.width() == 2 * outW && g.height() == 2 * g.outH();
    for (int plane = from; plane < to; plane++) {
      int base = plane * g.plane();
      if (!dense) {
        Arrays.fill(dx, base, base + g.plane(), 0);
      }
      for (int i = 0; i < g.outH(); i++) {
        int p = base + 2 * i * g.width();
        int q = plane * g.positions() + i * outW;
        for (int j = 0; j < outW; j += L) {
          int at = Math.min(j, last);
          spread(gradient, q + at, x, p + 2 * at, p + 2 * at + g.width(), dx);
        }
      }
    }
  }

  private static void spread(float[] gradient, int q, float[] x, int p0, int p1, float[] dx) {
    FloatVector u0 = FloatVector.fromArray(S, x, p0);
    FloatVector u1 = FloatVector.fromArray(S, x, p0 + L);
    FloatVector v0 = FloatVector.fromArray(S, x, p1);
    FloatVector v1 = FloatVector.fromArray(S, x, p1 + L);
    FloatVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), UPPER);
    FloatVector b = u0.rearrange(ODD).blend(u1.rearrange(ODD), UPPER);
    FloatVector c = v0.rearrange(EVEN).blend(v1.rearrange(EVEN), UPPER);
    FloatVector d = v0.rearrange(ODD).blend(v1.rearrange(ODD), UPPER);
    VectorMask<Float> number = best.test(VectorOperators.IS_NAN).not();
    VectorMask<Float> second =
        b.compare(VectorOperators.GT, best).or(b.test(VectorOperators.IS_NAN).and(number));
    best = best.blend(b, second);
    number = best.test(VectorOperators.IS_NAN).not();
    VectorMask<Float> third =
        c.compare(VectorOperators.GT, best).or(c.test(VectorOperators.IS_NAN).and(number));
    best = best.blend(c, third);
    number = best.test(VectorOperators.IS_NAN).not();
    VectorMask<Float> fourth =
        d.compare(VectorOperators.GT, best).or(d.test(VectorOperators.IS_NAN).and(number));
    FloatVector zero = FloatVector.zero(S);
    FloatVector g = FloatVector.fromArray(S, gradient, q).add(zero);
    FloatVector g1 = g.blend(zero, second.or(third).or(fourth));
    FloatVector g2 = zero.blend(g, second).blend(zero, third.or(fourth));
    FloatVector g3 = zero.blend(g, third).blend(zero, fourth);
    FloatVector g4 = zero.blend(g, fourth);
    g1.rearrange(LOW).blend(g2.rearrange(LOW), ODDS).intoArray(dx, p0);
    g1.rearrange(HIGH).blend(g2.rearrange(HIGH), ODDS).intoArray(dx, p0 + L);
    g3.rearrange(LOW).blend(g4.rearrange(LOW), ODDS).intoArray(dx, p1);
    g3.rearrange(HIGH).blend(g4.rearrange(HIGH), ODDS).intoArray(dx, p1 + L);
  }
}
