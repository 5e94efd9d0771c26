package chainrule.kernels.vector;

import static chainrule.internal.kernel.FloatMath.*;

import chainrule.internal.kernel.FloatMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The elementary functions of {@link FloatMath} on whole vectors: the same operations in the same
 * order, lane by lane, so the same bits.
 *
 * <p>Each is one loop in one method, every vector a local variable: vectors that pass through calls
 * or fields end up on the heap.
 */
final class ElementaryF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private ElementaryF32() {}

  private static FloatVector all(float c) {
    return FloatVector.broadcast(S, c);
  }

  static void exp(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
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
      IntVector power = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = power.lanewise(VectorOperators.ASHR, 1);
      FloatVector scale =
          half.lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector rest =
          power.sub(half).lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      scale.fma(t, scale).mul(rest).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.exp(x[xo + i]);
    }
  }

  static void log(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> subnormal = v.compare(VectorOperators.LT, Float.MIN_NORMAL);
      IntVector bits = v.blend(v.mul(all(0x1p23f)), subnormal).reinterpretAsInts();
      IntVector exponent = bits.sub(TWO_THIRDS_BITS).and(EXPONENT_MASK);
      FloatVector f = bits.sub(exponent).reinterpretAsFloats().sub(all(1f));
      FloatVector e = (FloatVector) exponent.convertShape(VectorOperators.I2F, S, 0);
      e = e.fma(all(0x1p-23f), all(0f).blend(all(-23f), subnormal));
      FloatVector p = f.fma(all(LOG_10), all(LOG_9));
      p = f.fma(p, all(LOG_8));
      p = f.fma(p, all(LOG_7));
      p = f.fma(p, all(LOG_6));
      p = f.fma(p, all(LOG_5));
      p = f.fma(p, all(LOG_4));
      p = f.fma(p, all(LOG_3));
      p = f.fma(p, all(LOG_2));
      p = f.mul(f).fma(p, f);
      FloatVector r = e.fma(all(LN2_HIGH), p);
      r = v.blend(r, v.compare(VectorOperators.LT, Float.POSITIVE_INFINITY));
      FloatVector outside =
          all(Float.NaN).blend(all(Float.NEGATIVE_INFINITY), v.compare(VectorOperators.EQ, 0f));
      outside.blend(r, v.compare(VectorOperators.GT, 0f)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.log(x[xo + i]);
    }
  }

  static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      FloatVector u = a.mul(a);
      FloatVector s = u.fma(all(TANH_11), all(TANH_9));
      s = u.fma(s, all(TANH_7));
      s = u.fma(s, all(TANH_5));
      s = u.fma(s, all(TANH_3));
      FloatVector small = a.mul(u).fma(s, a);
      FloatVector z = a.blend(all(TANH_SATURATED), a.compare(VectorOperators.GT, TANH_SATURATED));
      z = z.add(z);
      FloatVector shifted = z.fma(all(LOG2_E), all(ROUND));
      FloatVector k = shifted.sub(all(ROUND));
      FloatVector r = k.fma(all(-LN2_HIGH), z);
      r = k.fma(all(-LN2_LOW), r);
      FloatVector p = r.fma(all(EXP_6), all(EXP_5));
      p = r.fma(p, all(EXP_4));
      p = r.fma(p, all(EXP_3));
      p = r.fma(p, all(EXP_2));
      FloatVector t = r.mul(r).fma(p, r);
      IntVector power = shifted.reinterpretAsInts().sub(ROUND_BITS);
      FloatVector scale =
          power.lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector large = all(1f).sub(all(2f).div(scale.fma(t, scale.add(all(1f)))));
      large = large.blend(small, a.compare(VectorOperators.LT, TANH_SMALL));
      v.reinterpretAsInts()
          .and(Integer.MIN_VALUE)
          .lanewise(VectorOperators.XOR, large.reinterpretAsInts())
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.tanh(x[xo + i]);
    }
  }

  static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      VectorMask<Float> tail = v.compare(VectorOperators.LT, SIGMOID_TAIL);
      FloatVector z = v.abs();
      z = z.blend(all(SIGMOID_SATURATED), z.compare(VectorOperators.GT, SIGMOID_SATURATED));
      z = z.blend(v, tail);
      z = z.blend(all(EXP_LOWEST), z.compare(VectorOperators.LT, EXP_LOWEST));
      FloatVector shifted = z.fma(all(LOG2_E), all(ROUND));
      FloatVector k = shifted.sub(all(ROUND));
      FloatVector r = k.fma(all(-LN2_HIGH), z);
      r = k.fma(all(-LN2_LOW), r);
      FloatVector p = r.fma(all(EXP_6), all(EXP_5));
      p = r.fma(p, all(EXP_4));
      p = r.fma(p, all(EXP_3));
      p = r.fma(p, all(EXP_2));
      FloatVector t = r.mul(r).fma(p, r);
      IntVector power = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = power.lanewise(VectorOperators.ASHR, 1);
      FloatVector scale =
          half.lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector rest =
          power.sub(half).lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector e = scale.fma(t, scale).mul(rest);
      scale = scale.mul(rest);
      FloatVector h = all(1f).div(scale.fma(t, scale.add(all(1f))));
      h = h.blend(all(1f).sub(h), v.compare(VectorOperators.GT, 0f));
      h.blend(e.neg().fma(e, e), tail).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.sigmoid(x[xo + i]);
    }
  }

  static void erf(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      FloatVector u = a.mul(a);
      FloatVector p = u.fma(all(ERF_13), all(ERF_11));
      p = u.fma(p, all(ERF_9));
      p = u.fma(p, all(ERF_7));
      p = u.fma(p, all(ERF_5));
      p = u.fma(p, all(ERF_3));
      p = u.fma(p, all(ERF_1));
      FloatVector small = a.fma(p, a);
      FloatVector w = a.blend(all(ERF_SATURATED), a.compare(VectorOperators.GT, ERF_SATURATED));
      w = w.sub(all(ERF_CENTRE));
      FloatVector q = w.fma(all(ERFC_15), all(ERFC_14));
      q = w.fma(q, all(ERFC_13));
      q = w.fma(q, all(ERFC_12));
      q = w.fma(q, all(ERFC_11));
      q = w.fma(q, all(ERFC_10));
      q = w.fma(q, all(ERFC_9));
      q = w.fma(q, all(ERFC_8));
      q = w.fma(q, all(ERFC_7));
      q = w.fma(q, all(ERFC_6));
      q = w.fma(q, all(ERFC_5));
      q = w.fma(q, all(ERFC_4));
      q = w.fma(q, all(ERFC_3));
      q = w.fma(q, all(ERFC_2));
      q = w.fma(q, all(ERFC_1));
      q = w.fma(q, all(ERFC_0));
      FloatVector large = all(1f).sub(q).blend(small, a.compare(VectorOperators.LT, ERF_SMALL));
      v.reinterpretAsInts()
          .and(Integer.MIN_VALUE)
          .lanewise(VectorOperators.XOR, large.reinterpretAsInts())
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.erf(x[xo + i]);
    }
  }

  static void sin(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      if (!a.compare(VectorOperators.LE, TRIG_LIMIT).allTrue()) {
        for (int j = i; j < i + L; j++) {
          y[yo + j] = FloatMath.sin(x[xo + j]);
        }
        continue;
      }
      FloatVector shifted = a.fma(all(TWO_OVER_PI), all(ROUND));
      IntVector j = shifted.reinterpretAsInts();
      FloatVector k = shifted.sub(all(ROUND));
      FloatVector r = k.fma(all(-HALF_PI_HIGH), a);
      r = k.fma(all(-HALF_PI_MIDDLE), r);
      r = k.fma(all(-HALF_PI_LOW), r);
      FloatVector u = r.mul(r);
      FloatVector s = u.fma(all(SIN_7), all(SIN_5));
      s = u.fma(s, all(SIN_3));
      s = r.mul(u).fma(s, r);
      FloatVector c = u.fma(all(COS_8), all(COS_6));
      c = u.fma(c, all(COS_4));
      c = u.fma(c, all(-0.5f));
      c = u.fma(c, all(1f));
      FloatVector b = c.blend(s, j.and(1).compare(VectorOperators.EQ, 0).cast(S));
      IntVector flip = j.and(2).lanewise(VectorOperators.LSHL, 30);
      FloatVector r2 =
          b.reinterpretAsInts().lanewise(VectorOperators.XOR, flip).reinterpretAsFloats();
      v.reinterpretAsInts()
          .and(Integer.MIN_VALUE)
          .lanewise(VectorOperators.XOR, r2.reinterpretAsInts())
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.sin(x[xo + i]);
    }
  }

  static void cos(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector a = v.abs();
      if (!a.compare(VectorOperators.LE, TRIG_LIMIT).allTrue()) {
        for (int j = i; j < i + L; j++) {
          y[yo + j] = FloatMath.cos(x[xo + j]);
        }
        continue;
      }
      FloatVector shifted = a.fma(all(TWO_OVER_PI), all(ROUND));
      IntVector j = shifted.reinterpretAsInts().add(1);
      FloatVector k = shifted.sub(all(ROUND));
      FloatVector r = k.fma(all(-HALF_PI_HIGH), a);
      r = k.fma(all(-HALF_PI_MIDDLE), r);
      r = k.fma(all(-HALF_PI_LOW), r);
      FloatVector u = r.mul(r);
      FloatVector s = u.fma(all(SIN_7), all(SIN_5));
      s = u.fma(s, all(SIN_3));
      s = r.mul(u).fma(s, r);
      FloatVector c = u.fma(all(COS_8), all(COS_6));
      c = u.fma(c, all(COS_4));
      c = u.fma(c, all(-0.5f));
      c = u.fma(c, all(1f));
      FloatVector b = c.blend(s, j.and(1).compare(VectorOperators.EQ, 0).cast(S));
      IntVector flip = j.and(2).lanewise(VectorOperators.LSHL, 30);
      FloatVector r2 =
          b.reinterpretAsInts().lanewise(VectorOperators.XOR, flip).reinterpretAsFloats();
      r2.intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = FloatMath.cos(x[xo + i]);
    }
  }
}
