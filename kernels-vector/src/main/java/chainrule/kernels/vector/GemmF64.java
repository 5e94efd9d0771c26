package chainrule.kernels.vector;

import chainrule.internal.kernel.Kernels;
import chainrule.internal.kernel.Pool;
import chainrule.internal.kernel.Threads;
import chainrule.math.Unary;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The matrix product over {@code double[]}: a tile of C is kept in registers ({@link MicroF64}), a
 * sliver of B in the first-level cache and a block of A in the second (Goto and van de Geijn,
 * "Anatomy of high-performance matrix multiplication", 2008).
 *
 * <p>An element of C is one chain of fused multiply-adds over k in order, whatever the blocking: a
 * block boundary stores the running value and loads it again. So the bits are the scalar kernel's.
 *
 * <p>An object is one product, split into tasks of rows and columns; objects are used again.
 */
final class GemmF64 implements IntConsumer {
  private static final int L = MicroF64.L;

  /** Columns of a tile. */
  private static final int COLUMNS = 2 * L;

  /** Rows of the largest tile: with 32 registers 12, with 16 registers 6. */
  static final int ROWS = MicroF64.S.vectorBitSize() >= 512 ? 12 : 6;

  /** Steps of k at a time. */
  private static final int DEPTH = 256;

  /** Columns of B packed at a time. */
  private static final int WIDTH = 512;

  /** Rows of A at a time. */
  private static final int HEIGHT = 264;

  /** In large products: how many passes over k B is packed for, and rows of A at a time. */
  private static final int PASSES = 8;

  private static final int DEEP_HEIGHT = 120;

  /** From how many rows on packing B pays: early where its rows {@link #CLASH}, else later. */
  private static final int PACK_B = 24;

  private static final int PACK_STRAIGHT_B = 72;

  /** From how many columns on copying A pays. */
  private static final int COPY_A = 256;

  /** Rows this far apart, or a multiple, fall into the same few places of a cache. */
  private static final int CLASH = 128;

  /** A product of so few multiply-adds is one task. */
  private static final long SMALL = 1 << 19;

  /** A product of so few multiply-adds is computed number by number. */
  private static final int TINY = 128;

  /** Until it is open, a plainer loop stands in for each of some loops. */
  static final Gate LATER = new Gate(GemmLoopsF64::later, null);

  /** Until it is open, the scalar product runs. */
  static final Gate GATE = new Gate(GemmLoopsF64::first, LATER);

  private static final double[] NONE = {};

  private static final Pool<GemmF64> PRODUCTS = new Pool<>(GemmF64::new);
  static final Pool<Scratch> SCRATCH = new Pool<>(Scratch::new);

  private double[] a = NONE;
  private double[] b = NONE;
  private double[] c = NONE;
  private double @Nullable [] bias;
  private @Nullable Unary activation;
  private @Nullable Kernels<double[]> kernels;
  private boolean ta;
  private boolean tb;
  private int ao;
  private int bo;
  private int co;
  private int m;
  private int k;
  private int n;
  private int rows;
  private int columns;

  private GemmF64() {}

  /** Arrays that are used again and again. */
  static final class Scratch {
    double[] a = NONE;
    double[] b = NONE;
    double[] c = NONE;
    final double[] tile = new double[ROWS * COLUMNS];

    double[] a(int n) {
      if (a.length < n) {
        a = new double[n];
      }
      return a;
    }

    double[] c(int n) {
      if (c.length < n) {
        c = new double[n];
      }
      return c;
    }

    double[] b(int n) {
      if (b.length < n) {
        b = new double[n];
      }
      return b;
    }
  }

  /** {@code C = f(op(A)·op(B) + bias)}, contiguous, on all threads. */
  static void product(
      Kernels<double[]> kernels,
      double[] a,
      int ao,
      boolean ta,
      double[] b,
      int bo,
      boolean tb,
      double[] c,
      int co,
      int m,
      int k,
      int n,
      double @Nullable [] bias,
      @Nullable Unary activation) {
    if (activation == null && (long) m * n * k <= TINY) {
      block(false, m, k, n, a, ao, ta ? m : k, ta, b, bo, tb ? k : n, tb, c, co, n);
      if (bias != null) {
        GemvF64.addRows(c, co, n, m, bias, 0, n);
      }
      return;
    }
    GemmF64 product = PRODUCTS.borrow();
    product.kernels = kernels;
    product.a = a;
    product.b = b;
    product.c = c;
    product.ta = ta;
    product.tb = tb;
    product.ao = ao;
    product.bo = bo;
    product.co = co;
    product.m = m;
    product.k = k;
    product.n = n;
    product.bias = bias;
    product.activation = activation;
    Threads.forEach(product.split(), product);
    product.release();
    PRODUCTS.giveBack(product);
  }

  /** Holds on to nobody's arrays. */
  private void release() {
    a = NONE;
    b = NONE;
    c = NONE;
    bias = null;
  }

  /**
   * Sets how many rows and columns a task has, by shape alone; returns how many tasks there are.
   */
  private int split() {
    long work = (long) m * n * Math.max(1, k);
    rows = Math.max(1, m);
    columns = Math.max(1, n);
    if (work >= SMALL) {
      rows = part(m, 1024, ROWS, 1);
      columns = part(n, WIDTH, COLUMNS, 1);
      int most = Math.max(4, 2 * Threads.COUNT);
      int wanted = Threads.COUNT == 1 ? 1 : Math.clamp(work >> 25, 2, most);
      while ((long) Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns) < wanted) {
        // Every part of the rows packs its part of B, which costs more than copying A.
        long packs = 2L * n * Math.ceilDiv(m, rows);
        long copies = (long) m * Math.ceilDiv(n, columns);
        boolean wide = columns > 2 * COLUMNS;
        if (rows > 4 * ROWS && (!wide || packs <= copies)) {
          rows = part(rows, rows, ROWS, 2);
        } else if (wide) {
          columns = part(columns, columns, COLUMNS, 2);
        } else {
          break;
        }
      }
    }
    return Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns);
  }

  /** The size of even parts of n: at most {@code most}, a multiple of {@code unit}. */
  private static int part(int n, int most, int unit, int least) {
    int parts = Math.max(least, Math.ceilDiv(n, most));
    return Math.ceilDiv(Math.ceilDiv(n, parts), unit) * unit;
  }

  @Override
  public void accept(int task) {
    int across = Math.ceilDiv(n, columns);
    int i = task / across * rows;
    int j = task % across * columns;
    int height = Math.min(rows, m - i);
    int width = Math.min(columns, n - j);
    int lda = ta ? m : k;
    int ldb = tb ? k : n;
    int to = co + i * n + j;
    block(
        false,
        height,
        k,
        width,
        a,
        ta ? ao + i : ao + i * lda,
        lda,
        ta,
        b,
        tb ? bo + j * ldb : bo + j,
        ldb,
        tb,
        c,
        to,
        n);
    epilogue(to, height, width, j);
  }

  /** Adds the bias and applies the function, while the block is still in a cache. */
  private void epilogue(int at, int height, int width, int column) {
    if (bias != null) {
      GemvF64.addRows(c, at, n, height, bias, column, width);
    }
    for (int i = 0; i < height && activation != null; i++) {
      int from = at + i * n;
      Objects.requireNonNull(kernels).map(activation, c, from, c, from, width);
    }
  }

  /** As {@link chainrule.internal.kernel.Kernels#gemm}, on the calling thread. */
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
    if (k == 0 && !more) {
      for (int i = 0; i < m; i++) {
        Arrays.fill(c, co + i * ldc, co + i * ldc + n, 0);
      }
    }
    if (m == 0 || n == 0 || k == 0) {
      return;
    }
    if ((long) m * n * k <= TINY) {
      int ars = ta ? 1 : lda;
      int brs = tb ? 1 : ldb;
      tiny(more, m, k, n, a, ao, ars, ta ? lda : 1, b, bo, brs, tb ? ldb : 1, c, co, ldc);
      return;
    }
    if (m == 1) {
      int turned = tb && PanelsF64.TURNS && LATER.open() ? n / L * L : 0;
      if (turned > 0) {
        packed(more, 1, k, turned, a, ao, lda, ta, b, bo, ldb, true, c, co, ldc);
      }
      int rest = bo + turned * ldb;
      GemvF64.row(more, k, n - turned, a, ao, ta ? lda : 1, b, rest, ldb, tb, c, co + turned);
    } else if (n == 1 && ldc == 1) {
      block(more, 1, k, m, b, bo, ldb, !tb, a, ao, lda, !ta, c, co, m);
    } else {
      packed(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc);
    }
  }

  /** Number by number: less work than to find a way into registers. */
  private static void tiny(
      boolean more,
      int m,
      int k,
      int n,
      double[] a,
      int ao,
      int ars,
      int aks,
      double[] b,
      int bo,
      int bks,
      int bcs,
      double[] c,
      int co,
      int ldc) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int p = ao + i * ars;
        int q = bo + j * bcs;
        double sum = more ? c[co + i * ldc + j] : 0;
        for (int s = 0; s < k; s++) {
          sum = Math.fma(a[p], b[q], sum);
          p += aks;
          q += bks;
        }
        c[co + i * ldc + j] = sum;
      }
    }
  }

  static void packed(
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
    Scratch scratch = SCRATCH.borrow();
    if (n <= L / 2 && m >= L) {
      double[] flat = scratch.c(m * n);
      NarrowF64.turned(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc, flat);
    } else {
      panels(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc, scratch);
    }
    SCRATCH.giveBack(scratch);
  }

  private static void panels(
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
      Scratch scratch) {
    boolean pack = tb || m >= (ldb % CLASH == 0 ? PACK_B : PACK_STRAIGHT_B);
    boolean copy = m > ROWS && n >= (lda % CLASH == 0 ? 2 * COLUMNS : COPY_A);
    int depth = part(k, DEPTH, 8, 1);
    if (pack && copy && depth < k) {
      deep(more, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, co, ldc, depth, scratch);
      return;
    }
    int tall = part(m, HEIGHT, ROWS, 1);
    for (int j0 = 0; j0 < n; j0 += WIDTH) {
      int width = Math.min(WIDTH, n - j0);
      for (int p0 = 0; p0 < k; p0 += depth) {
        int kc = Math.min(depth, k - p0);
        for (int i0 = 0; i0 < m; i0 += tall) {
          int height = Math.min(tall, m - i0);
          double[] pa = a;
          int a0 = ta ? ao + p0 * lda + i0 : ao + i0 * lda + p0;
          int ld = lda;
          if (copy) {
            int across = ta ? height : kc;
            int lines = ta ? kc : height;
            ld = across + L;
            pa = scratch.a(ld * lines);
            for (int i = 0; i < lines; i++) {
              System.arraycopy(a, a0 + i * lda, pa, i * ld, across);
            }
            a0 = 0;
          }
          int ars = ta ? 1 : ld;
          int aks = ta ? ld : 1;
          int to = co + i0 * ldc + j0;
          for (int j = 0; j < width; j += COLUMNS) {
            int w = Math.min(COLUMNS, width - j);
            double[] pb = b;
            int b0 = bo + p0 * ldb + j0 + j;
            int bks = ldb;
            if (pack || w < COLUMNS) {
              // packed just before its first use; where that is the only one, in one place
              b0 = tall < m ? j * kc : 0;
              bks = COLUMNS;
              pb = scratch.b(tall < m ? (width + COLUMNS) * kc : COLUMNS * kc);
              if (i0 == 0) {
                PanelsF64.pack(b, bo, ldb, tb, p0, kc, j0 + j, w, pb, b0);
              }
            }
            boolean begun = more || p0 > 0;
            sliver(
                begun, height, kc, pa, a0, ars, aks, pb, b0, bks, c, to + j, ldc, w, scratch.tile);
          }
        }
      }
    }
  }

  /**
   * The same for large matrices: while the passes over k go by, the sums of a block of C stay close
   * together in an array of their own, and so in the cache.
   */
  private static void deep(
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
      int depth,
      Scratch scratch) {
    int span = PASSES * depth;
    for (int k0 = 0; k0 < k; k0 += span) {
      int k1 = Math.min(k, k0 + span);
      boolean begun = more || k0 > 0;
      for (int j0 = 0; j0 < n; j0 += WIDTH) {
        int width = Math.min(WIDTH, n - j0);
        int padded = Math.ceilDiv(width, COLUMNS) * COLUMNS;
        double[] pb = scratch.b(padded * (k1 - k0));
        for (int p0 = k0; p0 < k1; p0 += depth) {
          int kc = Math.min(depth, k1 - p0);
          PanelsF64.pack(b, bo, ldb, tb, p0, kc, j0, width, pb, padded * (p0 - k0));
        }
        for (int i0 = 0; i0 < m; i0 += DEEP_HEIGHT) {
          int height = Math.min(DEEP_HEIGHT, m - i0);
          int ldSums = padded + L;
          double[] sums = scratch.c(ldSums * height);
          int to = co + i0 * ldc + j0;
          for (int i = 0; begun && i < height; i++) {
            System.arraycopy(c, to + i * ldc, sums, i * ldSums, width);
          }
          for (int p0 = k0; p0 < k1; p0 += depth) {
            int kc = Math.min(depth, k1 - p0);
            int across = ta ? height : kc;
            int lines = ta ? kc : height;
            int ld = across + L;
            double[] pa = scratch.a(ld * lines);
            int from = ta ? ao + p0 * lda + i0 : ao + i0 * lda + p0;
            for (int i = 0; i < lines; i++) {
              System.arraycopy(a, from + i * lda, pa, i * ld, across);
            }
            for (int j = 0; j < padded; j += COLUMNS) {
              sliver(
                  begun || p0 > k0,
                  height,
                  kc,
                  pa,
                  0,
                  ta ? 1 : ld,
                  ta ? ld : 1,
                  pb,
                  padded * (p0 - k0) + j * kc,
                  COLUMNS,
                  sums,
                  j,
                  ldSums,
                  COLUMNS,
                  scratch.tile);
            }
          }
          for (int i = 0; i < height; i++) {
            System.arraycopy(sums, i * ldSums, c, to + i * ldc, width);
          }
        }
      }
    }
  }

  /** One sliver of columns of C, tile by tile. */
  static void sliver(
      boolean more,
      int m,
      int kc,
      double[] a,
      int a0,
      int ars,
      int aks,
      double[] b,
      int b0,
      int bks,
      double[] c,
      int c0,
      int ldc,
      int width,
      double[] tile) {
    int wide = width <= L && LATER.open() ? L : COLUMNS;
    int i = 0;
    while (i < m) {
      int rows = wide == L ? narrow(m - i) : height(m - i);
      int at = a0 + i * ars;
      int to = c0 + i * ldc;
      if (width == wide) {
        tile(wide, rows, kc, a, at, ars, aks, b, b0, bks, c, to, ldc, more);
      } else {
        for (int r = 0; more && r < rows; r++) {
          System.arraycopy(c, to + r * ldc, tile, r * wide, width);
        }
        tile(wide, rows, kc, a, at, ars, aks, b, b0, bks, tile, 0, wide, more);
        for (int r = 0; r < rows; r++) {
          System.arraycopy(tile, r * wide, c, to + r * ldc, width);
        }
      }
      i += rows;
    }
  }

  /** The rows of the next tile of one vector when so many are left. */
  private static int narrow(int left) {
    return left >= 12 ? 12 : left >= 4 ? 4 : 1;
  }

  /** The rows of the next tile when so many are left. */
  private static int height(int left) {
    if (ROWS == 12) {
      return left >= 12 && left != 16 ? 12 : left >= 8 ? 8 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
    }
    return left >= 6 && left != 8 ? 6 : left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }

  private static void tile(
      int wide,
      int rows,
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
    if (wide == L) {
      switch (rows) {
        case 12 -> NarrowF64.tile12x1(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
        case 4 -> NarrowF64.tile4x1(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
        default -> NarrowF64.tile1x1(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
      }
      return;
    }
    switch (rows) {
      case 12 -> MicroF64.tile12x2(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
      case 8 -> MicroF64.tile8x2(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
      case 6 -> MicroF64.tile6x2(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
      case 4 -> MicroF64.tile4x2(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
      case 2 -> MicroF64.tile2x2(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
      default -> MicroF64.tile1x2(kc, a, ao, ars, aks, b, bo, bks, c, co, ldc, more);
    }
  }
}
