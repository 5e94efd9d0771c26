package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Elementwise loops over {@code float[]}, each with its operation hard-coded. */
final class LoopsF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> HALF =
      VectorSpecies.of(float.class, VectorShape.forBitSize(S.vectorBitSize() / 2));

  private LoopsF32() {}

  static void neg(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.neg().intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = -x[xo + i];
    }
  }

  static void abs(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.abs().intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.abs(x[xo + i]);
    }
  }

  static void square(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.mul(v).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = x[xo + i] * x[xo + i];
    }
  }

  static void reciprocal(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector.broadcast(S, 1).div(v).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = 1 / x[xo + i];
    }
  }

  static void sqrt(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.sqrt().intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = (float) Math.sqrt(x[xo + i]);
    }
  }

  static void relu(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
    }
  }

  static void sign(float[] x, int xo, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.blend(1, v.compare(VectorOperators.GT, 0))
          .blend(-1, v.compare(VectorOperators.LT, 0))
          .intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.signum(x[xo + i]);
    }
  }

  /** {@code 1/√x} in double, rounded once: what the specification says of every other function. */
  static void rsqrt(float[] x, int xo, float[] y, int yo, int n) {
    int half = L / 2;
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector p =
          (DoubleVector)
              FloatVector.fromArray(HALF, x, xo + i).convertShape(VectorOperators.F2D, D, 0);
      DoubleVector q =
          (DoubleVector)
              FloatVector.fromArray(HALF, x, xo + i + half).convertShape(VectorOperators.F2D, D, 0);
      DoubleVector.broadcast(D, 1)
          .div(p.sqrt())
          .convertShape(VectorOperators.D2F, HALF, 0)
          .reinterpretAsFloats()
          .intoArray(y, yo + i);
      DoubleVector.broadcast(D, 1)
          .div(q.sqrt())
          .convertShape(VectorOperators.D2F, HALF, 0)
          .reinterpretAsFloats()
          .intoArray(y, yo + i + half);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = (float) (1 / Math.sqrt(x[xo + i]));
    }
  }

  /** A magnitude below 2²³ plus 2²³ rounds to a whole number; minus 2²³ it is that number. */
  static void round(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector whole = FloatVector.broadcast(S, 0x1p23f);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector size = v.abs();
      FloatVector r = size.add(whole).sub(whole);
      FloatVector near =
          r.reinterpretAsInts().or(v.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
      v.blend(near, size.compare(VectorOperators.LT, whole)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = (float) Math.rint(x[xo + i]);
    }
  }

  /** The magnitude is rounded down, and up where the number is negative. */
  static void floor(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector whole = FloatVector.broadcast(S, 0x1p23f);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector size = v.abs();
      FloatVector r = size.add(whole).sub(whole);
      FloatVector down = r.blend(r.sub(1), r.compare(VectorOperators.GT, size));
      FloatVector up = r.blend(r.add(1), r.compare(VectorOperators.LT, size));
      r = down.blend(up, v.compare(VectorOperators.LT, 0));
      FloatVector near =
          r.reinterpretAsInts().or(v.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
      v.blend(near, size.compare(VectorOperators.LT, whole)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = (float) Math.floor(x[xo + i]);
    }
  }

  /** The magnitude is rounded up, and down where the number is negative. */
  static void ceil(float[] x, int xo, float[] y, int yo, int n) {
    FloatVector whole = FloatVector.broadcast(S, 0x1p23f);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      FloatVector size = v.abs();
      FloatVector r = size.add(whole).sub(whole);
      FloatVector down = r.blend(r.sub(1), r.compare(VectorOperators.GT, size));
      FloatVector up = r.blend(r.add(1), r.compare(VectorOperators.LT, size));
      r = up.blend(down, v.compare(VectorOperators.LT, 0));
      FloatVector near =
          r.reinterpretAsInts().or(v.reinterpretAsInts().and(0x80000000)).reinterpretAsFloats();
      v.blend(near, size.compare(VectorOperators.LT, whole)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = (float) Math.ceil(x[xo + i]);
    }
  }

  static void add(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.add(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        u.add(v).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.add(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p + q;
    }
  }

  static void sub(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.sub(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        u.sub(v).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.sub(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p - q;
    }
  }

  static void mul(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.mul(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        u.mul(v).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.mul(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p * q;
    }
  }

  static void div(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.div(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        u.div(v).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.div(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p / q;
    }
  }

  static void max(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.max(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        u.max(v).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.max(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = Math.max(p, q);
    }
  }

  static void min(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.min(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        u.min(v).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        u.min(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = Math.min(p, q);
    }
  }

  static void gt(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p > q ? 1 : 0;
    }
  }

  static void ge(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p >= q ? 1 : 0;
    }
  }

  static void lt(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.LT, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.LT, v)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.LT, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p < q ? 1 : 0;
    }
  }

  static void le(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.LE, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.LE, v)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.LE, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p <= q ? 1 : 0;
    }
  }

  static void eq(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p == q ? 1 : 0;
    }
  }

  static void ne(float[] a, int ao, int as, float[] b, int bo, int bs, float[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.NE, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.NE, v)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        FloatVector.zero(S).blend(1, u.compare(VectorOperators.NE, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      float p = a[ao + i * as];
      float q = b[bo + i * bs];
      y[yo + i] = p != q ? 1 : 0;
    }
  }

  /** {@code c} with stride 1, the others with strides 0 or 1. */
  static void select(
      float[] c,
      int co,
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int bs,
      float[] y,
      int yo,
      int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        FloatVector w = FloatVector.fromArray(S, c, co + i);
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector w = FloatVector.fromArray(S, c, co + i);
        FloatVector u = FloatVector.fromArray(S, a, ao + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        FloatVector w = FloatVector.fromArray(S, c, co + i);
        FloatVector v = FloatVector.fromArray(S, b, bo + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    } else {
      FloatVector u = FloatVector.broadcast(S, a[ao]);
      FloatVector v = FloatVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        FloatVector w = FloatVector.fromArray(S, c, co + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = c[co + i] != 0 ? a[ao + i * as] : b[bo + i * bs];
    }
  }
}
