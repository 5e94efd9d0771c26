package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of convolution over {@code double[]}: a tile of ROWS by two vectors stays in
 * registers while its chains of fused multiply-adds run.
 */
final class ConvTilesF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;

  /** Elements of a vector. */
  static final int L = S.length();

  /** Rows of a tile: with 32 registers 8, with 16 registers 6. */
  static final int ROWS = S.vectorBitSize() >= 512 ? 8 : 6;

  /** Columns of a tile. */
  static final int COLUMNS = 2 * L;

  /** The chains of the tile begin at 0. */
  static final int FIRST = 0;

  /** The chains of the tile go on from what C holds. */
  static final int MORE = 1;

  /** The chains begin at 0, and what they come to is added to C. */
  static final int ADD = 2;

  private ConvTilesF64() {}

  /**
   * {@code kc} steps of every chain of a tile of C: row r, column j takes {@code a[ao + k·ROWS +
   * r]·b[bo + off[oo + k] + j]}.
   */
  static void tile(
      int kc,
      double[] a,
      int ao,
      double[] b,
      int bo,
      int[] off,
      int oo,
      double[] c,
      int co,
      int ldc,
      int mode) {
    if (ROWS == 8) {
      tile8(kc, a, ao, b, bo, off, oo, c, co, ldc, mode);
    } else {
      tile6(kc, a, ao, b, bo, off, oo, c, co, ldc, mode);
    }
  }

  /**
   * The steps of every chain of a tile of C for {@code height × width} positions: row r, column j
   * takes {@code x[xo + off[oo + r] + y·rowStep + p·step]·b[bo + (y·width + p)·COLUMNS + j]}.
   */
  static void outer(
      int height,
      int width,
      double[] x,
      int xo,
      int[] off,
      int oo,
      int rowStep,
      int step,
      double[] b,
      int bo,
      double[] c,
      int co,
      int ldc,
      boolean first) {
    if (ROWS == 8) {
      outer8(height, width, x, xo, off, oo, rowStep, step, b, bo, c, co, ldc, first);
    } else {
      outer6(height, width, x, xo, off, oo, rowStep, step, b, bo, c, co, ldc, first);
    }
  }


  private static void tile8(
      int kc,
      double[] a,
      int ao,
      double[] b,
      int bo,
      int[] off,
      int oo,
      double[] c,
      int c0,
      int ldc,
      int mode) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    int c6 = c5 + ldc;
    int c7 = c6 + ldc;
    boolean more = mode == MORE;
    DoubleVector x00 = more ? DoubleVector.fromArray(S, c, c0) : DoubleVector.zero(S);
    DoubleVector x01 = more ? DoubleVector.fromArray(S, c, c0 + L) : DoubleVector.zero(S);
    DoubleVector x10 = more ? DoubleVector.fromArray(S, c, c1) : DoubleVector.zero(S);
    DoubleVector x11 = more ? DoubleVector.fromArray(S, c, c1 + L) : DoubleVector.zero(S);
    DoubleVector x20 = more ? DoubleVector.fromArray(S, c, c2) : DoubleVector.zero(S);
    DoubleVector x21 = more ? DoubleVector.fromArray(S, c, c2 + L) : DoubleVector.zero(S);
    DoubleVector x30 = more ? DoubleVector.fromArray(S, c, c3) : DoubleVector.zero(S);
    DoubleVector x31 = more ? DoubleVector.fromArray(S, c, c3 + L) : DoubleVector.zero(S);
    DoubleVector x40 = more ? DoubleVector.fromArray(S, c, c4) : DoubleVector.zero(S);
    DoubleVector x41 = more ? DoubleVector.fromArray(S, c, c4 + L) : DoubleVector.zero(S);
    DoubleVector x50 = more ? DoubleVector.fromArray(S, c, c5) : DoubleVector.zero(S);
    DoubleVector x51 = more ? DoubleVector.fromArray(S, c, c5 + L) : DoubleVector.zero(S);
    DoubleVector x60 = more ? DoubleVector.fromArray(S, c, c6) : DoubleVector.zero(S);
    DoubleVector x61 = more ? DoubleVector.fromArray(S, c, c6 + L) : DoubleVector.zero(S);
    DoubleVector x70 = more ? DoubleVector.fromArray(S, c, c7) : DoubleVector.zero(S);
    DoubleVector x71 = more ? DoubleVector.fromArray(S, c, c7 + L) : DoubleVector.zero(S);
    int p = ao;
    for (int k = 0; k < kc; k++) {
      int q = bo + off[oo + k];
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[p + 1]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      DoubleVector s2 = DoubleVector.broadcast(S, a[p + 2]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      DoubleVector s3 = DoubleVector.broadcast(S, a[p + 3]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      DoubleVector s4 = DoubleVector.broadcast(S, a[p + 4]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      DoubleVector s5 = DoubleVector.broadcast(S, a[p + 5]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      DoubleVector s6 = DoubleVector.broadcast(S, a[p + 6]);
      x60 = s6.fma(b0, x60);
      x61 = s6.fma(b1, x61);
      DoubleVector s7 = DoubleVector.broadcast(S, a[p + 7]);
      x70 = s7.fma(b0, x70);
      x71 = s7.fma(b1, x71);
      p += 8;
    }
    if (mode == ADD) {
      DoubleVector.fromArray(S, c, c0).add(x00).intoArray(c, c0);
      DoubleVector.fromArray(S, c, c0 + L).add(x01).intoArray(c, c0 + L);
      DoubleVector.fromArray(S, c, c1).add(x10).intoArray(c, c1);
      DoubleVector.fromArray(S, c, c1 + L).add(x11).intoArray(c, c1 + L);
      DoubleVector.fromArray(S, c, c2).add(x20).intoArray(c, c2);
      DoubleVector.fromArray(S, c, c2 + L).add(x21).intoArray(c, c2 + L);
      DoubleVector.fromArray(S, c, c3).add(x30).intoArray(c, c3);
      DoubleVector.fromArray(S, c, c3 + L).add(x31).intoArray(c, c3 + L);
      DoubleVector.fromArray(S, c, c4).add(x40).intoArray(c, c4);
      DoubleVector.fromArray(S, c, c4 + L).add(x41).intoArray(c, c4 + L);
      DoubleVector.fromArray(S, c, c5).add(x50).intoArray(c, c5);
      DoubleVector.fromArray(S, c, c5 + L).add(x51).intoArray(c, c5 + L);
      DoubleVector.fromArray(S, c, c6).add(x60).intoArray(c, c6);
      DoubleVector.fromArray(S, c, c6 + L).add(x61).intoArray(c, c6 + L);
      DoubleVector.fromArray(S, c, c7).add(x70).intoArray(c, c7);
      DoubleVector.fromArray(S, c, c7 + L).add(x71).intoArray(c, c7 + L);
      return;
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

  private static void tile6(
      int kc,
      double[] a,
      int ao,
      double[] b,
      int bo,
      int[] off,
      int oo,
      double[] c,
      int c0,
      int ldc,
      int mode) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    boolean more = mode == MORE;
    DoubleVector x00 = more ? DoubleVector.fromArray(S, c, c0) : DoubleVector.zero(S);
    DoubleVector x01 = more ? DoubleVector.fromArray(S, c, c0 + L) : DoubleVector.zero(S);
    DoubleVector x10 = more ? DoubleVector.fromArray(S, c, c1) : DoubleVector.zero(S);
    DoubleVector x11 = more ? DoubleVector.fromArray(S, c, c1 + L) : DoubleVector.zero(S);
    DoubleVector x20 = more ? DoubleVector.fromArray(S, c, c2) : DoubleVector.zero(S);
    DoubleVector x21 = more ? DoubleVector.fromArray(S, c, c2 + L) : DoubleVector.zero(S);
    DoubleVector x30 = more ? DoubleVector.fromArray(S, c, c3) : DoubleVector.zero(S);
    DoubleVector x31 = more ? DoubleVector.fromArray(S, c, c3 + L) : DoubleVector.zero(S);
    DoubleVector x40 = more ? DoubleVector.fromArray(S, c, c4) : DoubleVector.zero(S);
    DoubleVector x41 = more ? DoubleVector.fromArray(S, c, c4 + L) : DoubleVector.zero(S);
    DoubleVector x50 = more ? DoubleVector.fromArray(S, c, c5) : DoubleVector.zero(S);
    DoubleVector x51 = more ? DoubleVector.fromArray(S, c, c5 + L) : DoubleVector.zero(S);
    int p = ao;
    for (int k = 0; k < kc; k++) {
      int q = bo + off[oo + k];
      DoubleVector b0 = DoubleVector.fromArray(S, b, q);
      DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
      DoubleVector s0 = DoubleVector.broadcast(S, a[p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      DoubleVector s1 = DoubleVector.broadcast(S, a[p + 1]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      DoubleVector s2 = DoubleVector.broadcast(S, a[p + 2]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      DoubleVector s3 = DoubleVector.broadcast(S, a[p + 3]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      DoubleVector s4 = DoubleVector.broadcast(S, a[p + 4]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      DoubleVector s5 = DoubleVector.broadcast(S, a[p + 5]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      p += 6;
    }
    if (mode == ADD) {
      DoubleVector.fromArray(S, c, c0).add(x00).intoArray(c, c0);
      DoubleVector.fromArray(S, c, c0 + L).add(x01).intoArray(c, c0 + L);
      DoubleVector.fromArray(S, c, c1).add(x10).intoArray(c, c1);
      DoubleVector.fromArray(S, c, c1 + L).add(x11).intoArray(c, c1 + L);
      DoubleVector.fromArray(S, c, c2).add(x20).intoArray(c, c2);
      DoubleVector.fromArray(S, c, c2 + L).add(x21).intoArray(c, c2 + L);
      DoubleVector.fromArray(S, c, c3).add(x30).intoArray(c, c3);
      DoubleVector.fromArray(S, c, c3 + L).add(x31).intoArray(c, c3 + L);
      DoubleVector.fromArray(S, c, c4).add(x40).intoArray(c, c4);
      DoubleVector.fromArray(S, c, c4 + L).add(x41).intoArray(c, c4 + L);
      DoubleVector.fromArray(S, c, c5).add(x50).intoArray(c, c5);
      DoubleVector.fromArray(S, c, c5 + L).add(x51).intoArray(c, c5 + L);
      return;
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

  private static void outer8(
      int height,
      int width,
      double[] x,
      int xo,
      int[] off,
      int oo,
      int rowStep,
      int step,
      double[] b,
      int bo,
      double[] c,
      int c0,
      int ldc,
      boolean first) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    int c6 = c5 + ldc;
    int c7 = c6 + ldc;
    boolean more = !first;
    DoubleVector x00 = more ? DoubleVector.fromArray(S, c, c0) : DoubleVector.zero(S);
    DoubleVector x01 = more ? DoubleVector.fromArray(S, c, c0 + L) : DoubleVector.zero(S);
    DoubleVector x10 = more ? DoubleVector.fromArray(S, c, c1) : DoubleVector.zero(S);
    DoubleVector x11 = more ? DoubleVector.fromArray(S, c, c1 + L) : DoubleVector.zero(S);
    DoubleVector x20 = more ? DoubleVector.fromArray(S, c, c2) : DoubleVector.zero(S);
    DoubleVector x21 = more ? DoubleVector.fromArray(S, c, c2 + L) : DoubleVector.zero(S);
    DoubleVector x30 = more ? DoubleVector.fromArray(S, c, c3) : DoubleVector.zero(S);
    DoubleVector x31 = more ? DoubleVector.fromArray(S, c, c3 + L) : DoubleVector.zero(S);
    DoubleVector x40 = more ? DoubleVector.fromArray(S, c, c4) : DoubleVector.zero(S);
    DoubleVector x41 = more ? DoubleVector.fromArray(S, c, c4 + L) : DoubleVector.zero(S);
    DoubleVector x50 = more ? DoubleVector.fromArray(S, c, c5) : DoubleVector.zero(S);
    DoubleVector x51 = more ? DoubleVector.fromArray(S, c, c5 + L) : DoubleVector.zero(S);
    DoubleVector x60 = more ? DoubleVector.fromArray(S, c, c6) : DoubleVector.zero(S);
    DoubleVector x61 = more ? DoubleVector.fromArray(S, c, c6 + L) : DoubleVector.zero(S);
    DoubleVector x70 = more ? DoubleVector.fromArray(S, c, c7) : DoubleVector.zero(S);
    DoubleVector x71 = more ? DoubleVector.fromArray(S, c, c7 + L) : DoubleVector.zero(S);
    int r0 = xo + off[oo + 0];
    int r1 = xo + off[oo + 1];
    int r2 = xo + off[oo + 2];
    int r3 = xo + off[oo + 3];
    int r4 = xo + off[oo + 4];
    int r5 = xo + off[oo + 5];
    int r6 = xo + off[oo + 6];
    int r7 = xo + off[oo + 7];
    int q = bo;
    for (int y = 0; y < height; y++) {
      int p = y * rowStep;
      for (int i = 0; i < width; i++) {
        DoubleVector b0 = DoubleVector.fromArray(S, b, q);
        DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
        DoubleVector s0 = DoubleVector.broadcast(S, x[r0 + p]);
        x00 = s0.fma(b0, x00);
        x01 = s0.fma(b1, x01);
        DoubleVector s1 = DoubleVector.broadcast(S, x[r1 + p]);
        x10 = s1.fma(b0, x10);
        x11 = s1.fma(b1, x11);
        DoubleVector s2 = DoubleVector.broadcast(S, x[r2 + p]);
        x20 = s2.fma(b0, x20);
        x21 = s2.fma(b1, x21);
        DoubleVector s3 = DoubleVector.broadcast(S, x[r3 + p]);
        x30 = s3.fma(b0, x30);
        x31 = s3.fma(b1, x31);
        DoubleVector s4 = DoubleVector.broadcast(S, x[r4 + p]);
        x40 = s4.fma(b0, x40);
        x41 = s4.fma(b1, x41);
        DoubleVector s5 = DoubleVector.broadcast(S, x[r5 + p]);
        x50 = s5.fma(b0, x50);
        x51 = s5.fma(b1, x51);
        DoubleVector s6 = DoubleVector.broadcast(S, x[r6 + p]);
        x60 = s6.fma(b0, x60);
        x61 = s6.fma(b1, x61);
        DoubleVector s7 = DoubleVector.broadcast(S, x[r7 + p]);
        x70 = s7.fma(b0, x70);
        x71 = s7.fma(b1, x71);
        p += step;
        q += 2 * L;
      }
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

  private static void outer6(
      int height,
      int width,
      double[] x,
      int xo,
      int[] off,
      int oo,
      int rowStep,
      int step,
      double[] b,
      int bo,
      double[] c,
      int c0,
      int ldc,
      boolean first) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    boolean more = !first;
    DoubleVector x00 = more ? DoubleVector.fromArray(S, c, c0) : DoubleVector.zero(S);
    DoubleVector x01 = more ? DoubleVector.fromArray(S, c, c0 + L) : DoubleVector.zero(S);
    DoubleVector x10 = more ? DoubleVector.fromArray(S, c, c1) : DoubleVector.zero(S);
    DoubleVector x11 = more ? DoubleVector.fromArray(S, c, c1 + L) : DoubleVector.zero(S);
    DoubleVector x20 = more ? DoubleVector.fromArray(S, c, c2) : DoubleVector.zero(S);
    DoubleVector x21 = more ? DoubleVector.fromArray(S, c, c2 + L) : DoubleVector.zero(S);
    DoubleVector x30 = more ? DoubleVector.fromArray(S, c, c3) : DoubleVector.zero(S);
    DoubleVector x31 = more ? DoubleVector.fromArray(S, c, c3 + L) : DoubleVector.zero(S);
    DoubleVector x40 = more ? DoubleVector.fromArray(S, c, c4) : DoubleVector.zero(S);
    DoubleVector x41 = more ? DoubleVector.fromArray(S, c, c4 + L) : DoubleVector.zero(S);
    DoubleVector x50 = more ? DoubleVector.fromArray(S, c, c5) : DoubleVector.zero(S);
    DoubleVector x51 = more ? DoubleVector.fromArray(S, c, c5 + L) : DoubleVector.zero(S);
    int r0 = xo + off[oo + 0];
    int r1 = xo + off[oo + 1];
    int r2 = xo + off[oo + 2];
    int r3 = xo + off[oo + 3];
    int r4 = xo + off[oo + 4];
    int r5 = xo + off[oo + 5];
    int q = bo;
    for (int y = 0; y < height; y++) {
      int p = y * rowStep;
      for (int i = 0; i < width; i++) {
        DoubleVector b0 = DoubleVector.fromArray(S, b, q);
        DoubleVector b1 = DoubleVector.fromArray(S, b, q + L);
        DoubleVector s0 = DoubleVector.broadcast(S, x[r0 + p]);
        x00 = s0.fma(b0, x00);
        x01 = s0.fma(b1, x01);
        DoubleVector s1 = DoubleVector.broadcast(S, x[r1 + p]);
        x10 = s1.fma(b0, x10);
        x11 = s1.fma(b1, x11);
        DoubleVector s2 = DoubleVector.broadcast(S, x[r2 + p]);
        x20 = s2.fma(b0, x20);
        x21 = s2.fma(b1, x21);
        DoubleVector s3 = DoubleVector.broadcast(S, x[r3 + p]);
        x30 = s3.fma(b0, x30);
        x31 = s3.fma(b1, x31);
        DoubleVector s4 = DoubleVector.broadcast(S, x[r4 + p]);
        x40 = s4.fma(b0, x40);
        x41 = s4.fma(b1, x41);
        DoubleVector s5 = DoubleVector.broadcast(S, x[r5 + p]);
        x50 = s5.fma(b0, x50);
        x51 = s5.fma(b1, x51);
        p += step;
        q += 2 * L;
      }
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
}
