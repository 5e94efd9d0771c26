package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of the matrix product over {@code double[]}: a tile of C stays in registers
 * while {@code kc} steps of k go by, one fused multiply-add per element and step.
 *
 * <p>Element (i, p) of A is {@code a[ao + i·ars + p·aks]}, so A may lie either way round; row p of
 * the tile's columns of B begins at {@code b[bo + p·bks]}. With {@code more} the chains go on from
 * what C holds, else they begin at 0.
 */
final class MicroF64 {
  static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  static final int L = S.length();

  private MicroF64() {}

  /** 12 rows of C by two vectors. */
  static void tile12x2(
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
    DoubleVector x01 = x00;
    DoubleVector x10 = x00;
    DoubleVector x11 = x00;
    DoubleVector x20 = x00;
    DoubleVector x21 = x00;
    DoubleVector x30 = x00;
    DoubleVector x31 = x00;
    DoubleVector x40 = x00;
    DoubleVector x41 = x00;
    DoubleVector x50 = x00;
    DoubleVector x51 = x00;
    DoubleVector x60 = x00;
    DoubleVector x61 = x00;
    DoubleVector x70 = x00;
    DoubleVector x71 = x00;
    DoubleVector x80 = x00;
    DoubleVector x81 = x00;
    DoubleVector x90 = x00;
    DoubleVector x91 = x00;
    DoubleVector x100 = x00;
    DoubleVector x101 = x00;
    DoubleVector x110 = x00;
    DoubleVector x111 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
      x10 = DoubleVector.fromArray(S, c, c1);
      x11 = DoubleVector.fromArray(S, c, c1 + L);
      x20 = DoubleVector.fromArray(S, c, c2);
      x21 = DoubleVector.fromArray(S, c, c2 + L);
      x30 = DoubleVector.fromArray(S, c, c3);
      x31 = DoubleVector.fromArray(S, c, c3 + L);
      x40 = DoubleVector.fromArray(S, c, c4);
      x41 = DoubleVector.fromArray(S, c, c4 + L);
      x50 = DoubleVector.fromArray(S, c, c5);
      x51 = DoubleVector.fromArray(S, c, c5 + L);
      x60 = DoubleVector.fromArray(S, c, c6);
      x61 = DoubleVector.fromArray(S, c, c6 + L);
      x70 = DoubleVector.fromArray(S, c, c7);
      x71 = DoubleVector.fromArray(S, c, c7 + L);
      x80 = DoubleVector.fromArray(S, c, c8);
      x81 = DoubleVector.fromArray(S, c, c8 + L);
      x90 = DoubleVector.fromArray(S, c, c9);
      x91 = DoubleVector.fromArray(S, c, c9 + L);
      x100 = DoubleVector.fromArray(S, c, c10);
      x101 = DoubleVector.fromArray(S, c, c10 + L);
      x110 = DoubleVector.fromArray(S, c, c11);
      x111 = DoubleVector.fromArray(S, c, c11 + L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      DoubleVector s2 = DoubleVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      DoubleVector s3 = DoubleVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      DoubleVector s4 = DoubleVector.broadcast(S, a[a4 + p]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      DoubleVector s5 = DoubleVector.broadcast(S, a[a5 + p]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      DoubleVector s6 = DoubleVector.broadcast(S, a[a6 + p]);
      x60 = s6.fma(b0, x60);
      x61 = s6.fma(b1, x61);
      DoubleVector s7 = DoubleVector.broadcast(S, a[a7 + p]);
      x70 = s7.fma(b0, x70);
      x71 = s7.fma(b1, x71);
      DoubleVector s8 = DoubleVector.broadcast(S, a[a8 + p]);
      x80 = s8.fma(b0, x80);
      x81 = s8.fma(b1, x81);
      DoubleVector s9 = DoubleVector.broadcast(S, a[a9 + p]);
      x90 = s9.fma(b0, x90);
      x91 = s9.fma(b1, x91);
      DoubleVector s10 = DoubleVector.broadcast(S, a[a10 + p]);
      x100 = s10.fma(b0, x100);
      x101 = s10.fma(b1, x101);
      DoubleVector s11 = DoubleVector.broadcast(S, a[a11 + p]);
      x110 = s11.fma(b0, x110);
      x111 = s11.fma(b1, x111);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
    x10.intoArray(c, c1);
    x11.intoArray(c, c1 + L);
    x20.intoArray(c, c2);
    x21.intoArray(c, c2 + L);
    x30.intoArray(c, c3);
    x31.intoArray(c, c3 + L);
    x40.intoArray(c, c4);
    x41.intoArray(c, c4 + L);
    x50.intoArray(c, c5);
    x51.intoArray(c, c5 + L);
    x60.intoArray(c, c6);
    x61.intoArray(c, c6 + L);
    x70.intoArray(c, c7);
    x71.intoArray(c, c7 + L);
    x80.intoArray(c, c8);
    x81.intoArray(c, c8 + L);
    x90.intoArray(c, c9);
    x91.intoArray(c, c9 + L);
    x100.intoArray(c, c10);
    x101.intoArray(c, c10 + L);
    x110.intoArray(c, c11);
    x111.intoArray(c, c11 + L);
  }

  /** 8 rows of C by two vectors. */
  static void tile8x2(
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
    int a0 = ao;
    int a1 = a0 + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int a4 = a3 + ars;
    int a5 = a4 + ars;
    int a6 = a5 + ars;
    int a7 = a6 + ars;
    DoubleVector x00 = DoubleVector.zero(S);
    DoubleVector x01 = x00;
    DoubleVector x10 = x00;
    DoubleVector x11 = x00;
    DoubleVector x20 = x00;
    DoubleVector x21 = x00;
    DoubleVector x30 = x00;
    DoubleVector x31 = x00;
    DoubleVector x40 = x00;
    DoubleVector x41 = x00;
    DoubleVector x50 = x00;
    DoubleVector x51 = x00;
    DoubleVector x60 = x00;
    DoubleVector x61 = x00;
    DoubleVector x70 = x00;
    DoubleVector x71 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
      x10 = DoubleVector.fromArray(S, c, c1);
      x11 = DoubleVector.fromArray(S, c, c1 + L);
      x20 = DoubleVector.fromArray(S, c, c2);
      x21 = DoubleVector.fromArray(S, c, c2 + L);
      x30 = DoubleVector.fromArray(S, c, c3);
      x31 = DoubleVector.fromArray(S, c, c3 + L);
      x40 = DoubleVector.fromArray(S, c, c4);
      x41 = DoubleVector.fromArray(S, c, c4 + L);
      x50 = DoubleVector.fromArray(S, c, c5);
      x51 = DoubleVector.fromArray(S, c, c5 + L);
      x60 = DoubleVector.fromArray(S, c, c6);
      x61 = DoubleVector.fromArray(S, c, c6 + L);
      x70 = DoubleVector.fromArray(S, c, c7);
      x71 = DoubleVector.fromArray(S, c, c7 + L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      DoubleVector s2 = DoubleVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      DoubleVector s3 = DoubleVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      DoubleVector s4 = DoubleVector.broadcast(S, a[a4 + p]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      DoubleVector s5 = DoubleVector.broadcast(S, a[a5 + p]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      DoubleVector s6 = DoubleVector.broadcast(S, a[a6 + p]);
      x60 = s6.fma(b0, x60);
      x61 = s6.fma(b1, x61);
      DoubleVector s7 = DoubleVector.broadcast(S, a[a7 + p]);
      x70 = s7.fma(b0, x70);
      x71 = s7.fma(b1, x71);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
    x10.intoArray(c, c1);
    x11.intoArray(c, c1 + L);
    x20.intoArray(c, c2);
    x21.intoArray(c, c2 + L);
    x30.intoArray(c, c3);
    x31.intoArray(c, c3 + L);
    x40.intoArray(c, c4);
    x41.intoArray(c, c4 + L);
    x50.intoArray(c, c5);
    x51.intoArray(c, c5 + L);
    x60.intoArray(c, c6);
    x61.intoArray(c, c6 + L);
    x70.intoArray(c, c7);
    x71.intoArray(c, c7 + L);
  }

  /** 6 rows of C by two vectors. */
  static void tile6x2(
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
    int a0 = ao;
    int a1 = a0 + ars;
    int a2 = a1 + ars;
    int a3 = a2 + ars;
    int a4 = a3 + ars;
    int a5 = a4 + ars;
    DoubleVector x00 = DoubleVector.zero(S);
    DoubleVector x01 = x00;
    DoubleVector x10 = x00;
    DoubleVector x11 = x00;
    DoubleVector x20 = x00;
    DoubleVector x21 = x00;
    DoubleVector x30 = x00;
    DoubleVector x31 = x00;
    DoubleVector x40 = x00;
    DoubleVector x41 = x00;
    DoubleVector x50 = x00;
    DoubleVector x51 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
      x10 = DoubleVector.fromArray(S, c, c1);
      x11 = DoubleVector.fromArray(S, c, c1 + L);
      x20 = DoubleVector.fromArray(S, c, c2);
      x21 = DoubleVector.fromArray(S, c, c2 + L);
      x30 = DoubleVector.fromArray(S, c, c3);
      x31 = DoubleVector.fromArray(S, c, c3 + L);
      x40 = DoubleVector.fromArray(S, c, c4);
      x41 = DoubleVector.fromArray(S, c, c4 + L);
      x50 = DoubleVector.fromArray(S, c, c5);
      x51 = DoubleVector.fromArray(S, c, c5 + L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      DoubleVector s2 = DoubleVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      DoubleVector s3 = DoubleVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      DoubleVector s4 = DoubleVector.broadcast(S, a[a4 + p]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      DoubleVector s5 = DoubleVector.broadcast(S, a[a5 + p]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
    x10.intoArray(c, c1);
    x11.intoArray(c, c1 + L);
    x20.intoArray(c, c2);
    x21.intoArray(c, c2 + L);
    x30.intoArray(c, c3);
    x31.intoArray(c, c3 + L);
    x40.intoArray(c, c4);
    x41.intoArray(c, c4 + L);
    x50.intoArray(c, c5);
    x51.intoArray(c, c5 + L);
  }

  /** 4 rows of C by two vectors. */
  static void tile4x2(
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
    DoubleVector x01 = x00;
    DoubleVector x10 = x00;
    DoubleVector x11 = x00;
    DoubleVector x20 = x00;
    DoubleVector x21 = x00;
    DoubleVector x30 = x00;
    DoubleVector x31 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
      x10 = DoubleVector.fromArray(S, c, c1);
      x11 = DoubleVector.fromArray(S, c, c1 + L);
      x20 = DoubleVector.fromArray(S, c, c2);
      x21 = DoubleVector.fromArray(S, c, c2 + L);
      x30 = DoubleVector.fromArray(S, c, c3);
      x31 = DoubleVector.fromArray(S, c, c3 + L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      DoubleVector s2 = DoubleVector.broadcast(S, a[a2 + p]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      DoubleVector s3 = DoubleVector.broadcast(S, a[a3 + p]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
    x10.intoArray(c, c1);
    x11.intoArray(c, c1 + L);
    x20.intoArray(c, c2);
    x21.intoArray(c, c2 + L);
    x30.intoArray(c, c3);
    x31.intoArray(c, c3 + L);
  }

  /** 2 rows of C by two vectors. */
  static void tile2x2(
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
    int a0 = ao;
    int a1 = a0 + ars;
    DoubleVector x00 = DoubleVector.zero(S);
    DoubleVector x01 = x00;
    DoubleVector x10 = x00;
    DoubleVector x11 = x00;
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
      x10 = DoubleVector.fromArray(S, c, c1);
      x11 = DoubleVector.fromArray(S, c, c1 + L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[a1 + p]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
    x10.intoArray(c, c1);
    x11.intoArray(c, c1 + L);
  }

  /** 1 row of C by two vectors. */
  static void tile1x2(
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
    if (more) {
      x00 = DoubleVector.fromArray(S, c, c0);
      x01 = DoubleVector.fromArray(S, c, c0 + L);
    }
    int p = 0;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[a0 + p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      p += aks;
      q += bks;
    }
    x00.intoArray(c, c0);
    x01.intoArray(c, c0 + L);
  }
}
