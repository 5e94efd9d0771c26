package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products no wider than a vector: the tiles of {@link MicroF64} by one vector, and what turns
 * them.
 */
final class NarrowF64 {
  private static final VectorSpecies<Double> S = MicroF64.S;

  private NarrowF64() {}

  /** A tall and narrow C as {@code Cᵀ = op(B)ᵀ·op(A)ᵀ}, which fills whole vectors. */
  static void turned(
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
      int ldc,
      double[] flat) {
    for (int i = 0; more && i < m; i++) {
      for (int j = 0; j < n; j++) {
        flat[j * m + i] = c[co + i * ldc + j];
      }
    }
    GemmF64.packed(more, n, k, m, b, bo, ldb, !tb, a, ao, lda, !ta, flat, 0, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        c[co + i * ldc + j] = flat[j * m + i];
      }
    }
  }

  /** 12 rows of C by a vector. */
  static void tile12x1(
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
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    int c6 = c5 + ldc;
    int c7 = c6 + ldc;
    int c8 = c7 + ldc;
    int c9 = c8 + ldc;
    int c10 = c9 + ldc;
    int c11 = c10 + ldc;
    int a0 = ao;
    int a1 = a0 + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int a4 = a3 + ars;
    int a5 = a4 + ars;
    int a6 = a5 + ars;
    int a7 = a6 + ars;
    int a8 = a7 + ars;
    int a9 = a8 + ars;
    int a10 = a9 + ars;
    int a11 = a10 + ars;
    DoubleVector x00 = DoubleVector.zero(S);
    DoubleVector x10 = x00;
    DoubleVector x20 = x00;
    DoubleVector x30 = x00;
    DoubleVector x40 = x00;
    DoubleVector x50 = x00;
    DoubleVector x60 = x00;
    DoubleVector x70 = x00;
    DoubleVector x80 = x00;
    DoubleVector x90 = x00;
    DoubleVector x100 = x00;
    DoubleVector x110 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x10 = DoubleVector.fromArray(S, c, c1);
      x20 = DoubleVector.fromArray(S, c, c2);
      x30 = DoubleVector.fromArray(S, c, c3);
      x40 = DoubleVector.fromArray(S, c, c4);
      x50 = DoubleVector.fromArray(S, c, c5);
      x60 = DoubleVector.fromArray(S, c, c6);
      x70 = DoubleVector.fromArray(S, c, c7);
      x80 = DoubleVector.fromArray(S, c, c8);
      x90 = DoubleVector.fromArray(S, c, c9);
      x100 = DoubleVector.fromArray(S, c, c10);
      x110 = DoubleVector.fromArray(S, c, c11);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      DoubleVector s2 = DoubleVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      DoubleVector s3 = DoubleVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      DoubleVector s4 = DoubleVector.broadcast(S, a[a4 + p]);
      x40 = s4.fma(b0, x40);
      DoubleVector s5 = DoubleVector.broadcast(S, a[a5 + p]);
      x50 = s5.fma(b0, x50);
      DoubleVector s6 = DoubleVector.broadcast(S, a[a6 + p]);
      x60 = s6.fma(b0, x60);
      DoubleVector s7 = DoubleVector.broadcast(S, a[a7 + p]);
      x70 = s7.fma(b0, x70);
      DoubleVector s8 = DoubleVector.broadcast(S, a[a8 + p]);
      x80 = s8.fma(b0, x80);
      DoubleVector s9 = DoubleVector.broadcast(S, a[a9 + p]);
      x90 = s9.fma(b0, x90);
      DoubleVector s10 = DoubleVector.broadcast(S, a[a10 + p]);
      x100 = s10.fma(b0, x100);
      DoubleVector s11 = DoubleVector.broadcast(S, a[a11 + p]);
      x110 = s11.fma(b0, x110);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x10.intoArray(c, c1);
    x20.intoArray(c, c2);
    x30.intoArray(c, c3);
    x40.intoArray(c, c4);
    x50.intoArray(c, c5);
    x60.intoArray(c, c6);
    x70.intoArray(c, c7);
    x80.intoArray(c, c8);
    x90.intoArray(c, c9);
    x100.intoArray(c, c10);
    x110.intoArray(c, c11);
  }

  /** 4 rows of C by a vector. */
  static void tile4x1(
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
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int a0 = ao;
    int a1 = a0 + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    DoubleVector x00 = DoubleVector.zero(S);
    DoubleVector x10 = x00;
    DoubleVector x20 = x00;
    DoubleVector x30 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x10 = DoubleVector.fromArray(S, c, c1);
      x20 = DoubleVector.fromArray(S, c, c2);
      x30 = DoubleVector.fromArray(S, c, c3);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      DoubleVector s2 = DoubleVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      DoubleVector s3 = DoubleVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x10.intoArray(c, c1);
    x20.intoArray(c, c2);
    x30.intoArray(c, c3);
  }

  /** 1 row of C by a vector. */
  static void tile1x1(
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
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
  }
}
