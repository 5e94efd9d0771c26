package chainrule.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loop of a convolution's weight gradient over {@code float[]}: a tile of ROWS by two
 * vectors stays in registers while its chains of fused multiply-adds run over windows.
 */
final class ConvTilesF32 {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;

  /** Rows of a tile: with 32 registers 8, with 16 registers 6. */
  static final int ROWS = S.vectorBitSize() >= 512 ? 8 : 6;

  /** Columns of a tile. */
  static final int COLUMNS = 2 * L;

  private ConvTilesF32() {}

  /**
   * The steps of every chain of a tile of C for {@code height × width} windows: row r, column j
   * takes {@code x[xo + off[oo + r] + y·rowStep + p·step]·b[(y·width + p)·COLUMNS + j]}; with
   * {@code more} the chains go on from what C holds, else they begin at 0.
   */
  static void outer(
      int height,
      int width,
      float[] x,
      int xo,
      int[] off,
      int oo,
      int rowStep,
      int step,
      float[] b,
      float[] c,
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
      float[] x,
      int xo,
      int[] off,
      int oo,
      int rowStep,
      int step,
      float[] b,
      float[] c,
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
    FloatVector x00 = more ? FloatVector.fromArray(S, c, c0) : FloatVector.zero(S);
    FloatVector x01 = more ? FloatVector.fromArray(S, c, c0 + L) : FloatVector.zero(S);
    FloatVector x10 = more ? FloatVector.fromArray(S, c, c1) : FloatVector.zero(S);
    FloatVector x11 = more ? FloatVector.fromArray(S, c, c1 + L) : FloatVector.zero(S);
    FloatVector x20 = more ? FloatVector.fromArray(S, c, c2) : FloatVector.zero(S);
    FloatVector x21 = more ? FloatVector.fromArray(S, c, c2 + L) : FloatVector.zero(S);
    FloatVector x30 = more ? FloatVector.fromArray(S, c, c3) : FloatVector.zero(S);
    FloatVector x31 = more ? FloatVector.fromArray(S, c, c3 + L) : FloatVector.zero(S);
    FloatVector x40 = more ? FloatVector.fromArray(S, c, c4) : FloatVector.zero(S);
    FloatVector x41 = more ? FloatVector.fromArray(S, c, c4 + L) : FloatVector.zero(S);
    FloatVector x50 = more ? FloatVector.fromArray(S, c, c5) : FloatVector.zero(S);
    FloatVector x51 = more ? FloatVector.fromArray(S, c, c5 + L) : FloatVector.zero(S);
    FloatVector x60 = more ? FloatVector.fromArray(S, c, c6) : FloatVector.zero(S);
    FloatVector x61 = more ? FloatVector.fromArray(S, c, c6 + L) : FloatVector.zero(S);
    FloatVector x70 = more ? FloatVector.fromArray(S, c, c7) : FloatVector.zero(S);
    FloatVector x71 = more ? FloatVector.fromArray(S, c, c7 + L) : FloatVector.zero(S);
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
        FloatVector b0 = FloatVector.fromArray(S, b, q);
        FloatVector b1 = FloatVector.fromArray(S, b, q + L);
        FloatVector s0 = FloatVector.broadcast(S, x[r0 + p]);
        x00 = s0.fma(b0, x00);
        x01 = s0.fma(b1, x01);
        FloatVector s1 = FloatVector.broadcast(S, x[r1 + p]);
        x10 = s1.fma(b0, x10);
        x11 = s1.fma(b1, x11);
        FloatVector s2 = FloatVector.broadcast(S, x[r2 + p]);
        x20 = s2.fma(b0, x20);
        x21 = s2.fma(b1, x21);
        FloatVector s3 = FloatVector.broadcast(S, x[r3 + p]);
        x30 = s3.fma(b0, x30);
        x31 = s3.fma(b1, x31);
        FloatVector s4 = FloatVector.broadcast(S, x[r4 + p]);
        x40 = s4.fma(b0, x40);
        x41 = s4.fma(b1, x41);
        FloatVector s5 = FloatVector.broadcast(S, x[r5 + p]);
        x50 = s5.fma(b0, x50);
        x51 = s5.fma(b1, x51);
        FloatVector s6 = FloatVector.broadcast(S, x[r6 + p]);
        x60 = s6.fma(b0, x60);
        x61 = s6.fma(b1, x61);
        FloatVector s7 = FloatVector.broadcast(S, x[r7 + p]);
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
      float[] x,
      int xo,
      int[] off,
      int oo,
      int rowStep,
      int step,
      float[] b,
      float[] c,
      int c0,
      int ldc,
      boolean more) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    FloatVector x00 = more ? FloatVector.fromArray(S, c, c0) : FloatVector.zero(S);
    FloatVector x01 = more ? FloatVector.fromArray(S, c, c0 + L) : FloatVector.zero(S);
    FloatVector x10 = more ? FloatVector.fromArray(S, c, c1) : FloatVector.zero(S);
    FloatVector x11 = more ? FloatVector.fromArray(S, c, c1 + L) : FloatVector.zero(S);
    FloatVector x20 = more ? FloatVector.fromArray(S, c, c2) : FloatVector.zero(S);
    FloatVector x21 = more ? FloatVector.fromArray(S, c, c2 + L) : FloatVector.zero(S);
    FloatVector x30 = more ? FloatVector.fromArray(S, c, c3) : FloatVector.zero(S);
    FloatVector x31 = more ? FloatVector.fromArray(S, c, c3 + L) : FloatVector.zero(S);
    FloatVector x40 = more ? FloatVector.fromArray(S, c, c4) : FloatVector.zero(S);
    FloatVector x41 = more ? FloatVector.fromArray(S, c, c4 + L) : FloatVector.zero(S);
    FloatVector x50 = more ? FloatVector.fromArray(S, c, c5) : FloatVector.zero(S);
    FloatVector x51 = more ? FloatVector.fromArray(S, c, c5 + L) : FloatVector.zero(S);
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
        FloatVector b0 = FloatVector.fromArray(S, b, q);
        FloatVector b1 = FloatVector.fromArray(S, b, q + L);
        FloatVector s0 = FloatVector.broadcast(S, x[r0 + p]);
        x00 = s0.fma(b0, x00);
        x01 = s0.fma(b1, x01);
        FloatVector s1 = FloatVector.broadcast(S, x[r1 + p]);
        x10 = s1.fma(b0, x10);
        x11 = s1.fma(b1, x11);
        FloatVector s2 = FloatVector.broadcast(S, x[r2 + p]);
        x20 = s2.fma(b0, x20);
        x21 = s2.fma(b1, x21);
        FloatVector s3 = FloatVector.broadcast(S, x[r3 + p]);
        x30 = s3.fma(b0, x30);
        x31 = s3.fma(b1, x31);
        FloatVector s4 = FloatVector.broadcast(S, x[r4 + p]);
        x40 = s4.fma(b0, x40);
        x41 = s4.fma(b1, x41);
        FloatVector s5 = FloatVector.broadcast(S, x[r5 + p]);
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
