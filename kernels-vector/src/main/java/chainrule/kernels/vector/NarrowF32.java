package chainrule.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products no wider than a vector: the tiles of {@link MicroF32} by one vector, and what turns
 * them.
 */
final class NarrowF32 {
  private static final VectorSpecies<Float> S = MicroF32.S;

  private NarrowF32() {}

  /** A tall and narrow C as {@code Cᵀ = op(B)ᵀ·op(A)ᵀ}, which fills whole vectors. */
  static void turned(
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
      int ldc,
      float[] flat) {
    for (int i = 0; more && i < m; i++) {
      for (int j = 0; j < n; j++) {
        flat[j * m + i] = c[co + i * ldc + j];
      }
    }
    GemmF32.packed(more, n, k, m, b, bo, ldb, !tb, a, ao, lda, !ta, flat, 0, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        c[co + i * ldc + j] = flat[j * m + i];
      }
    }
  }

  /** 12 rows of C by a vector. */
  static void tile12x1(
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
    FloatVector x00 = FloatVector.zero(S);
    FloatVector x10 = x00;
    FloatVector x20 = x00;
    FloatVector x30 = x00;
    FloatVector x40 = x00;
    FloatVector x50 = x00;
    FloatVector x60 = x00;
    FloatVector x70 = x00;
    FloatVector x80 = x00;
    FloatVector x90 = x00;
    FloatVector x100 = x00;
    FloatVector x110 = x00;
    if (more) {
      x00 = FloatVector.fromArray(S, c, c0);
      x10 = FloatVector.fromArray(S, c, c1);
      x20 = FloatVector.fromArray(S, c, c2);
      x30 = FloatVector.fromArray(S, c, c3);
      x40 = FloatVector.fromArray(S, c, c4);
      x50 = FloatVector.fromArray(S, c, c5);
      x60 = FloatVector.fromArray(S, c, c6);
      x70 = FloatVector.fromArray(S, c, c7);
      x80 = FloatVector.fromArray(S, c, c8);
      x90 = FloatVector.fromArray(S, c, c9);
      x100 = FloatVector.fromArray(S, c, c10);
      x110 = FloatVector.fromArray(S, c, c11);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      FloatVector s4 = FloatVector.broadcast(S, a[a4 + p]);
      x40 = s4.fma(b0, x40);
      FloatVector s5 = FloatVector.broadcast(S, a[a5 + p]);
      x50 = s5.fma(b0, x50);
      FloatVector s6 = FloatVector.broadcast(S, a[a6 + p]);
      x60 = s6.fma(b0, x60);
      FloatVector s7 = FloatVector.broadcast(S, a[a7 + p]);
      x70 = s7.fma(b0, x70);
      FloatVector s8 = FloatVector.broadcast(S, a[a8 + p]);
      x80 = s8.fma(b0, x80);
      FloatVector s9 = FloatVector.broadcast(S, a[a9 + p]);
      x90 = s9.fma(b0, x90);
      FloatVector s10 = FloatVector.broadcast(S, a[a10 + p]);
      x100 = s10.fma(b0, x100);
      FloatVector s11 = FloatVector.broadcast(S, a[a11 + p]);
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
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int a0 = ao;
    int a1 = a0 + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    FloatVector x00 = FloatVector.zero(S);
    FloatVector x10 = x00;
    FloatVector x20 = x00;
    FloatVector x30 = x00;
    if (more) {
      x00 = FloatVector.fromArray(S, c, c0);
      x10 = FloatVector.fromArray(S, c, c1);
      x20 = FloatVector.fromArray(S, c, c2);
      x30 = FloatVector.fromArray(S, c, c3);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      FloatVector s1 = FloatVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      FloatVector s2 = FloatVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      FloatVector s3 = FloatVector.broadcast(S, a[a3 + p]);
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
    if (more) {
      x00 = FloatVector.fromArray(S, c, c0);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector s0 = FloatVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
  }
}
