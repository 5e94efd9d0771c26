package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A row of doubles times a matrix: B is read once, so nothing is packed. Where its rows run along
 * the result, whole vectors of chains go side by side; where they run along k, a few scalar chains
 * are what is left over by vectors of transposed rows ({@link GemmF64}), since a chain may not be
 * split.
 */
final class GemvF64 {
  private static final VectorSpecies<Double> S = MicroF64.S;
  private static final int L = MicroF64.L;

  private GemvF64() {}

  /** Adds {@code width} numbers, from {@code column} on, to every row of C. */
  static void addRows(double[] c, int co, int ldc, int rows, double[] bias, int column, int width) {
    if (width == 1 && ldc == 1) {
      int end = co + rows / L * L;
      for (int q = co; q < end; q += L) {
        DoubleVector.fromArray(S, c, q).add(bias[column]).intoArray(c, q);
      }
      for (int q = end; q < co + rows; q++) {
        c[q] += bias[column];
      }
      return;
    }
    int whole = width / L * L;
    for (int i = 0; i < rows; i++) {
      int q = co + i * ldc;
      for (int j = 0; j < whole; j += L) {
        DoubleVector.fromArray(S, c, q + j)
            .add(DoubleVector.fromArray(S, bias, column + j))
            .intoArray(c, q + j);
      }
      for (int j = whole; j < width; j++) {
        c[q + j] += bias[column + j];
      }
    }
  }

  /**
   * {@code c = a·op(B)}, or with {@code more} {@code c += a·op(B)}, for a row a of k elements that
   * are {@code as} apart.
   */
  static void row(
      boolean more,
      int k,
      int n,
      double[] a,
      int ao,
      int as,
      double[] b,
      int bo,
      int ldb,
      boolean tb,
      double[] c,
      int co) {
    int j = 0;
    if (!tb) {
      for (; j + 8 * L <= n && GemmF64.LATER.open(); j += 8 * L) {
        tile1x8(k, a, ao, 0, as, b, bo + j, ldb, c, co + j, 0, more);
      }
      for (; j + 2 * L <= n; j += 2 * L) {
        MicroF64.tile1x2(k, a, ao, 0, as, b, bo + j, ldb, c, co + j, 0, more);
      }
      for (; j + 1 < n && GemmF64.LATER.open(); j += Math.min(L, n - j)) {
        few(more, k, Math.min(L, n - j), a, ao, as, b, bo + j, ldb, c, co + j);
      }
    }
    int bs = tb ? ldb : 1;
    int bks = tb ? 1 : ldb;
    for (; j + 8 <= n; j += 8) {
      chains8(k, a, ao, as, b, bo + j * bs, bs, bks, c, co + j, more);
    }
    for (; j < n; j++) {
      chain(k, a, ao, as, b, bo + j * bs, bks, c, co + j, more);
    }
  }

  /** At most a vector of elements of C: what is read beyond them is not used. */
  private static void few(
      boolean more,
      int k,
      int n,
      double[] a,
      int ao,
      int as,
      double[] b,
      int bo,
      int ldb,
      double[] c,
      int co) {
    int whole = b.length < bo + L ? 0 : Math.min(k, (b.length - L - bo) / ldb + 1);
    GemmF64.Scratch scratch = GemmF64.SCRATCH.borrow();
    double[] room = scratch.tile;
    for (int j = 0; j < n; j++) {
      room[j] = more ? c[co + j] : 0;
    }
    NarrowF64.tile1x1(whole, a, ao, 0, as, b, bo, ldb, room, 0, 0, more);
    for (int i = whole; i < k; i++) {
      double s = a[ao + i * as];
      for (int j = 0; j < n; j++) {
        room[j] = Math.fma(s, b[bo + i * ldb + j], room[j]);
      }
    }
    System.arraycopy(room, 0, c, co, n);
    GemmF64.SCRATCH.giveBack(scratch);
  }

  /** 1 row of C by 8 vectors. */
  static void tile1x8(
      int kc,
      double[] a,
      int ao,
      int ars,
      int aks,
      double[] b,
      int bo,
      int bks,
      double[] c,
      int co,
      int ldc,
      boolean more) {
    if (kc <= 0) {
      return;
    }
    int c0 = co;
    int a0 = ao;
    DoubleVector x00 = DoubleVector.zero(S);
    DoubleVector x01 = x00;
    DoubleVector x02 = x00;
    DoubleVector x03 = x00;
    DoubleVector x04 = x00;
    DoubleVector x05 = x00;
    DoubleVector x06 = x00;
    DoubleVector x07 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
      x02 = DoubleVector.fromArray(S, c, c0 + 2 * L);
      x03 = DoubleVector.fromArray(S, c, c0 + 3 * L);
      x04 = DoubleVector.fromArray(S, c, c0 + 4 * L);
      x05 = DoubleVector.fromArray(S, c, c0 + 5 * L);
      x06 = DoubleVector.fromArray(S, c, c0 + 6 * L);
      x07 = DoubleVector.fromArray(S, c, c0 + 7 * L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector b2 = DoubleVector.fromArray(S, b, q + 2 * L);
      DoubleVector b3 = DoubleVector.fromArray(S, b, q + 3 * L);
      DoubleVector b4 = DoubleVector.fromArray(S, b, q + 4 * L);
      DoubleVector b5 = DoubleVector.fromArray(S, b, q + 5 * L);
      DoubleVector b6 = DoubleVector.fromArray(S, b, q + 6 * L);
      DoubleVector b7 = DoubleVector.fromArray(S, b, q + 7 * L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      x02 = s0.fma(b2, x02);
      x03 = s0.fma(b3, x03);
      x04 = s0.fma(b4, x04);
      x05 = s0.fma(b5, x05);
      x06 = s0.fma(b6, x06);
      x07 = s0.fma(b7, x07);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
    x02.intoArray(c, c0 + 2 * L);
    x03.intoArray(c, c0 + 3 * L);
    x04.intoArray(c, c0 + 4 * L);
    x05.intoArray(c, c0 + 5 * L);
    x06.intoArray(c, c0 + 6 * L);
    x07.intoArray(c, c0 + 7 * L);
  }

  /** Eight elements of C, a scalar chain each: {@code bs} and {@code bks} step through B. */
  static void chains8(
      int k,
      double[] a,
      int ao,
      int as,
      double[] b,
      int bo,
      int bs,
      int bks,
      double[] c,
      int co,
      boolean more) {
    double x0 = more ? c[co] : 0;
    double x1 = more ? c[co + 1] : 0;
    double x2 = more ? c[co + 2] : 0;
    double x3 = more ? c[co + 3] : 0;
    double x4 = more ? c[co + 4] : 0;
    double x5 = more ? c[co + 5] : 0;
    double x6 = more ? c[co + 6] : 0;
    double x7 = more ? c[co + 7] : 0;
    int b1 = bo + bs;
    int b2 = b1 + bs;
    int b3 = b2 + bs;
    int b4 = b3 + bs;
    int b5 = b4 + bs;
    int b6 = b5 + bs;
    int b7 = b6 + bs;
    int p = 0;
    int q = ao;
    for (int i = 0; i < k; i++) {
      double s = a[q];
      x0 = Math.fma(s, b[bo + p], x0);
      x1 = Math.fma(s, b[b1 + p], x1);
      x2 = Math.fma(s, b[b2 + p], x2);
      x3 = Math.fma(s, b[b3 + p], x3);
      x4 = Math.fma(s, b[b4 + p], x4);
      x5 = Math.fma(s, b[b5 + p], x5);
      x6 = Math.fma(s, b[b6 + p], x6);
      x7 = Math.fma(s, b[b7 + p], x7);
      p += bks;
      q += as;
    }
    c[co] = x0;
    c[co + 1] = x1;
    c[co + 2] = x2;
    c[co + 3] = x3;
    c[co + 4] = x4;
    c[co + 5] = x5;
    c[co + 6] = x6;
    c[co + 7] = x7;
  }

  /** One element of C. */
  static void chain(
      int k,
      double[] a,
      int ao,
      int as,
      double[] b,
      int bo,
      int bks,
      double[] c,
      int co,
      boolean more) {
    double x = more ? c[co] : 0;
    for (int i = 0; i < k; i++) {
      x = Math.fma(a[ao + i * as], b[bo + i * bks], x);
    }
    c[co] = x;
  }
}
