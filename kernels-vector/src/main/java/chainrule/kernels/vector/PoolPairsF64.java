package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Max pooling over {@code double[]} by windows of 2×2 side by side: the even elements against the
 * odd.
 */
final class PoolPairsF64 {
  private static final VectorSpecies<Double> S = MicroF64.S;
  private static final int L = MicroF64.L;

  private static final VectorShuffle<Double> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);
  private static final VectorShuffle<Double> ODD = VectorShuffle.fromOp(S, i -> (2 * i + 1) % L);
  private static final VectorShuffle<Double> LOW = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Double> HIGH = VectorShuffle.fromOp(S, i -> (L + i) / 2);
  private static final VectorMask<Double> UPPER = VectorMask.fromLong(S, -1L << L / 2);
  private static final VectorMask<Double> ODDS = VectorMask.fromLong(S, 0xaaaa_aaaa_aaaa_aaaaL);

  private PoolPairsF64() {}

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

  static void forward(double[] x, double[] y, int from, int to, Geometry g) {
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

  private static void largest(double[] x, int p0, int p1, double[] y, int q) {
    DoubleVector u0 = DoubleVector.fromArray(S, x, p0);
    DoubleVector u1 = DoubleVector.fromArray(S, x, p0 + L);
    DoubleVector v0 = DoubleVector.fromArray(S, x, p1);
    DoubleVector v1 = DoubleVector.fromArray(S, x, p1 + L);
    DoubleVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), UPPER);
    DoubleVector b = u0.rearrange(ODD).blend(u1.rearrange(ODD), UPPER);
    DoubleVector c = v0.rearrange(EVEN).blend(v1.rearrange(EVEN), UPPER);
    DoubleVector d = v0.rearrange(ODD).blend(v1.rearrange(ODD), UPPER);
    best = best.blend(b, b.compare(VectorOperators.GT, best).or(b.test(VectorOperators.IS_NAN)));
    best = best.blend(c, c.compare(VectorOperators.GT, best).or(c.test(VectorOperators.IS_NAN)));
    best = best.blend(d, d.compare(VectorOperators.GT, best).or(d.test(VectorOperators.IS_NAN)));
    best.intoArray(y, q);
  }

  static void backward(double[] gradient, double[] x, double[] dx, int from, int to, Geometry g) {
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

  private static void spread(double[] gradient, int q, double[] x, int p0, int p1, double[] dx) {
    DoubleVector u0 = DoubleVector.fromArray(S, x, p0);
    DoubleVector u1 = DoubleVector.fromArray(S, x, p0 + L);
    DoubleVector v0 = DoubleVector.fromArray(S, x, p1);
    DoubleVector v1 = DoubleVector.fromArray(S, x, p1 + L);
    DoubleVector best = u0.rearrange(EVEN).blend(u1.rearrange(EVEN), UPPER);
    DoubleVector b = u0.rearrange(ODD).blend(u1.rearrange(ODD), UPPER);
    DoubleVector c = v0.rearrange(EVEN).blend(v1.rearrange(EVEN), UPPER);
    DoubleVector d = v0.rearrange(ODD).blend(v1.rearrange(ODD), UPPER);
    VectorMask<Double> number = best.test(VectorOperators.IS_NAN).not();
    VectorMask<Double> second =
        b.compare(VectorOperators.GT, best).or(b.test(VectorOperators.IS_NAN).and(number));
    best = best.blend(b, second);
    number = best.test(VectorOperators.IS_NAN).not();
    VectorMask<Double> third =
        c.compare(VectorOperators.GT, best).or(c.test(VectorOperators.IS_NAN).and(number));
    best = best.blend(c, third);
    number = best.test(VectorOperators.IS_NAN).not();
    VectorMask<Double> fourth =
        d.compare(VectorOperators.GT, best).or(d.test(VectorOperators.IS_NAN).and(number));
    DoubleVector zero = DoubleVector.zero(S);
    DoubleVector g = DoubleVector.fromArray(S, gradient, q).add(zero);
    DoubleVector g1 = g.blend(zero, second.or(third).or(fourth));
    DoubleVector g2 = zero.blend(g, second).blend(zero, third.or(fourth));
    DoubleVector g3 = zero.blend(g, third).blend(zero, fourth);
    DoubleVector g4 = zero.blend(g, fourth);
    g1.rearrange(LOW).blend(g2.rearrange(LOW), ODDS).intoArray(dx, p0);
    g1.rearrange(HIGH).blend(g2.rearrange(HIGH), ODDS).intoArray(dx, p0 + L);
    g3.rearrange(LOW).blend(g4.rearrange(LOW), ODDS).intoArray(dx, p1);
    g3.rearrange(HIGH).blend(g4.rearrange(HIGH), ODDS).intoArray(dx, p1 + L);
  }
}
