package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Pool;
import chainrule.internal.kernel.Threads;
import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a convolution over {@code float[]} for its input: for each element of a window a
 * product of matrices, whose tiles are added where that element lies in the planes as {@link
 * ConvLayout} lays them out.
 */
final class ConvInputF32 implements IntConsumer {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;
  private static final int COLUMNS = 2 * L;
  private static final VectorSpecies<Integer> BITS = VectorSpecies.of(int.class, S.vectorShape());

  /** All bits of L numbers, then none of L: read from L − n on, the bits of n. */
  private static final int[] TAKEN = new int[2 * L];

  static {
    Arrays.fill(TAKEN, 0, L, -1);
  }

  /** Input channels that are computed together. */
  private static final int HEIGHT = 48;

  private static final float[] NONE = {};
  private static final Pool<ConvInputF32> CALLS = new Pool<>(ConvInputF32::new);
  private static final Pool<ConvScratchF32> SCRATCH = new Pool<>(ConvScratchF32::new);

  private final ConvLayout l = new ConvLayout();
  private final ConvScratchF32 own = new ConvScratchF32();
  private float[] dy = NONE;
  private float[] dx = NONE;
  private float[] weights = NONE;
  private int in;
  private int out;
  private int groups;
  private int channels;
  private int outs;

  /** Where the weights of one step of the chains begin, from one step to the next. */
  private int lda;

  /** Rows of all phases. */
  private int total;

  private int blocks;
  private int split;

  private ConvInputF32() {}

  static void run(
      float[] dy, float[] w, float[] dx, int images, int in, int out, int groups, Geometry g) {
    if (dx.length == 0) {
      return;
    }
    ConvInputF32 call = CALLS.borrow();
    call.dy = dy;
    call.dx = dx;
    call.in = in;
    call.out = out;
    call.groups = groups;
    Threads.forEach(call.prepare(w, images, g), call);
    call.dy = NONE;
    call.dx = NONE;
    CALLS.giveBack(call);
  }

  /** Lays out the weights and splits the work; returns how many tasks there are. */
  private int prepare(float[] w, int images, Geometry g) {
    total = g.outH() + (g.kernelH() - 1) * g.dilationH() / g.strideH();
    l.set(g, total, images * groups);
    channels = in / groups;
    outs = out / groups;
    int window = g.window();
    lda = channels + L;
    weights = own.block(window * out * lda);
    for (int o = 0; o < out; o++) {
      for (int k = 0; k < window; k++) {
        for (int c = 0; c < channels; c++) {
          weights[(k * out + o) * lda + c] = w[(o * channels + c) * window + k];
        }
      }
    }
    blocks = Math.ceilDiv(total, l.rows);
    split = images * groups * blocks >= 4 ? 1 : Math.ceilDiv(channels, HEIGHT);
    return images * groups * blocks * split;
  }

  /** Some rows of the phases of one image and group, for all or some of the channels. */
  @Override
  public void accept(int task) {
    Geometry g = l.g;
    int first = task % split * HEIGHT;
    int end = split == 1 ? channels : Math.min(channels, first + HEIGHT);
    int y0 = task / split % blocks * l.rows;
    int y1 = Math.min(total, y0 + l.rows);
    int group = task / split / blocks % groups;
    int image = task / split / blocks / groups;
    int d0 = Math.max(0, y0 - l.reachH);
    int d1 = Math.min(g.outH(), y1);
    int n = (d1 - d0) * g.outW();
    ConvScratchF32 scratch = SCRATCH.borrow();
    float[] b = scratch.panel(outs * (n + COLUMNS));
    int from = (image * out + group * outs) * g.positions();
    if (n > 0) {
      PanelsF32.pack(dy, from, g.positions(), false, 0, outs, d0 * g.outW(), n, b, 0);
    }
    int plane = l.rows * l.width + l.reachW + L;
    int stride = l.phases() * plane;
    float[] d = scratch.block(Math.min(HEIGHT, end - first) * stride);
    float[] tile = scratch.tile(HEIGHT * COLUMNS + L);
    for (int c = first; c < end; c += HEIGHT) {
      int height = Math.min(HEIGHT, end - c);
      Arrays.fill(d, 0, height * stride, 0);
      for (int k = 0; k < g.window(); k++) {
        int kh = k / g.kernelW();
        int kw = k % g.kernelW();
        int r0 = Math.max(d0, y0 - l.down(kh));
        int r1 = Math.min(d1, y1 - l.down(kh));
        int to = l.phase(kh, kw) * plane + (l.down(kh) - y0) * l.width + l.right(kw);
        int a = (k * out + group * outs) * lda + c;
        int last = (r1 - d0) * g.outW();
        int j = (r0 - d0) * g.outW() / COLUMNS * COLUMNS;
        for (; j < last && outs > 0; j += COLUMNS) {
          GemmF32.sliver(
              false, height, outs, weights, a, 1, lda, b, j * outs, COLUMNS, tile, 0, COLUMNS,
              COLUMNS, tile);
          add(tile, height, j, d0, r0, r1, d, to, stride);
        }
      }
      for (int r = 0; r < height; r++) {
        int to = (image * in + group * channels + c + r) * g.plane();
        collect(d, r * stride, plane, to, y0, y1);
      }
    }
    SCRATCH.giveBack(scratch);
  }

  /**
   * Adds a tile for the windows from number {@code j} on, counted from row {@code d0}, as far as
   * they are in rows {@code r0 … r1−1}. Beyond the end of a row zeros are added, which change
   * nothing: a sum that began at 0 is never −0.
   */
  private void add(
      float[] tile, int rows, int j, int d0, int r0, int r1, float[] d, int to, int stride) {
    int outW = l.g.outW();
    int row = d0 + j / outW;
    int column = j % outW;
    for (int i = 0; i < COLUMNS && row < r1; row++) {
      int n = Math.min(outW - column, COLUMNS - i);
      if (row >= r0) {
        int q = to + row * l.width + column;
        for (int v = 0; v < n; v += L) {
          add(tile, i + v, rows, Math.min(L, n - v), d, q + v, stride);
        }
      }
      i += n;
      column = 0;
    }
  }

  /** Adds the first n elements of a vector of every row of a tile, and 0 for the others. */
  private static void add(float[] tile, int p, int rows, int n, float[] d, int q, int stride) {
    IntVector taken = IntVector.fromArray(BITS, TAKEN, L - n);
    for (int r = 0; r < rows; r++) {
      FloatVector v =
          FloatVector.fromArray(S, tile, p + r * COLUMNS)
              .viewAsIntegralLanes()
              .and(taken)
              .viewAsFloatingLanes();
      FloatVector.fromArray(S, d, q + r * stride).add(v).intoArray(d, q + r * stride);
    }
  }

  /** The rows of a plane that lie in rows {@code y0 … y1−1} of its phases, or beyond the last. */
  private void collect(float[] d, int from, int phasePlane, int to, int y0, int y1) {
    Geometry g = l.g;
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
