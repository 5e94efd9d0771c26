package chainrule.kernels.vector;

import static chainrule.kernels.vector.ConvTilesF64.ADD;
import static chainrule.kernels.vector.ConvTilesF64.COLUMNS;
import static chainrule.kernels.vector.ConvTilesF64.FIRST;
import static chainrule.kernels.vector.ConvTilesF64.L;
import static chainrule.kernels.vector.ConvTilesF64.MORE;
import static chainrule.kernels.vector.ConvTilesF64.ROWS;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Threads;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Convolution over {@code double[]} and its gradient for the input, without unfolding: a product of
 * matrices whose right-hand side is read from the planes themselves, laid out by {@link
 * ConvLayout}.
 */
final class ConvF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;

  /** Steps of a chain between two looks at the next tile: what they read stays in the cache. */
  private static final int DEPTH = 384;

  /** Tiles of rows that are computed together. */
  private static final int STRIP = 8;

  private ConvF64() {}

  /** Weights as panels of ROWS rows: {@code to[k·ROWS + r] = w[from + r·row + k·step]}. */
  private static void panel(
      double[] w, int from, int row, int step, int rows, int depth, double[] to, int at) {
    for (int k = 0; k < depth; k++) {
      for (int r = 0; r < ROWS; r++) {
        to[at + k * ROWS + r] = r < rows ? w[from + r * row + k * step] : 0;
      }
    }
  }

  // ---------------------------------------------------------------- forward

  static void forward(
      double[] x,
      double[] w,
      double @Nullable [] bias,
      double[] y,
      int images,
      int in,
      int out,
      int groups,
      Geometry g) {
    if (y.length == 0) {
      return;
    }
    var scratch = ConvScratchF64.own();
    ConvLayout l = scratch.layout.set(g, g.outH(), images * groups);
    int channels = in / groups;
    int outs = out / groups;
    int depth = channels * g.window();
    int tiles = Math.ceilDiv(outs, ROWS);
    int[] off = scratch.offsets(depth);
    l.offsets(off, channels);
    double[] panels = scratch.weights(groups * tiles * ROWS * depth);
    for (int t = 0; t < groups * tiles; t++) {
      int o = t % tiles * ROWS;
      int from = (t / tiles * outs + o) * depth;
      panel(w, from, depth, 1, Math.min(ROWS, outs - o), depth, panels, t * ROWS * depth);
    }
    int blocks = Math.ceilDiv(g.outH(), l.rows);
    int strips = Math.ceilDiv(tiles, STRIP);
    int split = images * groups * blocks >= 4 ? 1 : strips;
    int tasks = images * groups * blocks * split;
    if (tasks == 1) {
      block(x, panels, off, bias, y, in, out, groups, g, l, 0, 0, 0, 0, strips);
      return;
    }
    Threads.forEach(
        tasks,
        t -> {
          int s = t % split;
          int i0 = t / split % blocks * l.rows;
          int group = t / split / blocks % groups;
          int image = t / split / blocks / groups;
          int last = split == 1 ? strips : s + 1;
          block(x, panels, off, bias, y, in, out, groups, g, l, image, group, i0, s, last);
        });
  }

  /** Some rows of windows of one image and group, for some strips of output channels. */
  private static void block(
      double[] x,
      double[] panels,
      int[] off,
      double @Nullable [] bias,
      double[] y,
      int in,
      int out,
      int groups,
      Geometry g,
      ConvLayout l,
      int image,
      int group,
      int i0,
      int strip0,
      int strip1) {
    var scratch = ConvScratchF64.own();
    int channels = in / groups;
    int outs = out / groups;
    int depth = channels * g.window();
    int tiles = Math.ceilDiv(outs, ROWS);
    int rows = Math.min(l.rows, g.outH() - i0);
    int columns = Math.ceilDiv((rows - 1) * l.width + g.outW(), COLUMNS);
    int ldc = columns * COLUMNS;
    int reads = depth == 0 ? 0 : off[depth - 1] + ldc;
    int first = image * in + group * channels;
    int at = first * g.plane() + i0 * g.width();
    double[] planes = x;
    if (!l.direct) {
      planes = scratch.planes(channels * l.phases() * l.plane + ldc);
      at = 0;
      lay(x, first * g.plane(), channels, planes, i0, rows + l.reachH, g, l);
    } else if (at + reads > x.length) {
      planes = scratch.planes(reads);
      System.arraycopy(x, at, planes, 0, Math.min(reads, x.length - at));
      at = 0;
    }
    double[] c = scratch.block(STRIP * ROWS * ldc);
    for (int s = strip0; s < strip1; s++) {
      int end = Math.min(tiles, (s + 1) * STRIP);
      if (depth == 0) {
        Arrays.fill(c, 0);
      }
      for (int pc = 0; pc < depth; pc += DEPTH) {
        int kc = Math.min(DEPTH, depth - pc);
        int mode = pc == 0 ? FIRST : MORE;
        for (int j = 0; j < columns; j++) {
          for (int i = s * STRIP; i < end; i++) {
            int a = ((group * tiles + i) * depth + pc) * ROWS;
            int to = (i - s * STRIP) * ROWS * ldc + j * COLUMNS;
            ConvTilesF64.tile(
                kc, panels, a, planes, at + j * COLUMNS, off, pc, c, to, ldc, mode);
          }
        }
      }
      for (int o = s * STRIP * ROWS; o < Math.min(outs, end * ROWS); o++) {
        int channel = group * outs + o;
        int to = ((image * out + channel) * g.outH() + i0) * g.outW();
        finish(c, (o - s * STRIP * ROWS) * ldc, l.width, y, to, g.outW(), rows, bias, channel);
      }
    }
  }

  /** Rows of a block without what lies between them, plus the bias. */
  private static void finish(
      double[] c,
      int from,
      int width,
      double[] y,
      int to,
      int n,
      int rows,
      double @Nullable [] bias,
      int channel) {
    if (bias == null) {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(c, from + i * width, y, to + i * n, n);
      }
      return;
    }
    double b = bias[channel];
    for (int i = 0; i < rows; i++) {
      int p = from + i * width;
      int q = to + i * n;
      if (n < L) {
        for (int j = 0; j < n; j++) {
          y[q + j] = c[p + j] + b;
        }
        continue;
      }
      for (int j = 0; j < n - L; j += L) {
        DoubleVector.fromArray(S, c, p + j).add(b).intoArray(y, q + j);
      }
      DoubleVector.fromArray(S, c, p + n - L).add(b).intoArray(y, q + n - L);
    }
  }

  /** Planes as phases, {@code rows} of each from {@code row0} on. */
  private static void lay(
      double[] x,
      int from,
      int channels,
      double[] to,
      int row0,
      int rows,
      Geometry g,
      ConvLayout l) {
    int step = g.strideW();
    for (int c = 0; c < channels; c++) {
      for (int phase = 0; phase < l.phases(); phase++) {
        int b = phase % l.phasesW;
        int begin = Math.clamp(Math.ceilDiv(g.paddingW() - b, step), 0, l.width);
        int end = Math.clamp(Math.ceilDiv(g.width() + g.paddingW() - b, step), begin, l.width);
        int q = (c * l.phases() + phase) * l.plane;
        for (int i = 0; i < rows; i++, q += l.width) {
          int row = (row0 + i) * g.strideH() + phase / l.phasesW - g.paddingH();
          if (row < 0 || row >= g.height()) {
            Arrays.fill(to, q, q + l.width, 0);
            continue;
          }
          Arrays.fill(to, q, q + begin, 0);
          Arrays.fill(to, q + end, q + l.width, 0);
          int p = from + c * g.plane() + row * g.width() + begin * step + b - g.paddingW();
          if (step == 1) {
            System.arraycopy(x, p, to, q + begin, end - begin);
          } else {
            for (int j = begin; j < end; j++, p += step) {
              to[q + j] = x[p];
            }
          }
        }
      }
    }
  }

  // ---------------------------------------------------------------- the input's gradient

  /** The weights must be finite: they meet zeros between the rows. */
  static void input(
      double[] dy, double[] w, double[] dx, int images, int in, int out, int groups, Geometry g) {
    if (dx.length == 0) {
      return;
    }
    var scratch = ConvScratchF64.own();
    int total = g.outH() + (g.kernelH() - 1) * g.dilationH() / g.strideH();
    ConvLayout l = scratch.layout.set(g, total, images * groups);
    int channels = in / groups;
    int outs = out / groups;
    int tiles = Math.ceilDiv(channels, ROWS);
    int window = g.window();
    double[] panels = scratch.weights(groups * window * tiles * ROWS * outs);
    for (int t = 0; t < groups * window * tiles; t++) {
      int c = t % tiles * ROWS;
      int k = t / tiles % window;
      int from = (t / tiles / window * outs * channels + c) * window + k;
      int height = Math.min(ROWS, channels - c);
      panel(w, from, window, channels * window, height, outs, panels, t * ROWS * outs);
    }
    int dyPlane = (Math.min(g.outH(), l.rows + l.reachH) * l.width / COLUMNS + 2) * COLUMNS;
    int[] off = scratch.offsets(outs);
    for (int o = 0; o < outs; o++) {
      off[o] = o * dyPlane;
    }
    int blocks = Math.ceilDiv(total, l.rows);
    int strips = Math.ceilDiv(tiles, STRIP);
    int split = images * groups * blocks >= 4 ? 1 : strips;
    int tasks = images * groups * blocks * split;
    if (tasks == 1) {
      inputBlock(dy, panels, off, dyPlane, dx, in, out, groups, g, l, 0, 0, 0, total, 0, strips);
      return;
    }
    Threads.forEach(
        tasks,
        t -> {
          int s = t % split;
          int y0 = t / split % blocks * l.rows;
          int y1 = Math.min(total, y0 + l.rows);
          int group = t / split / blocks % groups;
          int image = t / split / blocks / groups;
          int last = split == 1 ? strips : s + 1;
          inputBlock(
              dy, panels, off, dyPlane, dx, in, out, groups, g, l, image, group, y0, y1, s, last);
        });
  }

  /** The phases' rows {@code y0 … y1−1} of one image and group, for some strips of channels. */
  private static void inputBlock(
      double[] dy,
      double[] panels,
      int[] off,
      int dyPlane,
      double[] dx,
      int in,
      int out,
      int groups,
      Geometry g,
      ConvLayout l,
      int image,
      int group,
      int y0,
      int y1,
      int strip0,
      int strip1) {
    var scratch = ConvScratchF64.own();
    int channels = in / groups;
    int outs = out / groups;
    int tiles = Math.ceilDiv(channels, ROWS);
    int d0 = Math.max(0, y0 - l.reachH);
    int d1 = Math.min(g.outH(), y1);
    double[] b = scratch.planes(outs * dyPlane);
    spread(dy, image * out + group * outs, outs, d0, d1, b, dyPlane, g, l.width);
    int plane = l.rows * l.width + l.reachW + COLUMNS;
    int stride = l.phases() * plane;
    double[] d = scratch.block(STRIP * ROWS * stride);
    for (int s = strip0; s < strip1; s++) {
      int first = s * STRIP;
      int end = Math.min(tiles, first + STRIP);
      Arrays.fill(d, 0, (end - first) * ROWS * stride, 0);
      for (int k = 0; k < g.window(); k++) {
        int kh = k / g.kernelW();
        int kw = k % g.kernelW();
        int r0 = Math.max(d0, y0 - l.down(kh));
        int r1 = Math.min(d1, y1 - l.down(kh));
        if (r0 >= r1) {
          continue;
        }
        int columns = Math.ceilDiv((r1 - r0 - 1) * l.width + g.outW(), COLUMNS);
        int from = (r0 - d0) * l.width;
        int to = l.phase(kh, kw) * plane + (r0 + l.down(kh) - y0) * l.width + l.right(kw);
        for (int j = 0; j < columns; j++) {
          for (int i = first; i < end; i++) {
            int a = ((group * g.window() + k) * tiles + i) * ROWS * outs;
            int c = (i - first) * ROWS * stride + to + j * COLUMNS;
            ConvTilesF64.tile(outs, panels, a, b, from + j * COLUMNS, off, 0, d, c, stride, ADD);
          }
        }
      }
      for (int c = first * ROWS; c < Math.min(channels, end * ROWS); c++) {
        int to = (image * in + group * channels + c) * g.plane();
        collect(d, (c - first * ROWS) * stride, plane, dx, to, y0, y1, g, l);
      }
    }
  }

  /** Rows {@code d0 … d1−1} of some planes, each row as wide as a phase, filled up with zeros. */
  private static void spread(
      double[] dy, int first, int planes, int d0, int d1, double[] to, int plane, Geometry g, int w) {
    int n = g.outW();
    for (int o = 0; o < planes; o++) {
      int p = ((first + o) * g.outH() + d0) * n;
      int q = o * plane;
      for (int i = d0; i < d1; i++, p += n, q += w) {
        System.arraycopy(dy, p, to, q, n);
        Arrays.fill(to, q + n, q + w, 0);
      }
      Arrays.fill(to, q, (o + 1) * plane, 0);
    }
  }

  /** The rows of a plane that lie in rows {@code y0 … y1−1} of its phases, or beyond the last. */
  private static void collect(
      double[] d,
      int from,
      int phasePlane,
      double[] dx,
      int to,
      int y0,
      int y1,
      Geometry g,
      ConvLayout l) {
    int total = g.outH() + l.reachH;
    int step = g.strideW();
    for (int row = 0; row < g.height(); row++) {
      int i = (row + g.paddingH()) / g.strideH();
      int a = (row + g.paddingH()) % g.strideH();
      if (i < y0 || i >= y1 && y1 < total) {
        continue;
      }
      int q = to + row * g.width();
      if (i >= y1 || a >= l.phasesH) {
        Arrays.fill(dx, q, q + g.width(), 0);
        continue;
      }
      int p = from + a * l.phasesW * phasePlane + (i - y0) * l.width;
      if (step == 1) {
        System.arraycopy(d, p + g.paddingW(), dx, q, g.width());
        continue;
      }
      for (int j = 0; j < g.width(); j++) {
        int column = (j + g.paddingW()) / step;
        int b = (j + g.paddingW()) % step;
        boolean reached = b < l.phasesW && column < l.width;
        dx[q + j] = reached ? d[p + b * phasePlane + column] : 0;
      }
    }
  }
}
