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

  private PanelsF64() {}

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
}
