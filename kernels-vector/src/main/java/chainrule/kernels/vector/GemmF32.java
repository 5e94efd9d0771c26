package chainrule.kernels.vector;

import chainrule.internal.kernel.Threads;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix product over {@code float[]}: both operands packed into panels that the caches hold,
 * and a micro-kernel that keeps a tile of C in registers (Goto and van de Geijn, "Anatomy of
 * high-performance matrix multiplication", 2008).
 *
 * <p>An element of C is one chain of fused multiply-adds over k in order, whatever the blocking: a
 * block boundary stores the running value and loads it again. So the bits are the scalar kernel's.
 */
final class GemmF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  /** Rows of a tile: with 32 registers 8, with 16 registers 6. */
  private static final int ROWS = S.vectorBitSize() >= 512 ? 8 : 6;

  /** Columns of a tile. */
  private static final int COLUMNS = 2 * L;

  /** Steps of k that a panel holds: a sliver of B of this depth stays in the first-level cache. */
  private static final int DEPTH = 256;

  /**
   * Rows of A packed at once, a multiple of both tile heights: they stay in the second-level cache.
   */
  private static final int BLOCK = 240;

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private GemmF32() {}

  /** Arrays that a thread uses again and again. */
  private static final class Scratch {
    float[] a = new float[0];
    float[] b = new float[0];
    final float[] tile = new float[ROWS * COLUMNS];

    private final int[] rows = new int[COLUMNS];

    /** Where the rows of a matrix with k columns begin. */
    int[] rows(int k) {
      for (int j = 0; j < COLUMNS; j++) {
        rows[j] = j * k;
      }
      return rows;
    }

    float[] a(int n) {
      if (a.length < n) {
        a = new float[n];
      }
      return a;
    }

    float[] b(int n) {
      if (b.length < n) {
        b = new float[n];
      }
      return b;
    }
  }

  static void run(
      float[] a,
      int ao,
      boolean ta,
      float[] b,
      int bo,
      boolean tb,
      float[] c,
      int co,
      int m,
      int k,
      int n) {
    int slivers = Math.ceilDiv(n, COLUMNS);
    float[] pb = SCRATCH.get().b(slivers * COLUMNS * k);
    int packTasks = (long) k * n < 1 << 16 ? 1 : slivers;
    Threads.forEach(
        packTasks,
        t -> {
          int from = packTasks == 1 ? 0 : t;
          int to = packTasks == 1 ? slivers : t + 1;
          for (int j = from; j < to; j++) {
            packB(b, bo, tb, k, n, j * COLUMNS, pb, slivers);
          }
        });
    int block = rowsPerTask(m, k, n);
    Threads.forEach(
        Math.ceilDiv(m, block),
        t ->
            rows(
                a, ao, ta, pb, slivers, c, co, m, k, n, t * block, Math.min(m, t * block + block)));
  }

  /** How many rows make a task, by shape alone: enough work to wake a thread for. */
  private static int rowsPerTask(int m, int k, int n) {
    long perRow = (long) k * n;
    int least = (int) Math.min(m, Math.max(1, (1L << 20) / Math.max(1, perRow)));
    int rows = Math.max(least, Math.min(BLOCK, Math.ceilDiv(m, 2)));
    return Math.max(ROWS, Math.min(BLOCK, Math.ceilDiv(rows, ROWS) * ROWS));
  }

  private static void rows(
      float[] a,
      int ao,
      boolean ta,
      float[] pb,
      int slivers,
      float[] c,
      int co,
      int m,
      int k,
      int n,
      int from,
      int to) {
    var scratch = SCRATCH.get();
    int height = to - from;
    int tiles = Math.ceilDiv(height, ROWS);
    float[] pa = scratch.a(tiles * ROWS * Math.min(k, DEPTH));
    if (k == 0) {
      Arrays.fill(c, co + from * n, co + to * n, 0);
    }
    for (int pc = 0; pc < k; pc += DEPTH) {
      int kc = Math.min(DEPTH, k - pc);
      packA(a, ao, ta, m, k, from, height, pc, kc, pa);
      for (int j = 0; j < slivers; j++) {
        int bAt = (pc * slivers + j * kc) * COLUMNS;
        int width = Math.min(COLUMNS, n - j * COLUMNS);
        for (int i = 0; i < tiles; i++) {
          int row = from + i * ROWS;
          int at = co + row * n + j * COLUMNS;
          int rows = Math.min(ROWS, to - row);
          if (rows == ROWS && width == COLUMNS) {
            micro(kc, pa, i * ROWS * kc, pb, bAt, c, at, n, pc == 0);
          } else {
            edge(kc, pa, i * ROWS * kc, pb, bAt, c, at, n, pc == 0, rows, width, scratch.tile);
          }
        }
      }
    }
  }

  private static void micro(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean first) {
    if (ROWS == 8) {
      micro8(kc, a, ao, b, bo, c, co, ldc, first);
    } else {
      micro6(kc, a, ao, b, bo, c, co, ldc, first);
    }
  }

  /** A tile that hangs over the border is computed aside; the panels are padded with zeros. */
  private static void edge(
      int kc,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] c,
      int co,
      int ldc,
      boolean first,
      int rows,
      int width,
      float[] tile) {
    if (!first) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(c, co + r * ldc, tile, r * COLUMNS, width);
      }
    }
    micro(kc, a, ao, b, bo, tile, 0, COLUMNS, first);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(tile, r * COLUMNS, c, co + r * ldc, width);
    }
  }

  /** Rows of A as slivers of ROWS, step by step of k; rows beyond the border are zeros. */
  private static void packA(
      float[] a,
      int ao,
      boolean ta,
      int m,
      int k,
      int from,
      int height,
      int pc,
      int kc,
      float[] pa) {
    for (int i = 0; i < height; i += ROWS) {
      int rows = Math.min(ROWS, height - i);
      int to = i * kc;
      if (rows < ROWS) {
        Arrays.fill(pa, to, to + ROWS * kc, 0);
      }
      if (ta) {
        for (int p = 0; p < kc; p++) {
          int at = ao + (pc + p) * m + from + i;
          for (int r = 0; r < rows; r++) {
            pa[to + p * ROWS + r] = a[at + r];
          }
        }
      } else {
        for (int r = 0; r < rows; r++) {
          int at = ao + (from + i + r) * k + pc;
          for (int p = 0; p < kc; p++) {
            pa[to + p * ROWS + r] = a[at + p];
          }
        }
      }
    }
  }

  /**
   * One sliver of COLUMNS columns of B, block by block of k; columns beyond the border are zeros.
   */
  private static void packB(
      float[] b, int bo, boolean tb, int k, int n, int column, float[] pb, int slivers) {
    int width = Math.min(COLUMNS, n - column);
    int sliver = column / COLUMNS;
    for (int pc = 0; pc < k; pc += DEPTH) {
      int kc = Math.min(DEPTH, k - pc);
      int to = (pc * slivers + sliver * kc) * COLUMNS;
      if (width < COLUMNS) {
        Arrays.fill(pb, to, to + kc * COLUMNS, 0);
      }
      if (!tb) {
        for (int p = 0; p < kc; p++) {
          System.arraycopy(b, bo + (pc + p) * n + column, pb, to + p * COLUMNS, width);
        }
      } else {
        packTransposed(b, bo + column * k + pc, k, kc, width, pb, to);
      }
    }
  }

  /**
   * The same from a B that lies transposed: a row of the sliver is gathered from as many rows of B.
   */
  private static void packTransposed(
      float[] b, int at, int k, int kc, int width, float[] pb, int to) {
    if (width == COLUMNS) {
      int[] rows = SCRATCH.get().rows(k);
      for (int p = 0; p < kc; p++) {
        FloatVector.fromArray(S, b, at + p, rows, 0).intoArray(pb, to + p * COLUMNS);
        FloatVector.fromArray(S, b, at + p, rows, L).intoArray(pb, to + p * COLUMNS + L);
      }
      return;
    }
    for (int j = 0; j < width; j++) {
      for (int p = 0; p < kc; p++) {
        pb[to + p * COLUMNS + j] = b[at + j * k + p];
      }
    }
  }

  /** 8 rows of C by two vectors: {@code kc} steps of every element's chain. */
  private static void micro8(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int c0, int ldc, boolean first) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    int c6 = c5 + ldc;
    int c7 = c6 + ldc;
    FloatVector x00 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c0);
    FloatVector x01 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c0 + L);
    FloatVector x10 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c1);
    FloatVector x11 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c1 + L);
    FloatVector x20 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c2);
    FloatVector x21 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c2 + L);
    FloatVector x30 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c3);
    FloatVector x31 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c3 + L);
    FloatVector x40 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c4);
    FloatVector x41 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c4 + L);
    FloatVector x50 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c5);
    FloatVector x51 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c5 + L);
    FloatVector x60 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c6);
    FloatVector x61 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c6 + L);
    FloatVector x70 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c7);
    FloatVector x71 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c7 + L);
    int p = ao;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector b1 = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      FloatVector s1 = FloatVector.broadcast(S, a[p + 1]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      FloatVector s2 = FloatVector.broadcast(S, a[p + 2]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      FloatVector s3 = FloatVector.broadcast(S, a[p + 3]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      FloatVector s4 = FloatVector.broadcast(S, a[p + 4]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      FloatVector s5 = FloatVector.broadcast(S, a[p + 5]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      FloatVector s6 = FloatVector.broadcast(S, a[p + 6]);
      x60 = s6.fma(b0, x60);
      x61 = s6.fma(b1, x61);
      FloatVector s7 = FloatVector.broadcast(S, a[p + 7]);
      x70 = s7.fma(b0, x70);
      x71 = s7.fma(b1, x71);
      p += 8;
      q += 2 * L;
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

  /** 6 rows of C by two vectors: {@code kc} steps of every element's chain. */
  private static void micro6(
      int kc, float[] a, int ao, float[] b, int bo, float[] c, int c0, int ldc, boolean first) {
    int c1 = c0 + ldc;
    int c2 = c1 + ldc;
    int c3 = c2 + ldc;
    int c4 = c3 + ldc;
    int c5 = c4 + ldc;
    FloatVector x00 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c0);
    FloatVector x01 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c0 + L);
    FloatVector x10 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c1);
    FloatVector x11 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c1 + L);
    FloatVector x20 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c2);
    FloatVector x21 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c2 + L);
    FloatVector x30 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c3);
    FloatVector x31 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c3 + L);
    FloatVector x40 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c4);
    FloatVector x41 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c4 + L);
    FloatVector x50 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c5);
    FloatVector x51 = first ? FloatVector.zero(S) : FloatVector.fromArray(S, c, c5 + L);
    int p = ao;
    int q = bo;
    for (int k = 0; k < kc; k++) {
      FloatVector b0 = FloatVector.fromArray(S, b, q);
      FloatVector b1 = FloatVector.fromArray(S, b, q + L);
      FloatVector s0 = FloatVector.broadcast(S, a[p]);
      x00 = s0.fma(b0, x00);
      x01 = s0.fma(b1, x01);
      FloatVector s1 = FloatVector.broadcast(S, a[p + 1]);
      x10 = s1.fma(b0, x10);
      x11 = s1.fma(b1, x11);
      FloatVector s2 = FloatVector.broadcast(S, a[p + 2]);
      x20 = s2.fma(b0, x20);
      x21 = s2.fma(b1, x21);
      FloatVector s3 = FloatVector.broadcast(S, a[p + 3]);
      x30 = s3.fma(b0, x30);
      x31 = s3.fma(b1, x31);
      FloatVector s4 = FloatVector.broadcast(S, a[p + 4]);
      x40 = s4.fma(b0, x40);
      x41 = s4.fma(b1, x41);
      FloatVector s5 = FloatVector.broadcast(S, a[p + 5]);
      x50 = s5.fma(b0, x50);
      x51 = s5.fma(b1, x51);
      p += 6;
      q += 2 * L;
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
