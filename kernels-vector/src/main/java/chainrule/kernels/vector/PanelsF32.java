package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lays B out for {@link MicroF32}: slivers of two vectors' columns, one behind the other, each step
 * of k by step of k; columns beyond the border are zeros.
 */
final class PanelsF32 {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;
  static final int COLUMNS = 2 * L;

  private static final VectorShuffle<Float> X8 = VectorShuffle.fromOp(S, i -> (i ^ 8) % L);
  private static final VectorShuffle<Float> X4 = VectorShuffle.fromOp(S, i -> (i ^ 4) % L);
  private static final VectorShuffle<Float> X2 = VectorShuffle.fromOp(S, i -> (i ^ 2) % L);
  private static final VectorShuffle<Float> X1 = VectorShuffle.fromOp(S, i -> (i ^ 1) % L);
  private static final VectorMask<Float> M8 = VectorMask.fromLong(S, 0xff00);
  private static final VectorMask<Float> M4 = VectorMask.fromLong(S, 0xf0f0);
  private static final VectorMask<Float> M2 = VectorMask.fromLong(S, 0xcccc);
  private static final VectorMask<Float> M1 = VectorMask.fromLong(S, 0xaaaa);

  private PanelsF32() {}

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
    for (; L == 16 && j + 16 <= width && GemmF32.LATER.open(); j += 16) {
      transpose16(b, at + j * ldb, ldb, kc, to, t + j, COLUMNS);
      int p = kc & -16;
      for (int r = j; r < j + 16; r++) {
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
  static void transpose16(float[] b, int bo, int ld, int kc, float[] to, int put, int step) {
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
      FloatVector u0 = r0.blend(r8.rearrange(X8), M8);
      FloatVector v0 = r0.rearrange(X8).blend(r8, M8);
      FloatVector u1 = r1.blend(r9.rearrange(X8), M8);
      FloatVector v1 = r1.rearrange(X8).blend(r9, M8);
      FloatVector u2 = r2.blend(r10.rearrange(X8), M8);
      FloatVector v2 = r2.rearrange(X8).blend(r10, M8);
      FloatVector u3 = r3.blend(r11.rearrange(X8), M8);
      FloatVector v3 = r3.rearrange(X8).blend(r11, M8);
      FloatVector u4 = r4.blend(r12.rearrange(X8), M8);
      FloatVector v4 = r4.rearrange(X8).blend(r12, M8);
      FloatVector u5 = r5.blend(r13.rearrange(X8), M8);
      FloatVector v5 = r5.rearrange(X8).blend(r13, M8);
      FloatVector u6 = r6.blend(r14.rearrange(X8), M8);
      FloatVector v6 = r6.rearrange(X8).blend(r14, M8);
      FloatVector u7 = r7.blend(r15.rearrange(X8), M8);
      FloatVector v7 = r7.rearrange(X8).blend(r15, M8);
      FloatVector u8 = u0.blend(u4.rearrange(X4), M4);
      FloatVector v8 = u0.rearrange(X4).blend(u4, M4);
      FloatVector u9 = u1.blend(u5.rearrange(X4), M4);
      FloatVector v9 = u1.rearrange(X4).blend(u5, M4);
      FloatVector u10 = u2.blend(u6.rearrange(X4), M4);
      FloatVector v10 = u2.rearrange(X4).blend(u6, M4);
      FloatVector u11 = u3.blend(u7.rearrange(X4), M4);
      FloatVector v11 = u3.rearrange(X4).blend(u7, M4);
      FloatVector u12 = v0.blend(v4.rearrange(X4), M4);
      FloatVector v12 = v0.rearrange(X4).blend(v4, M4);
      FloatVector u13 = v1.blend(v5.rearrange(X4), M4);
      FloatVector v13 = v1.rearrange(X4).blend(v5, M4);
      FloatVector u14 = v2.blend(v6.rearrange(X4), M4);
      FloatVector v14 = v2.rearrange(X4).blend(v6, M4);
      FloatVector u15 = v3.blend(v7.rearrange(X4), M4);
      FloatVector v15 = v3.rearrange(X4).blend(v7, M4);
      FloatVector u16 = u8.blend(u10.rearrange(X2), M2);
      FloatVector v16 = u8.rearrange(X2).blend(u10, M2);
      FloatVector u17 = u9.blend(u11.rearrange(X2), M2);
      FloatVector v17 = u9.rearrange(X2).blend(u11, M2);
      FloatVector u18 = v8.blend(v10.rearrange(X2), M2);
      FloatVector v18 = v8.rearrange(X2).blend(v10, M2);
      FloatVector u19 = v9.blend(v11.rearrange(X2), M2);
      FloatVector v19 = v9.rearrange(X2).blend(v11, M2);
      FloatVector u20 = u12.blend(u14.rearrange(X2), M2);
      FloatVector v20 = u12.rearrange(X2).blend(u14, M2);
      FloatVector u21 = u13.blend(u15.rearrange(X2), M2);
      FloatVector v21 = u13.rearrange(X2).blend(u15, M2);
      FloatVector u22 = v12.blend(v14.rearrange(X2), M2);
      FloatVector v22 = v12.rearrange(X2).blend(v14, M2);
      FloatVector u23 = v13.blend(v15.rearrange(X2), M2);
      FloatVector v23 = v13.rearrange(X2).blend(v15, M2);
      FloatVector u24 = u16.blend(u17.rearrange(X1), M1);
      FloatVector v24 = u16.rearrange(X1).blend(u17, M1);
      FloatVector u25 = v16.blend(v17.rearrange(X1), M1);
      FloatVector v25 = v16.rearrange(X1).blend(v17, M1);
      FloatVector u26 = u18.blend(u19.rearrange(X1), M1);
      FloatVector v26 = u18.rearrange(X1).blend(u19, M1);
      FloatVector u27 = v18.blend(v19.rearrange(X1), M1);
      FloatVector v27 = v18.rearrange(X1).blend(v19, M1);
      FloatVector u28 = u20.blend(u21.rearrange(X1), M1);
      FloatVector v28 = u20.rearrange(X1).blend(u21, M1);
      FloatVector u29 = v20.blend(v21.rearrange(X1), M1);
      FloatVector v29 = v20.rearrange(X1).blend(v21, M1);
      FloatVector u30 = u22.blend(u23.rearrange(X1), M1);
      FloatVector v30 = u22.rearrange(X1).blend(u23, M1);
      FloatVector u31 = v22.blend(v23.rearrange(X1), M1);
      FloatVector v31 = v22.rearrange(X1).blend(v23, M1);
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
