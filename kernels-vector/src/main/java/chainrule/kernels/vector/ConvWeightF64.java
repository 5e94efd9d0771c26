package chainrule.kernels.vector;

import static chainrule.kernels.vector.ConvTilesF64.COLUMNS;
import static chainrule.kernels.vector.ConvTilesF64.ROWS;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Threads;
import chainrule.internal.kernel.WindowKernels;
import java.util.Arrays;

/**
 * The gradient of a convolution over {@code double[]} for its weight: output channels side by side
 * in vectors, elements of windows as the rows of a tile, so that the chains run over the windows
 * without unfolding them.
 */
final class ConvWeightF64 {
  /** Windows that are worked on at once. */
  private static final int WINDOWS = 400;

  private ConvWeightF64() {}

  static void run(
      double[] dy, double[] x, double[] dw, int images, int in, int out, int groups, Geometry g) {
    int channels = in / groups;
    int outs = out / groups;
    int depth = channels * g.window();
    if (out * depth == 0) {
      return;
    }
    var scratch = ConvScratchF64.own();
    int rows = Math.clamp(WINDOWS / g.outW(), 1, g.outH());
    rows = Math.ceilDiv(g.outH(), Math.ceilDiv(g.outH(), rows));
    boolean direct = g.unpadded();
    int width = g.width() + 2 * g.paddingW();
    int height = (rows - 1) * g.strideH() + (g.kernelH() - 1) * g.dilationH() + 1;
    int plane = direct ? g.plane() : height * width;
    int tiles = Math.ceilDiv(depth, ROWS);
    int[] off = scratch.offsets(tiles * ROWS);
    for (int k = 0; k < tiles * ROWS; k++) {
      int e = Math.min(k, depth - 1);
      int kh = e % g.window() / g.kernelW();
      off[k] =
          e / g.window() * plane
              + kh * g.dilationH() * width
              + e % g.kernelW() * g.dilationW();
    }
    int panels = Math.ceilDiv(outs, COLUMNS);
    int size = tiles * ROWS * panels * COLUMNS;
    int chunk = WindowKernels.chunk(images, (long) out * depth);
    int chunks = Math.ceilDiv(images, chunk);
    double[] sums = scratch.weights(Math.max(1, chunks) * groups * size);
    int split = chunks * groups >= 4 ? 1 : panels;
    int block = rows;
    Threads.forEach(
        chunks * groups * split,
        t -> {
          int p = t % split;
          int group = t / split % groups;
          int n = t / split / groups;
          int p1 = split == 1 ? panels : p + 1;
          int first = n * chunk;
          int to = (n * groups + group) * size;
          for (int image = first; image < Math.min(images, first + chunk); image++) {
            image(dy, x, sums, to, image, image == first, group, p, p1, in, out, groups, off,
                plane, width, block, g);
          }
        });
    if (chunks == 0) {
      Arrays.fill(dw, 0, out * depth, 0);
      return;
    }
    for (int n = 1; n < chunks; n++) {
      LoopsF64.add(sums, 0, 1, sums, n * groups * size, 1, sums, 0, groups * size);
    }
    for (int o = 0; o < out; o++) {
      int from = o / outs * size + o % outs;
      for (int k = 0; k < depth; k++) {
        dw[o * depth + k] = sums[from + k * panels * COLUMNS];
      }
    }
  }

  /** The steps that one image adds to the chains of some panels of output channels. */
  private static void image(
      double[] dy,
      double[] x,
      double[] sums,
      int to,
      int image,
      boolean first,
      int group,
      int panel0,
      int panel1,
      int in,
      int out,
      int groups,
      int[] off,
      int plane,
      int width,
      int block,
      Geometry g) {
    var scratch = ConvScratchF64.own();
    int channels = in / groups;
    int outs = out / groups;
    int tiles = Math.ceilDiv(channels * g.window(), ROWS);
    int ldc = Math.ceilDiv(outs, COLUMNS) * COLUMNS;
    int base = (image * in + group * channels) * g.plane();
    for (int i0 = 0; i0 < g.outH(); i0 += block) {
      int rows = Math.min(block, g.outH() - i0);
      int n = rows * g.outW();
      double[] planes = x;
      int at = base + i0 * g.strideH() * g.width();
      if (!g.unpadded()) {
        planes = scratch.planes(channels * plane);
        at = 0;
        pad(x, base, channels, planes, plane, width, i0 * g.strideH() - g.paddingH(), g);
      }
      for (int panel = panel0; panel < panel1; panel++) {
        double[] b = scratch.block(n * COLUMNS);
        int o = panel * COLUMNS;
        int from = (image * out + group * outs + o) * g.positions() + i0 * g.outW();
        transpose(dy, from, g.positions(), Math.min(COLUMNS, outs - o), n, b);
        for (int i = 0; i < tiles; i++) {
          int c = to + i * ROWS * ldc + o;
          ConvTilesF64.outer(rows, g.outW(), planes, at, off, i * ROWS, g.strideH() * width,
              g.strideW(), b, 0, sums, c, ldc, first && i0 == 0);
        }
      }
    }
  }

  /** Planes from {@code row0} on with zeros where the padding is. */
  private static void pad(
      double[] x, int from, int channels, double[] to, int plane, int width, int row0, Geometry g) {
    int rows = plane / width;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < rows; i++) {
        int q = c * plane + i * width;
        int row = row0 + i;
        if (row < 0 || row >= g.height()) {
          Arrays.fill(to, q, q + width, 0);
          continue;
        }
        Arrays.fill(to, q, q + g.paddingW(), 0);
        Arrays.fill(to, q + width - g.paddingW(), q + width, 0);
        int p = from + c * g.plane() + row * g.width();
        System.arraycopy(x, p, to, q + g.paddingW(), g.width());
      }
    }
  }

  /** {@code b[p·COLUMNS + o] = dy[from + o·row + p]}, zeros where there are no more rows. */
  private static void transpose(double[] dy, int from, int row, int rows, int n, double[] b) {
    if (rows < COLUMNS) {
      Arrays.fill(b, 0, n * COLUMNS, 0);
    }
    int o = 0;
    for (; o + 8 <= rows; o += 8) {
      int r0 = from + o * row;
      int r1 = r0 + row;
      int r2 = r1 + row;
      int r3 = r2 + row;
      int r4 = r3 + row;
      int r5 = r4 + row;
      int r6 = r5 + row;
      int r7 = r6 + row;
      for (int p = 0; p < n; p++) {
        int q = p * COLUMNS + o;
        b[q] = dy[r0 + p];
        b[q + 1] = dy[r1 + p];
        b[q + 2] = dy[r2 + p];
        b[q + 3] = dy[r3 + p];
        b[q + 4] = dy[r4 + p];
        b[q + 5] = dy[r5 + p];
        b[q + 6] = dy[r6 + p];
        b[q + 7] = dy[r7 + p];
      }
    }
    for (; o < rows; o++) {
      for (int p = 0; p < n; p++) {
        b[p * COLUMNS + o] = dy[from + o * row + p];
      }
    }
  }
}
