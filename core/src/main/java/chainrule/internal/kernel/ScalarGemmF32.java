package chainrule.internal.kernel;

import java.util.Arrays;

/** The chains of multiply-adds of which products over {@code float[]} are made. */
final class ScalarGemmF32 {
  /** Rows of op(B) held at once. */
  private static final int DEPTH = 64;

  private static final Pool<ScalarGemmF32> SCRATCH = new Pool<>(ScalarGemmF32::new);

  private final float[] left = new float[DEPTH];
  private final float[][] right = new float[DEPTH][0];
  private float[] line = new float[0];

  private ScalarGemmF32() {}

  /** As {@link Kernels#gemm}. */
  static void block(
      boolean more,
      int m,
      int k,
      int n,
      float[] a,
      int ao,
      int lda,
      boolean ta,
      float[] b,
      int bo,
      int ldb,
      boolean tb,
      float[] c,
      int co,
      int ldc) {
    if (!more && k == 0) {
      for (int i = 0; i < m; i++) {
        Arrays.fill(c, co + i * ldc, co + i * ldc + n, 0);
      }
    }
    ScalarGemmF32 scratch = SCRATCH.borrow();
    scratch.fit(Math.min(k, DEPTH), n);
    float[] left = scratch.left;
    float[] line = scratch.line;
    for (int p0 = 0; p0 < k; p0 += DEPTH) {
      int depth = Math.min(DEPTH, k - p0);
      rows(b, tb ? bo + p0 : bo + p0 * ldb, ldb, tb, depth, n, scratch.right);
      for (int i = 0; i < m; i++) {
        for (int p = 0; p < depth; p++) {
          left[p] = ta ? a[ao + (p0 + p) * lda + i] : a[ao + i * lda + p0 + p];
        }
        if (more || p0 > 0) {
          System.arraycopy(c, co + i * ldc, line, 0, n);
        } else {
          Arrays.fill(line, 0, n, 0);
        }
        chain(line, left, scratch.right, depth, n);
        System.arraycopy(line, 0, c, co + i * ldc, n);
      }
    }
    SCRATCH.giveBack(scratch);
  }

  private void fit(int rows, int n) {
    if (line.length < n) {
      line = new float[n];
    }
    for (int p = 0; p < rows; p++) {
      if (right[p].length < n) {
        right[p] = new float[n];
      }
    }
  }

  /**
   * Copies each row of op(B) into an array of its own: with one index for all arrays, and no
   * offsets, the JIT can prove that the loops below may run in SIMD.
   */
  static void rows(float[] b, int bo, int ldb, boolean tb, int k, int n, float[][] rows) {
    for (int p = 0; !tb && p < k; p++) {
      System.arraycopy(b, bo + p * ldb, rows[p], 0, n);
    }
    for (int p0 = 0; tb && p0 < k; p0 += 16) {
      for (int j = 0; j < n; j++) {
        for (int p = p0; p < Math.min(k, p0 + 16); p++) {
          rows[p][j] = b[bo + j * ldb + p];
        }
      }
    }
  }

  /** {@code k} steps of the chain for every element of a row. */
  static void chain(float[] line, float[] left, float[][] rows, int k, int n) {
    int p = 0;
    for (; p + 8 <= k; p += 8) {
      row8(line, left, rows, p, n);
    }
    for (; p < k; p++) {
      row1(line, left[p], rows[p], n);
    }
  }

  /** Eight steps of the chain for every element of a row: few loads and stores per multiply-add. */
  private static void row8(float[] line, float[] left, float[][] rows, int p, int n) {
    float l0 = left[p];
    float l1 = left[p + 1];
    float l2 = left[p + 2];
    float l3 = left[p + 3];
    float l4 = left[p + 4];
    float l5 = left[p + 5];
    float l6 = left[p + 6];
    float l7 = left[p + 7];
    float[] b0 = rows[p];
    float[] b1 = rows[p + 1];
    float[] b2 = rows[p + 2];
    float[] b3 = rows[p + 3];
    float[] b4 = rows[p + 4];
    float[] b5 = rows[p + 5];
    float[] b6 = rows[p + 6];
    float[] b7 = rows[p + 7];
    for (int j = 0; j < n; j++) {
      float s = Math.fma(l0, b0[j], line[j]);
      s = Math.fma(l1, b1[j], s);
      s = Math.fma(l2, b2[j], s);
      s = Math.fma(l3, b3[j], s);
      s = Math.fma(l4, b4[j], s);
      s = Math.fma(l5, b5[j], s);
      s = Math.fma(l6, b6[j], s);
      line[j] = Math.fma(l7, b7[j], s);
    }
  }

  private static void row1(float[] line, float l, float[] b, int n) {
    for (int j = 0; j < n; j++) {
      line[j] = Math.fma(l, b[j], line[j]);
    }
  }
}
