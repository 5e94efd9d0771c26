package chainrule.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A row of floats times a matrix: B is read once, so nothing is packed. Where its rows run along
 * the result, whole vectors of chains go side by side; where they run along k, a few scalar chains
 * are what is left over by vectors of transposed rows ({@link GemmF32}), since a chain may not be
 * split.
 */
final class GemvF32 {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;

  private GemvF32() {}

  /** Adds {@code width} numbers, from {@code column} on, to every row of C. */
  static void addRows(float[] c, int co, int ldc, int rows, float[] bias, int column, int width) {
    if (width == 1 && ldc == 1) {
      int end = co + rows / L * L;
      for (int q = co; q < end; q += L) {
        FloatVector.fromArray(S, c, q).add(bias[column]).intoArray(c, q);
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
        FloatVector.fromArray(S, c, q + j)
            .add(FloatVector.fromArray(S, bias, column + j))
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
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int ldb,
      boolean tb,
      float[] c,
      int co) {
    int j = 0;
    if (!tb) {
      for (; j + 8 * L <= n && GemmF32.LATER.open(); j += 8 * L) {
        tile1x8(k, a, ao, 0, as, b, bo + j, ldb, c, co + j, 0, more);
      }
      for (; j + 2 * L <= n; j += 2 * L) {
        MicroF32.tile1x2(k, a, ao, 0, as, b, bo + j, ldb, c, co + j, 0, more);
      }
      for (; j + 1 < n && GemmF32.LATER.open(); j += Math.min(L, n - j)) {
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
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int ldb,
      float[] c,
      int co) {
    int whole = b.length < bo + L ? 0 : Math.min(k, (b.length - L - bo) / ldb + 1);
    GemmF32.Scratch scratch = GemmF32.SCRATCH.borrow();
    float[] room = scratch.tile;
    for (int j = 0; j < n; j++) {
      room[j] = more ? c[co + j] : 0;
    }
    NarrowF32.tile1x1(whole, a, ao, 0, as, b, bo, ldb, room, 0, 0, more);
    for (int i = whole; i < k; i++) {
      float s = a[ao + i * as];
      for (int j = 0; j < n; j++) {
        room[j] = Math.fma(s, b[bo + i * ldb + j], room[j]);
      }
    }
    System.arraycopy(room, 0, c, co, n);
    GemmF32.SCRATCH.giveBack(scratch);
  }

  /** 1 row of C by 8 vectors. */
  static void tile1x8(
      int kc,
      float[] a,
      int ao,
      int ars,
      int aks,
      float[] b,
      int bo,
      int bks,
      float[] c,
      int co,
      int ldc,
      boolean more) {
    if (kc <= 0) {
      return;
    }
    int c0 = co;
    int a0 = ao;
    FloatVector x00 = FloatVector.zero(S);
    FloatVector x01 = x00;
    FloatVector x02 = x00;
    FloatVector x03 = x00;
    FloatVector x04 = x00;
    FloatVector x05 = x00;
    FloatVector x06 = x00;
    FloatVector x07 = x00;
    if (more) {
      x00 = FloatVector.fromArray(S, c, c0);
      x01 = FloatVector.fromArray(S, c, c0 + L);
      x02 = FloatVector.fromArray(S, c, c0 + 2 * L);
      x03 = FloatVector.fromArray(S, c, c0 + 3 * L);
      x04 = FloatVector.fromArray(S, c, c0 + 4 * L);
      x05 = FloatVector.fromArray(S, c, c0 + 5 * L);
      x06 = FloatVector.fromArray(S, c, c0 + 6 * L);
      x07 = FloatVector.fromArray(S, c, c0 + 7 * L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector b1 = FloatVector.fromArray(S, b, q + L);
      FloatVector b2 = FloatVector.fromArray(S, b, q + 2 * L);
      FloatVector b3 = FloatVector.fromArray(S, b, q + 3 * L);
      FloatVector b4 = FloatVector.fromArray(S, b, q + 4 * L);
      FloatVector b5 = FloatVector.fromArray(S, b, q + 5 * L);
      FloatVector b6 = FloatVector.fromArray(S, b, q + 6 * L);
      FloatVector b7 = FloatVector.fromArray(S, b, q + 7 * L);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
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
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int bs,
      int bks,
      float[] c,
      int co,
      boolean more) {
    float x0 = more ? c[co] : 0;
    float x1 = more ? c[co + 1] : 0;
    float x2 = more ? c[co + 2] : 0;
    float x3 = more ? c[co + 3] : 0;
    float x4 = more ? c[co + 4] : 0;
    float x5 = more ? c[co + 5] : 0;
    float x6 = more ? c[co + 6] : 0;
    float x7 = more ? c[co + 7] : 0;
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
      float s = a[q];
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
      float[] a,
      int ao,
      int as,
      float[] b,
      int bo,
      int bks,
      float[] c,
      int co,
      boolean more) {
    float x = more ? c[co] : 0;
    for (int i = 0; i < k; i++) {
      x = Math.fma(a[ao + i * as], b[bo + i * bks], x);
    }
    c[co] = x;
  }
}
