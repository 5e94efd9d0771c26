package chainrule.kernels.vector;

import static chainrule.kernels.vector.ConvTilesF32.COLUMNS;
import static chainrule.kernels.vector.ConvTilesF32.ROWS;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Pool;
import chainrule.internal.kernel.Threads;
import chainrule.internal.kernel.WindowKernels;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The gradient of a convolution over {@code float[]} for its weight: output channels side by side
 * in vectors, elements of windows as the rows of a tile, so that the chains run over the windows
 * without unfolding them.
 */
final class ConvWeightF32 implements IntConsumer {
  /** Windows that are worked on at once. */
  private static final int WINDOWS = 400;

  private static final float[] NONE = {};
  private static final Pool<ConvWeightF32> CALLS = new Pool<>(ConvWeightF32::new);
  private static final Pool<ConvScratchF32> SCRATCH = new Pool<>(ConvScratchF32::new);
  private static final Geometry POINT = new Geometry(1, 1, 1, 1, 1, 1, 0, 0, 1, 1);

  private final ConvScratchF32 own = new ConvScratchF32();
  private float[] dy = NONE;
  private float[] x = NONE;
  private float[] sums = NONE;
  private int[] off = {};
  private Geometry g = POINT;
  private int images;
  private int in;
  private int out;
  private int groups;
  private int channels;
  private int outs;
  private int depth;

  /** Rows of windows that are worked on at once. */
  private int rows;

  /** Columns and elements of a plane as it is read. */
  private int width;

  private int plane;
  private int panels;

  /** The sums of one chunk and group. */
  private int size;

  private int chunk;
  private int split;

  private ConvWeightF32() {}

  static void run(
      float[] dy, float[] x, float[] dw, int images, int in, int out, int groups, Geometry g) {
    if (dw.length == 0 || images == 0) {
      Arrays.fill(dw, 0);
      return;
    }
    ConvWeightF32 call = CALLS.borrow();
    call.dy = dy;
    call.x = x;
    call.g = g;
    call.images = images;
    call.in = in;
    call.out = out;
    call.groups = groups;
    Threads.forEach(call.prepare(), call);
    call.add(dw);
    call.dy = NONE;
    call.x = NONE;
    CALLS.giveBack(call);
  }

  /** Splits the work; returns how many tasks there are. */
  private int prepare() {
    channels = in / groups;
    outs = out / groups;
    depth = channels * g.window();
    int most = Math.clamp(WINDOWS / g.outW(), 1, g.outH());
    rows = Math.ceilDiv(g.outH(), Math.ceilDiv(g.outH(), most));
    width = g.width() + 2 * g.paddingW();
    int height = (rows - 1) * g.strideH() + (g.kernelH() - 1) * g.dilationH() + 1;
    plane = g.unpadded() ? g.plane() : height * width;
    int lines = Math.ceilDiv(depth, ROWS) * ROWS;
    off = own.offsets(lines);
    for (int k = 0; k < lines; k++) {
      int e = Math.min(k, depth - 1);
      int kh = e % g.window() / g.kernelW();
      int kw = e % g.kernelW();
      off[k] = e / g.window() * plane + kh * g.dilationH() * width + kw * g.dilationW();
    }
    panels = Math.ceilDiv(outs, COLUMNS);
    size = lines * panels * COLUMNS;
    chunk = WindowKernels.chunk(images, (long) out * depth);
    int chunks = Math.ceilDiv(images, chunk);
    sums = own.block(chunks * groups * size);
    split = chunks * groups >= 4 ? 1 : panels;
    return chunks * groups * split;
  }

  /** One chunk of images and one group, for all or some of the panels of output channels. */
  @Override
  public void accept(int task) {
    int p = task % split;
    int group = task / split % groups;
    int n = task / split / groups;
    int end = split == 1 ? panels : p + 1;
    int to = (n * groups + group) * size;
    ConvScratchF32 scratch = SCRATCH.borrow();
    for (int i = n * chunk; i < Math.min(images, (n + 1) * chunk); i++) {
      image(i, i > n * chunk, group, p, end, to, scratch);
    }
    SCRATCH.giveBack(scratch);
  }

  /** The steps that one image adds to the chains of some panels of output channels. */
  private void image(
      int image, boolean more, int group, int panel0, int panel1, int to, ConvScratchF32 scratch) {
    int ldc = panels * COLUMNS;
    int base = (image * in + group * channels) * g.plane();
    int from = (image * out + group * outs) * g.positions();
    for (int i0 = 0; i0 < g.outH(); i0 += rows) {
      int height = Math.min(rows, g.outH() - i0);
      int n = height * g.outW();
      float[] planes = x;
      int at = base + i0 * g.strideH() * g.width();
      if (!g.unpadded()) {
        planes = scratch.planes(channels * plane);
        pad(base, planes, i0 * g.strideH() - g.paddingH());
        at = 0;
      }
      float[] b = scratch.panel(n * COLUMNS);
      for (int o = panel0 * COLUMNS; o < Math.min(outs, panel1 * COLUMNS); o += COLUMNS) {
        int across = Math.min(COLUMNS, outs - o);
        PanelsF32.pack(dy, from, g.positions(), true, i0 * g.outW(), n, o, across, b, 0);
        for (int k = 0; k < depth; k += ROWS) {
          ConvTilesF32.outer(
              height,
              g.outW(),
              planes,
              at,
              off,
              k,
              g.strideH() * width,
              g.strideW(),
              b,
              sums,
              to + k * ldc + o,
              ldc,
              more || i0 > 0);
        }
      }
    }
  }

  /** Planes from {@code row0} on, with zeros where the padding is. */
  private void pad(int from, float[] to, int row0) {
    for (int q = 0; q < channels * plane; q += width) {
      int row = row0 + q % plane / width;
      if (row < 0 || row >= g.height()) {
        Arrays.fill(to, q, q + width, 0);
        continue;
      }
      Arrays.fill(to, q, q + g.paddingW(), 0);
      Arrays.fill(to, q + width - g.paddingW(), q + width, 0);
      int p = from + q / plane * g.plane() + row * g.width();
      System.arraycopy(x, p, to, q + g.paddingW(), g.width());
    }
  }

  /** Adds up the chunks, in order. */
  private void add(float[] dw) {
    int all = groups * size;
    for (int n = 1; n < Math.ceilDiv(images, chunk); n++) {
      LoopsF32.add(sums, 0, 1, sums, n * all, 1, sums, 0, all);
    }
    for (int k0 = 0; k0 < depth; k0 += 16) {
      int k1 = Math.min(depth, k0 + 16);
      for (int o = 0; o < out; o++) {
        int from = o / outs * size + o % outs;
        for (int k = k0; k < k1; k++) {
          dw[o * depth + k] = sums[from + k * panels * COLUMNS];
        }
      }
    }
  }
}
