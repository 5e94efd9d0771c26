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
}
