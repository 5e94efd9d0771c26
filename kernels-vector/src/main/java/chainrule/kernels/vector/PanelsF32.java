package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lays B out for {@link MicroF32}: slivers of two vectors' columns, one behind the other, each step
 * of k by step of k; columns beyond the border are zeros.
 */
final class PanelsF32 {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;
  static final int COLUMNS = 2 * L;

  private static final float[] E8 = lanes(8, false);
  private static final float[] O8 = lanes(8, true);
  private static final float[] E4 = lanes(4, false);
  private static final float[] O4 = lanes(4, true);
  private static final float[] E2 = lanes(2, false);
  private static final float[] O2 = lanes(2, true);
  private static final float[] E1 = lanes(1, false);
  private static final float[] O1 = lanes(1, true);

  /** Whether there is a loop that transposes whole vectors here. */
  static final boolean TURNS = L == 16;

  private PanelsF32() {}

  /**
   * Which of the lanes of two vectors, one after the other, a vector takes when parts of so many
   * lanes change places: those at even places of both, or those at odd.
   */
  private static float[] lanes(int part, boolean odd) {
    var lanes = new float[L];
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
      float[] b,
      int bo,
      int ldb,
      boolean tb,
      int p0,
      int kc,
      int j0,
      int width,
      float[] to,
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

  static void straight(float[] b, int bo, int ldb, int kc, float[] to, int t) {
    int at = bo;
    int put = t;
    for (int p = 0; p < kc; p++) {
      FloatVector u = FloatVector.fromArray(S, b, at);
      FloatVector v = FloatVector.fromArray(S, b, at + L);
      u.intoArray(to, put);
      v.intoArray(to, put + L);
      at += ldb;
      put += COLUMNS;
    }
  }

  private static void transposed(float[] b, int at, int ldb, int kc, int width, float[] to, int t) {
    int j = 0;
    for (; TURNS && j + L <= width && GemmF32.LATER.open(); j += L) {
      transpose(b, at + j * ldb, ldb, kc, to, t + j, COLUMNS);
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

  private static void eight(float[] b, int r0, int ldb, int kc, float[] to, int t) {
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

  /**
   * 16 rows, transposed 16 numbers at a time, into rows {@code step} apart: halves change places,
   * then quarters, pairs, neighbours.
   */
  static void transpose(float[] b, int bo, int ld, int kc, float[] to, int put, int step) {
    FloatVector e8 = FloatVector.fromArray(S, E8, 0);
    FloatVector o8 = FloatVector.fromArray(S, O8, 0);
    FloatVector e4 = FloatVector.fromArray(S, E4, 0);
    FloatVector o4 = FloatVector.fromArray(S, O4, 0);
    FloatVector e2 = FloatVector.fromArray(S, E2, 0);
    FloatVector o2 = FloatVector.fromArray(S, O2, 0);
    FloatVector e1 = FloatVector.fromArray(S, E1, 0);
    FloatVector o1 = FloatVector.fromArray(S, O1, 0);
    for (int p = 0; p + 16 <= kc; p += 16) {
      int at = bo + p;
      int t = put + p * step;
      FloatVector r0 = FloatVector.fromArray(S, b, at);
      FloatVector r1 = FloatVector.fromArray(S, b, at + ld);
      FloatVector r2 = FloatVector.fromArray(S, b, at + 2 * ld);
      FloatVector r3 = FloatVector.fromArray(S, b, at + 3 * ld);
      FloatVector r4 = FloatVector.fromArray(S, b, at + 4 * ld);
      FloatVector r5 = FloatVector.fromArray(S, b, at + 5 * ld);
      FloatVector r6 = FloatVector.fromArray(S, b, at + 6 * ld);
      FloatVector r7 = FloatVector.fromArray(S, b, at + 7 * ld);
      FloatVector r8 = FloatVector.fromArray(S, b, at + 8 * ld);
      FloatVector r9 = FloatVector.fromArray(S, b, at + 9 * ld);
      FloatVector r10 = FloatVector.fromArray(S, b, at + 10 * ld);
      FloatVector r11 = FloatVector.fromArray(S, b, at + 11 * ld);
      FloatVector r12 = FloatVector.fromArray(S, b, at + 12 * ld);
      FloatVector r13 = FloatVector.fromArray(S, b, at + 13 * ld);
      FloatVector r14 = FloatVector.fromArray(S, b, at + 14 * ld);
      FloatVector r15 = FloatVector.fromArray(S, b, at + 15 * ld);
      FloatVector u0 = e8.selectFrom(r0, r8);
      FloatVector v0 = o8.selectFrom(r0, r8);
      FloatVector u1 = e8.selectFrom(r1, r9);
      FloatVector v1 = o8.selectFrom(r1, r9);
      FloatVector u2 = e8.selectFrom(r2, r10);
      FloatVector v2 = o8.selectFrom(r2, r10);
      FloatVector u3 = e8.selectFrom(r3, r11);
      FloatVector v3 = o8.selectFrom(r3, r11);
      FloatVector u4 = e8.selectFrom(r4, r12);
      FloatVector v4 = o8.selectFrom(r4, r12);
      FloatVector u5 = e8.selectFrom(r5, r13);
      FloatVector v5 = o8.selectFrom(r5, r13);
      FloatVector u6 = e8.selectFrom(r6, r14);
      FloatVector v6 = o8.selectFrom(r6, r14);
      FloatVector u7 = e8.selectFrom(r7, r15);
      FloatVector v7 = o8.selectFrom(r7, r15);
      FloatVector u8 = e4.selectFrom(u0, u4);
      FloatVector v8 = o4.selectFrom(u0, u4);
      FloatVector u9 = e4.selectFrom(u1, u5);
      FloatVector v9 = o4.selectFrom(u1, u5);
      FloatVector u10 = e4.selectFrom(u2, u6);
      FloatVector v10 = o4.selectFrom(u2, u6);
      FloatVector u11 = e4.selectFrom(u3, u7);
      FloatVector v11 = o4.selectFrom(u3, u7);
      FloatVector u12 = e4.selectFrom(v0, v4);
      FloatVector v12 = o4.selectFrom(v0, v4);
      FloatVector u13 = e4.selectFrom(v1, v5);
      FloatVector v13 = o4.selectFrom(v1, v5);
      FloatVector u14 = e4.selectFrom(v2, v6);
      FloatVector v14 = o4.selectFrom(v2, v6);
      FloatVector u15 = e4.selectFrom(v3, v7);
      FloatVector v15 = o4.selectFrom(v3, v7);
      FloatVector u16 = e2.selectFrom(u8, u10);
      FloatVector v16 = o2.selectFrom(u8, u10);
      FloatVector u17 = e2.selectFrom(u9, u11);
      FloatVector v17 = o2.selectFrom(u9, u11);
      FloatVector u18 = e2.selectFrom(v8, v10);
      FloatVector v18 = o2.selectFrom(v8, v10);
      FloatVector u19 = e2.selectFrom(v9, v11);
      FloatVector v19 = o2.selectFrom(v9, v11);
      FloatVector u20 = e2.selectFrom(u12, u14);
      FloatVector v20 = o2.selectFrom(u12, u14);
      FloatVector u21 = e2.selectFrom(u13, u15);
      FloatVector v21 = o2.selectFrom(u13, u15);
      FloatVector u22 = e2.selectFrom(v12, v14);
      FloatVector v22 = o2.selectFrom(v12, v14);
      FloatVector u23 = e2.selectFrom(v13, v15);
      FloatVector v23 = o2.selectFrom(v13, v15);
      FloatVector u24 = e1.selectFrom(u16, u17);
      FloatVector v24 = o1.selectFrom(u16, u17);
      FloatVector u25 = e1.selectFrom(v16, v17);
      FloatVector v25 = o1.selectFrom(v16, v17);
      FloatVector u26 = e1.selectFrom(u18, u19);
      FloatVector v26 = o1.selectFrom(u18, u19);
      FloatVector u27 = e1.selectFrom(v18, v19);
      FloatVector v27 = o1.selectFrom(v18, v19);
      FloatVector u28 = e1.selectFrom(u20, u21);
      FloatVector v28 = o1.selectFrom(u20, u21);
      FloatVector u29 = e1.selectFrom(v20, v21);
      FloatVector v29 = o1.selectFrom(v20, v21);
      FloatVector u30 = e1.selectFrom(u22, u23);
      FloatVector v30 = o1.selectFrom(u22, u23);
      FloatVector u31 = e1.selectFrom(v22, v23);
      FloatVector v31 = o1.selectFrom(v22, v23);
      u24.intoArray(to, t);
      v24.intoArray(to, t + step);
      u25.intoArray(to, t + 2 * step);
      v25.intoArray(to, t + 3 * step);
      u26.intoArray(to, t + 4 * step);
      v26.intoArray(to, t + 5 * step);
      u27.intoArray(to, t + 6 * step);
      v27.intoArray(to, t + 7 * step);
      u28.intoArray(to, t + 8 * step);
      v28.intoArray(to, t + 9 * step);
      u29.intoArray(to, t + 10 * step);
      v29.intoArray(to, t + 11 * step);
      u30.intoArray(to, t + 12 * step);
      v30.intoArray(to, t + 13 * step);
      u31.intoArray(to, t + 14 * step);
      v31.intoArray(to, t + 15 * step);
    }
  }
}
