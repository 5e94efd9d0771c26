package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Positions of extremes of {@code float[]}: NaN wins, the first of equals counts. */
final class SearchF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /** Elements of a row whose extreme is found first, and its place then, while they are near. */
  private static final int BLOCK = 2048;

  private static final int COLUMNS = 512;

  /** Positions up to here are numbers of this type, so that they can be kept beside the values. */
  static final int EXACT = 1 << 24;

  private static final ThreadLocal<float[]> VALUES =
      ThreadLocal.withInitial(() -> new float[COLUMNS]);
  private static final ThreadLocal<float[]> PLACES =
      ThreadLocal.withInitial(() -> new float[COLUMNS]);

  private SearchF32() {}

  /** Where the extreme of {@code x[at] … x[at + n − 1]} stands; {@code n ≥ L}. */
  static int row(float[] x, int at, int n, boolean smallest) {
    int found = 0;
    float best = 0;
    for (int from = 0; from < n; from += BLOCK) {
      int count = Math.min(BLOCK, n - from);
      float v = smallest ? min(x, at + from, count) : max(x, at + from, count);
      if (Float.isNaN(v)) {
        return from + firstNaN(x, at + from);
      }
      if (from == 0 || (smallest ? v < best : v > best)) {
        best = v;
        found = from;
      }
    }
    return found + first(x, at + found, best, Math.min(BLOCK, n - found));
  }

  private static float max(float[] x, int at, int n) {
    FloatVector p = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
    FloatVector q = p;
    FloatVector r = p;
    FloatVector s = p;
    int end = at + n;
    int i = at;
    for (; i <= end - 4 * L; i += 4 * L) {
      p = p.max(FloatVector.fromArray(S, x, i));
      q = q.max(FloatVector.fromArray(S, x, i + L));
      r = r.max(FloatVector.fromArray(S, x, i + 2 * L));
      s = s.max(FloatVector.fromArray(S, x, i + 3 * L));
    }
    p = p.max(q).max(r.max(s));
    for (; i < end - L; i += L) {
      p = p.max(FloatVector.fromArray(S, x, i));
    }
    // The last vector may take some elements again, even of the block before.
    return p.max(FloatVector.fromArray(S, x, end - L)).reduceLanes(VectorOperators.MAX);
  }

  private static float min(float[] x, int at, int n) {
    FloatVector p = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
    FloatVector q = p;
    FloatVector r = p;
    FloatVector s = p;
    int end = at + n;
    int i = at;
    for (; i <= end - 4 * L; i += 4 * L) {
      p = p.min(FloatVector.fromArray(S, x, i));
      q = q.min(FloatVector.fromArray(S, x, i + L));
      r = r.min(FloatVector.fromArray(S, x, i + 2 * L));
      s = s.min(FloatVector.fromArray(S, x, i + 3 * L));
    }
    p = p.min(q).min(r.min(s));
    for (; i < end - L; i += L) {
      p = p.min(FloatVector.fromArray(S, x, i));
    }
    // The last vector may take some elements again, even of the block before.
    return p.min(FloatVector.fromArray(S, x, end - L)).reduceLanes(VectorOperators.MIN);
  }

  private static int firstNaN(float[] x, int at) {
    int i = at;
    while (!Float.isNaN(x[i])) {
      i++;
    }
    return i - at;
  }

  /** Where {@code v} stands first; it is there. */
  private static int first(float[] x, int at, float v, int n) {
    int end = at + S.loopBound(n);
    int i = at;
    for (; i < end; i += L) {
      if (FloatVector.fromArray(S, x, i).eq(v).anyTrue()) {
        break;
      }
    }
    while (x[i] != v) {
      i++;
    }
    return i - at;
  }

  /** The extremes of neighbouring lines, {@code width} columns, at most {@link #EXACT} rows. */
  static void columns(
      float[] x, int xo, int[] y, int yo, int n, int inner, int width, boolean smallest) {
    float[] values = VALUES.get();
    float[] places = PLACES.get();
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

  private static void higher(float[] x, int at, float[] values, float[] places, int n, int row) {
    int end = S.loopBound(n);
    for (int j = 0; j < end; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + j);
      FloatVector value = FloatVector.fromArray(S, values, j);
      VectorMask<Float> better =
          value.compare(VectorOperators.EQ, value).andNot(v.compare(VectorOperators.LE, value));
      value.blend(v, better).intoArray(values, j);
      FloatVector.fromArray(S, places, j).blend(row, better).intoArray(places, j);
    }
    for (int j = end; j < n; j++) {
      float v = x[at + j];
      if (v > values[j] || (Float.isNaN(v) && !Float.isNaN(values[j]))) {
        values[j] = v;
        places[j] = row;
      }
    }
  }

  private static void lower(float[] x, int at, float[] values, float[] places, int n, int row) {
    int end = S.loopBound(n);
    for (int j = 0; j < end; j += L) {
      FloatVector v = FloatVector.fromArray(S, x, at + j);
      FloatVector value = FloatVector.fromArray(S, values, j);
      VectorMask<Float> better =
          value.compare(VectorOperators.EQ, value).andNot(v.compare(VectorOperators.GE, value));
      value.blend(v, better).intoArray(values, j);
      FloatVector.fromArray(S, places, j).blend(row, better).intoArray(places, j);
    }
    for (int j = end; j < n; j++) {
      float v = x[at + j];
      if (v < values[j] || (Float.isNaN(v) && !Float.isNaN(values[j]))) {
        values[j] = v;
        places[j] = row;
      }
    }
  }
}
