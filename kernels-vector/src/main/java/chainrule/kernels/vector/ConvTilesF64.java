package chainrule.kernels.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loop of a convolution's weight gradient over {@code double[]}: a tile of ROWS by
 * two vectors stays in registers while its chains of fused multiply-adds run over windows.
 */
final class ConvTilesF64 {
  private static final VectorSpecies<Double> S = MicroF64.S;
  private static final int L = MicroF64.L;

  /** Rows of a tile: with 32 registers 8, with 16 registers 6. */
  static final int ROWS = S.vectorBitSize() >= 512 ? 8 : 6;

  /** Columns of a tile. */
  static final int COLUMNS = 2 * L;

  private ConvTilesF64() {}

  /**
   * The steps of every chain of a tile of C for {@code height × width} windows: row r, column j
   * takes {@code x[xo + off[oo + r] + y·rowStep + p·step]·b[(y·width + p)·COLUMNS + j]}; with
   * {@code more} the chains go on from what C holds, else they begin at 0.
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
      double[] c,
      int co,
      int ldc,
      boolean more) {
    if (ROWS == 8) {
      outer8(height, width, x, xo, off, oo, rowStep, step, b, c, co, ldc, more);
    } else {
      outer6(height, width, x, xo, off, oo, rowStep, step, b, c, co, ldc, more);
    }
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
      double[] c,
      int c0,
      int ldc,
      boolean more) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    int c6 = c5 + ldc;
    int c7 = c6 + ldc;
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
    int q = 0;
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
      double[] c,
      int c0,
      int ldc,
      boolean more) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
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
    int q = 0;
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
