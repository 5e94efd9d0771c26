package chainrule.internal.kernel;

import java.util.Arrays;

/** The chains of multiply-adds of which products over {@code double[]} are made. */
final class ScalarGemmF64 {
  /** Rows of op(B) held at once. */
  private static final int DEPTH = 64;

  private static final Pool<ScalarGemmF64> SCRATCH = new Pool<>(ScalarGemmF64::new);

  private final double[] left = new double[DEPTH];
  private final double[][] right = new double[DEPTH][0];
  private double[] line = new double[0];

  private ScalarGemmF64() {}

  /** As {@link Kernels#gemm}. */
  static void block(
      boolean more,
      int m,
      int k,
      int n,
      double[] a,
      int ao,
      int lda,
      boolean ta,
      double[] b,
      int bo,
      int ldb,
      boolean tb,
      double[] c,
      int co,
      int ldc) {
    if (!more && k == 0) {
      for (int i = 0; i < m; i++) {
        Arrays.fill(c, co + i * ldc, co + i * ldc + n, 0);
      }
    }
    ScalarGemmF64 scratch = SCRATCH.borrow();
    scratch.fit(Math.min(k, DEPTH), n);
    double[] left = scratch.left;
    double[] line = scratch.line;
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
      line = new double[n];
    }
    for (int p = 0; p < rows; p++) {
      if (right[p].length < n) {
        right[p] = new double[n];
      }
    }
  }

  /**
   * Copies each row of op(B) into an array of its own: with one index for all arrays, and no
   * offsets, the JIT can prove that the loops below may run in SIMD.
   */
  static void rows(double[] b, int bo, int ldb, boolean tb, int k, int n, double[][] rows) {
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
  static void chain(double[] line, double[] left, double[][] rows, int k, int n) {
    int p = 0;
    for (; p + 8 <= k; p += 8) {
      row8(line, left, rows, p, n);
    }
    for (; p < k; p++) {
      row1(line, left[p], rows[p], n);
    }
  }

  /** Eight steps of the chain for every element of a row: few loads and stores per multiply-add. */
  private static void row8(double[] line, double[] left, double[][] rows, int p, int n) {
    double l0 = left[p];
    double l1 = left[p + 1];
    double l2 = left[p + 2];
    double l3 = left[p + 3];
    double l4 = left[p + 4];
    double l5 = left[p + 5];
    double l6 = left[p + 6];
    double l7 = left[p + 7];
    double[] b0 = rows[p];
    double[] b1 = rows[p + 1];
    double[] b2 = rows[p + 2];
    double[] b3 = rows[p + 3];
    double[] b4 = rows[p + 4];
    double[] b5 = rows[p + 5];
    double[] b6 = rows[p + 6];
    double[] b7 = rows[p + 7];
    for (int j = 0; j < n; j++) {
      double s = Math.fma(l0, b0[j], line[j]);
      s = Math.fma(l1, b1[j], s);
      s = Math.fma(l2, b2[j], s);
      s = Math.fma(l3, b3[j], s);
      s = Math.fma(l4, b4[j], s);
      s = Math.fma(l5, b5[j], s);
      s = Math.fma(l6, b6[j], s);
      line[j] = Math.fma(l7, b7[j], s);
    }
  }

  private static void row1(double[] line, double l, double[] b, int n) {
    for (int j = 0; j < n; j++) {
      line[j] = Math.fma(l, b[j], line[j]);
    }
  }
}
