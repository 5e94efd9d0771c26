package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Elementwise loops over {@code double[]}, each with its operation hard-coded. */
final class LoopsF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private LoopsF64() {}

  static void neg(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      v.neg().intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = -x[xo + i];
    }
  }

  static void abs(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      v.abs().intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.abs(x[xo + i]);
    }
  }

  static void square(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      v.mul(v).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = x[xo + i] * x[xo + i];
    }
  }

  static void reciprocal(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector.broadcast(S, 1).div(v).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = 1 / x[xo + i];
    }
  }

  static void sqrt(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      v.sqrt().intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.sqrt(x[xo + i]);
    }
  }

  static void relu(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = x[xo + i] <= 0 ? 0 : x[xo + i];
    }
  }

  static void sign(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      v.blend(1, v.compare(VectorOperators.GT, 0))
          .blend(-1, v.compare(VectorOperators.LT, 0))
          .intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.signum(x[xo + i]);
    }
  }

  static void rsqrt(double[] x, int xo, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector.broadcast(S, 1).div(v.sqrt()).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = 1 / Math.sqrt(x[xo + i]);
    }
  }

  /** A magnitude below 2⁵² plus 2⁵² rounds to a whole number; minus 2⁵² it is that number. */
  static void round(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector whole = DoubleVector.broadcast(S, 0x1p52);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector size = v.abs();
      DoubleVector r = size.add(whole).sub(whole);
      DoubleVector near =
          r.reinterpretAsLongs()
              .or(v.reinterpretAsLongs().and(Long.MIN_VALUE))
              .reinterpretAsDoubles();
      v.blend(near, size.compare(VectorOperators.LT, whole)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.rint(x[xo + i]);
    }
  }

  /** The magnitude is rounded down, and up where the number is negative. */
  static void floor(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector whole = DoubleVector.broadcast(S, 0x1p52);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector size = v.abs();
      DoubleVector r = size.add(whole).sub(whole);
      DoubleVector down = r.blend(r.sub(1), r.compare(VectorOperators.GT, size));
      DoubleVector up = r.blend(r.add(1), r.compare(VectorOperators.LT, size));
      r = down.blend(up, v.compare(VectorOperators.LT, 0));
      DoubleVector near =
          r.reinterpretAsLongs()
              .or(v.reinterpretAsLongs().and(Long.MIN_VALUE))
              .reinterpretAsDoubles();
      v.blend(near, size.compare(VectorOperators.LT, whole)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.floor(x[xo + i]);
    }
  }

  /** The magnitude is rounded up, and down where the number is negative. */
  static void ceil(double[] x, int xo, double[] y, int yo, int n) {
    DoubleVector whole = DoubleVector.broadcast(S, 0x1p52);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, xo + i);
      DoubleVector size = v.abs();
      DoubleVector r = size.add(whole).sub(whole);
      DoubleVector down = r.blend(r.sub(1), r.compare(VectorOperators.GT, size));
      DoubleVector up = r.blend(r.add(1), r.compare(VectorOperators.LT, size));
      r = up.blend(down, v.compare(VectorOperators.LT, 0));
      DoubleVector near =
          r.reinterpretAsLongs()
              .or(v.reinterpretAsLongs().and(Long.MIN_VALUE))
              .reinterpretAsDoubles();
      v.blend(near, size.compare(VectorOperators.LT, whole)).intoArray(y, yo + i);
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = Math.ceil(x[xo + i]);
    }
  }

  static void add(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.add(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        u.add(v).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.add(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p + q;
    }
  }

  static void sub(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.sub(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        u.sub(v).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.sub(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p - q;
    }
  }

  static void mul(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.mul(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        u.mul(v).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.mul(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p * q;
    }
  }

  static void div(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.div(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        u.div(v).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.div(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p / q;
    }
  }

  static void max(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.max(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        u.max(v).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.max(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = Math.max(p, q);
    }
  }

  static void min(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.min(v).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        u.min(v).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        u.min(v).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = Math.min(p, q);
    }
  }

  static void gt(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.GT, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p > q ? 1 : 0;
    }
  }

  static void ge(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.GE, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p >= q ? 1 : 0;
    }
  }

  static void lt(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.LT, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.LT, v)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.LT, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p < q ? 1 : 0;
    }
  }

  static void le(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.LE, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.LE, v)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.LE, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p <= q ? 1 : 0;
    }
  }

  static void eq(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.EQ, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p == q ? 1 : 0;
    }
  }

  static void ne(
      double[] a, int ao, int as, double[] b, int bo, int bs, double[] y, int yo, int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.NE, v)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.NE, v)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        DoubleVector.zero(S).blend(1, u.compare(VectorOperators.NE, v)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      double p = a[ao + i * as];
      double q = b[bo + i * bs];
      y[yo + i] = p != q ? 1 : 0;
    }
  }

  /** {@code c} with stride 1, the others with strides 0 or 1. */
  static void select(
      double[] c,
      int co,
      double[] a,
      int ao,
      int as,
      double[] b,
      int bo,
      int bs,
      double[] y,
      int yo,
      int n) {
    int end = S.loopBound(n);
    if (as == 1 && bs == 1) {
      for (int i = 0; i < end; i += L) {
        DoubleVector w = DoubleVector.fromArray(S, c, co + i);
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    } else if (as == 1) {
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector w = DoubleVector.fromArray(S, c, co + i);
        DoubleVector u = DoubleVector.fromArray(S, a, ao + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    } else if (bs == 1) {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      for (int i = 0; i < end; i += L) {
        DoubleVector w = DoubleVector.fromArray(S, c, co + i);
        DoubleVector v = DoubleVector.fromArray(S, b, bo + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    } else {
      DoubleVector u = DoubleVector.broadcast(S, a[ao]);
      DoubleVector v = DoubleVector.broadcast(S, b[bo]);
      for (int i = 0; i < end; i += L) {
        DoubleVector w = DoubleVector.fromArray(S, c, co + i);
        v.blend(u, w.compare(VectorOperators.NE, 0)).intoArray(y, yo + i);
      }
    }
    for (int i = end; i < n; i++) {
      y[yo + i] = c[co + i] != 0 ? a[ao + i * as] : b[bo + i * bs];
    }
  }
}
