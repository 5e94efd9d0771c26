package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lays B out for {@link MicroF64}: slivers of two vectors' columns, one behind the other, each step
 * of k by step of k; columns beyond the border are zeros.
 */
final class PanelsF64 {
  private static final VectorSpecies<Double> S = MicroF64.S;
  private static final int L = MicroF64.L;
  private static final int COLUMNS = 2 * L;

  private static final double[] E4 = lanes(4, false);
  private static final double[] O4 = lanes(4, true);
  private static final double[] E2 = lanes(2, false);
  private static final double[] O2 = lanes(2, true);
  private static final double[] E1 = lanes(1, false);
  private static final double[] O1 = lanes(1, true);

  /** Whether there is a loop that transposes whole vectors here. */
  static final boolean TURNS = L == 8;

  private PanelsF64() {}

  /**
   * Which of the lanes of two vectors, one after the other, a vector takes when parts of so many
   * lanes change places: those at even places of both, or those at odd.
   */
  private static double[] lanes(int part, boolean odd) {
    var lanes = new double[L];
    for (int i = 0; i < L; i++) {
      boolean second = (i & part) != 0;
      lanes[i] = (second == odd ? i : i ^ part) + (second ? L : 0);
    }
    return lanes;
  }

  /**
   * Packs {@code kc} steps from {@code p0} of {@code width} columns from {@code j0} of op(B), to
   * {@code to[at]} and on.
   */
  static void pack(
      double[] b,
      int bo,
      int ldb,
      boolean tb,
      int p0,
      int kc,
      int j0,
      int width,
      double[] to,
      int at) {
    for (int j = 0; j < width; j += COLUMNS) {
      int w = Math.min(COLUMNS, width - j);
      int t = at + j * kc;
      if (w < COLUMNS) {
        Arrays.fill(to, t, t + kc * COLUMNS, 0);
      }
      if (tb) {
        transposed(b, bo + (j0 + j) * ldb + p0, ldb, kc, w, to, t);
      } else if (w == COLUMNS) {
        straight(b, bo + p0 * ldb + j0 + j, ldb, kc, to, t);
      } else {
        for (int p = 0; p < kc; p++) {
          System.arraycopy(b, bo + (p0 + p) * ldb + j0 + j, to, t + p * COLUMNS, w);
        }
      }
    }
  }

  static void straight(double[] b, int bo, int ldb, int kc, double[] to, int t) {
    int at = bo;
    int put = t;
    for (int p = 0; p < kc; p++) {
      DoubleVector u = DoubleVector.fromArray(S, b, at);
      DoubleVector v = DoubleVector.fromArray(S, b, at + L);
      u.intoArray(to, put);
      v.intoArray(to, put + L);
      at += ldb;
      put += COLUMNS;
    }
  }

  private static void transposed(
      double[] b, int at, int ldb, int kc, int width, double[] to, int t) {
    int j = 0;
    for (; TURNS && j + L <= width && GemmF64.LATER.open(); j += L) {
      transpose(b, at + j * ldb, ldb, kc, to, t + j);
      int p = kc & -L;
      for (int r = j; r < j + L; r++) {
        for (int q = p; q < kc; q++) {
          to[t + q * COLUMNS + r] = b[at + r * ldb + q];
        }
      }
    }
    for (; j + 8 <= width; j += 8) {
      eight(b, at + j * ldb, ldb, kc, to, t + j);
    }
    for (; j < width; j++) {
      for (int p = 0; p < kc; p++) {
        to[t + p * COLUMNS + j] = b[at + j * ldb + p];
      }
    }
  }

  private static void eight(double[] b, int r0, int ldb, int kc, double[] to, int t) {
    int r1 = r0 + ldb;
    int r2 = r1 + ldb;
    int r3 = r2 + ldb;
    int r4 = r3 + ldb;
    int r5 = r4 + ldb;
    int r6 = r5 + ldb;
    int r7 = r6 + ldb;
    int put = t;
    for (int p = 0; p < kc; p++) {
      to[put] = b[r0 + p];
      to[put + 1] = b[r1 + p];
      to[put + 2] = b[r2 + p];
      to[put + 3] = b[r3 + p];
      to[put + 4] = b[r4 + p];
      to[put + 5] = b[r5 + p];
      to[put + 6] = b[r6 + p];
      to[put + 7] = b[r7 + p];
      put += COLUMNS;
    }
  }

  /** 8 rows, transposed 8 numbers at a time: halves change places, then pairs, neighbours. */
  static void transpose(double[] b, int bo, int ld, int kc, double[] to, int put) {
    DoubleVector e4 = DoubleVector.fromArray(S, E4, 0);
    DoubleVector o4 = DoubleVector.fromArray(S, O4, 0);
    DoubleVector e2 = DoubleVector.fromArray(S, E2, 0);
    DoubleVector o2 = DoubleVector.fromArray(S, O2, 0);
    DoubleVector e1 = DoubleVector.fromArray(S, E1, 0);
    DoubleVector o1 = DoubleVector.fromArray(S, O1, 0);
    for (int p = 0; p + 8 <= kc; p += 8) {
      int at = bo + p;
      int t = put + p * COLUMNS;
      DoubleVector r0 = DoubleVector.fromArray(S, b, at);
      DoubleVector r1 = DoubleVector.fromArray(S, b, at + ld);
      DoubleVector r2 = DoubleVector.fromArray(S, b, at + 2 * ld);
      DoubleVector r3 = DoubleVector.fromArray(S, b, at + 3 * ld);
      DoubleVector r4 = DoubleVector.fromArray(S, b, at + 4 * ld);
      DoubleVector r5 = DoubleVector.fromArray(S, b, at + 5 * ld);
      DoubleVector r6 = DoubleVector.fromArray(S, b, at + 6 * ld);
      DoubleVector r7 = DoubleVector.fromArray(S, b, at + 7 * ld);
      DoubleVector u0 = e4.selectFrom(r0, r4);
      DoubleVector v0 = o4.selectFrom(r0, r4);
      DoubleVector u1 = e4.selectFrom(r1, r5);
      DoubleVector v1 = o4.selectFrom(r1, r5);
      DoubleVector u2 = e4.selectFrom(r2, r6);
      DoubleVector v2 = o4.selectFrom(r2, r6);
      DoubleVector u3 = e4.selectFrom(r3, r7);
      DoubleVector v3 = o4.selectFrom(r3, r7);
      DoubleVector u4 = e2.selectFrom(u0, u2);
      DoubleVector v4 = o2.selectFrom(u0, u2);
      DoubleVector u5 = e2.selectFrom(u1, u3);
      DoubleVector v5 = o2.selectFrom(u1, u3);
      DoubleVector u6 = e2.selectFrom(v0, v2);
      DoubleVector v6 = o2.selectFrom(v0, v2);
      DoubleVector u7 = e2.selectFrom(v1, v3);
      DoubleVector v7 = o2.selectFrom(v1, v3);
      DoubleVector u8 = e1.selectFrom(u4, u5);
      DoubleVector v8 = o1.selectFrom(u4, u5);
      DoubleVector u9 = e1.selectFrom(v4, v5);
      DoubleVector v9 = o1.selectFrom(v4, v5);
      DoubleVector u10 = e1.selectFrom(u6, u7);
      DoubleVector v10 = o1.selectFrom(u6, u7);
      DoubleVector u11 = e1.selectFrom(v6, v7);
      DoubleVector v11 = o1.selectFrom(v6, v7);
      u8.intoArray(to, t);
      v8.intoArray(to, t + COLUMNS);
      u9.intoArray(to, t + 2 * COLUMNS);
      v9.intoArray(to, t + 3 * COLUMNS);
      u10.intoArray(to, t + 4 * COLUMNS);
      v10.intoArray(to, t + 5 * COLUMNS);
      u11.intoArray(to, t + 6 * COLUMNS);
      v11.intoArray(to, t + 7 * COLUMNS);
    }
  }
}
