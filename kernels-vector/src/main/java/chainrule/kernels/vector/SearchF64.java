package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Positions of extremes of {@code double[]}: NaN wins, the first of equals counts. */
final class SearchF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /** Elements of a row whose extreme is found first, and its place then, while they are near. */
  private static final int BLOCK = 2048;

  private static final int COLUMNS = 512;

  private static final ThreadLocal<double[]> VALUES =
      ThreadLocal.withInitial(() -> new double[COLUMNS]);
  private static final ThreadLocal<double[]> PLACES =
      ThreadLocal.withInitial(() -> new double[COLUMNS]);

  private SearchF64() {}

  /** Where the extreme of {@code x[at] … x[at + n − 1]} stands; {@code n ≥ L}. */
  static int row(double[] x, int at, int n, boolean smallest) {
    int found = 0;
    double best = 0;
    for (int from = 0; from < n; from += BLOCK) {
      int count = Math.min(BLOCK, n - from);
      double v = smallest ? min(x, at + from, count) : max(x, at + from, count);
      if (Double.isNaN(v)) {
        return from + firstNaN(x, at + from);
      }
      if (from == 0 || (smallest ? v < best : v > best)) {
        best = v;
        found = from;
      }
    }
    return found + first(x, at + found, best, Math.min(BLOCK, n - found));
  }

  private static double max(double[] x, int at, int n) {
    DoubleVector p = DoubleVector.broadcast(S, Double.NEGATIVE_INFINITY);
    DoubleVector q = p;
    DoubleVector r = p;
    DoubleVector s = p;
    int end = at + n;
    int i = at;
    for (; i <= end - 4 * L; i += 4 * L) {
      p = p.max(DoubleVector.fromArray(S, x, i));
      q = q.max(DoubleVector.fromArray(S, x, i + L));
      r = r.max(DoubleVector.fromArray(S, x, i + 2 * L));
      s = s.max(DoubleVector.fromArray(S, x, i + 3 * L));
    }
    p = p.max(q).max(r.max(s));
    for (; i < end - L; i += L) {
      p = p.max(DoubleVector.fromArray(S, x, i));
    }
    // The last vector may take some elements again, even of the block before.
    return p.max(DoubleVector.fromArray(S, x, end - L)).reduceLanes(VectorOperators.MAX);
  }

  private static double min(double[] x, int at, int n) {
    DoubleVector p = DoubleVector.broadcast(S, Double.POSITIVE_INFINITY);
    DoubleVector q = p;
    DoubleVector r = p;
    DoubleVector s = p;
    int end = at + n;
    int i = at;
    for (; i <= end - 4 * L; i += 4 * L) {
      p = p.min(DoubleVector.fromArray(S, x, i));
      q = q.min(DoubleVector.fromArray(S, x, i + L));
      r = r.min(DoubleVector.fromArray(S, x, i + 2 * L));
      s = s.min(DoubleVector.fromArray(S, x, i + 3 * L));
    }
    p = p.min(q).min(r.min(s));
    for (; i < end - L; i += L) {
      p = p.min(DoubleVector.fromArray(S, x, i));
    }
    // The last vector may take some elements again, even of the block before.
    return p.min(DoubleVector.fromArray(S, x, end - L)).reduceLanes(VectorOperators.MIN);
  }

  private static int firstNaN(double[] x, int at) {
    int i = at;
    while (!Double.isNaN(x[i])) {
      i++;
    }
    return i - at;
  }

  /** Where {@code v} stands first; it is there. */
  private static int first(double[] x, int at, double v, int n) {
    int end = at + S.loopBound(n);
    int i = at;
    for (; i < end; i += L) {
      if (DoubleVector.fromArray(S, x, i).eq(v).anyTrue()) {
        break;
      }
    }
    while (x[i] != v) {
      i++;
    }
    return i - at;
  }

  /** The extremes of neighbouring lines, {@code width} columns. */
  static void columns(
      double[] x, int xo, int[] y, int yo, int n, int inner, int width, boolean smallest) {
    double[] values = VALUES.get();
    double[] places = PLACES.get();
    for (int j = 0; j < width; j += COLUMNS) {
      int count = Math.min(COLUMNS, width - j);
      System.arraycopy(x, xo + j, values, 0, count);
      Arrays.fill(places, 0, count, 0);
      for (int i = 1; i < n; i++) {
        int at = xo + j + i * inner;
        if (smallest) {
          lower(x, at, values, places, count, i);
        } else {
          higher(x, at, values, places, count, i);
        }
      }
      for (int k = 0; k < count; k++) {
        y[yo + j + k] = (int) places[k];
      }
    }
  }

  private static void higher(double[] x, int at, double[] values, double[] places, int n, int row) {
    int end = S.loopBound(n);
    for (int j = 0; j < end; j += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, at + j);
      DoubleVector value = DoubleVector.fromArray(S, values, j);
      VectorMask<Double> better =
          value.compare(VectorOperators.EQ, value).andNot(v.compare(VectorOperators.LE, value));
      value.blend(v, better).intoArray(values, j);
      DoubleVector.fromArray(S, places, j).blend(row, better).intoArray(places, j);
    }
    for (int j = end; j < n; j++) {
      double v = x[at + j];
      if (v > values[j] || (Double.isNaN(v) && !Double.isNaN(values[j]))) {
        values[j] = v;
        places[j] = row;
      }
    }
  }

  private static void lower(double[] x, int at, double[] values, double[] places, int n, int row) {
    int end = S.loopBound(n);
    for (int j = 0; j < end; j += L) {
      DoubleVector v = DoubleVector.fromArray(S, x, at + j);
      DoubleVector value = DoubleVector.fromArray(S, values, j);
      VectorMask<Double> better =
          value.compare(VectorOperators.EQ, value).andNot(v.compare(VectorOperators.GE, value));
      value.blend(v, better).intoArray(values, j);
      DoubleVector.fromArray(S, places, j).blend(row, better).intoArray(places, j);
    }
    for (int j = end; j < n; j++) {
      double v = x[at + j];
      if (v < values[j] || (Double.isNaN(v) && !Double.isNaN(values[j]))) {
        values[j] = v;
        places[j] = row;
      }
    }
  }
}
