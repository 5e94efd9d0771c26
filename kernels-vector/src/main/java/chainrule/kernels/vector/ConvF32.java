package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Pool;
import chainrule.internal.kernel.Threads;
import java.util.Arrays;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Convolution over {@code float[]} without unfolding: a product of matrices whose right-hand side
 * is read, a tile of columns at a time, from the planes as {@link ConvLayout} lays them out.
 */
final class ConvF32 implements IntConsumer {
  private static final VectorSpecies<Float> S = MicroF32.S;
  private static final int L = MicroF32.L;
  private static final int COLUMNS = 2 * L;

  /** From one row of the tile of columns to the next: a vector may be written beyond its end. */
  private static final int PITCH = 3 * L;

  /** Steps of the chains that a tile of columns holds: it stays in the first-level cache. */
  private static final int DEPTH = 144;

  /** Output channels that are computed together. */
  private static final int HEIGHT = 96;

  private static final float[] NONE = {};
  private static final Pool<ConvF32> CALLS = new Pool<>(ConvF32::new);
  private static final Pool<ConvScratchF32> SCRATCH = new Pool<>(ConvScratchF32::new);

  private final ConvLayout l = new ConvLayout();
  private final ConvScratchF32 own = new ConvScratchF32();
  private float[] x = NONE;
  private float[] y = NONE;
  private float[] weights = NONE;
  private float @Nullable [] bias;
  private int[] off = {};
  private int in;
  private int out;
  private int groups;
  private int channels;
  private int outs;
  private int depth;
  private int blocks;
  private int split;

  private ConvF32() {}

  static void run(
      float[] x,
      float[] w,
      float @Nullable [] bias,
      float[] y,
      int images,
      int in,
      int out,
      int groups,
      Geometry g) {
    if (y.length == 0) {
      return;
    }
    ConvF32 call = CALLS.borrow();
    call.x = x;
    call.y = y;
    call.bias = bias;
    call.in = in;
    call.out = out;
    call.groups = groups;
    Threads.forEach(call.prepare(w, images, g), call);
    call.x = NONE;
    call.y = NONE;
    call.bias = null;
    CALLS.giveBack(call);
  }

  /** Lays out the weights and splits the work; returns how many tasks there are. */
  private int prepare(float[] w, int images, Geometry g) {
    l.set(g, g.outH(), images * groups);
    channels = in / groups;
    outs = out / groups;
    depth = channels * g.window();
    off = own.offsets(depth);
    l.offsets(off, channels);
    weights = own.block(out * (depth + L));
    for (int o = 0; o < out; o++) {
      System.arraycopy(w, o * depth, weights, o * (depth + L), depth);
    }
    blocks = Math.ceilDiv(g.outH(), l.rows);
    split = images * groups * blocks >= 4 ? 1 : Math.ceilDiv(outs, HEIGHT);
    return images * groups * blocks * split;
  }

  /** Some rows of windows of one image and group, for all or some of the output channels. */
  @Override
  public void accept(int task) {
    Geometry g = l.g;
    int first = task % split * HEIGHT;
    int end = split == 1 ? outs : Math.min(outs, first + HEIGHT);
    int i0 = task / split % blocks * l.rows;
    int group = task / split / blocks % groups;
    int image = task / split / blocks / groups;
    int rows = Math.min(l.rows, g.outH() - i0);
    int plane = image * in + group * channels;
    ConvScratchF32 scratch = SCRATCH.borrow();
    float[] planes = x;
    int at = plane * g.plane() + i0 * g.width();
    int reads = depth == 0 ? 0 : off[depth - 1] + rows * l.width + L;
    if (!l.direct) {
      planes = scratch.planes(channels * l.phases() * l.plane + L);
      lay(plane * g.plane(), planes, i0, rows + l.reachH);
      at = 0;
    } else if (at + reads > x.length) {
      planes = scratch.planes(reads);
      System.arraycopy(x, at, planes, 0, Math.min(reads, x.length - at));
      at = 0;
    }
    int n = rows * g.outW();
    for (int o = first; o < end; o += HEIGHT) {
      int height = Math.min(HEIGHT, end - o);
      int channel = group * outs + o;
      int to = (image * out + channel) * g.positions() + i0 * g.outW();
      product(planes, at, channel, height, to, n, scratch);
      float[] b = bias;
      for (int r = 0; r < height && b != null; r++) {
        add(to + r * g.positions(), n, b[channel + r]);
      }
    }
    SCRATCH.giveBack(scratch);
  }

  /** {@code y = w·windows} for {@code height} output channels and n windows side by side. */
  private void product(
      float[] planes, int at, int o, int height, int to, int n, ConvScratchF32 scratch) {
    int ldc = l.g.positions();
    if (depth == 0) {
      for (int r = 0; r < height; r++) {
        Arrays.fill(y, to + r * ldc, to + r * ldc + n, 0);
      }
    }
    int lda = depth + L;
    float[] b = scratch.panel(DEPTH * PITCH);
    float[] tile = scratch.tile(HEIGHT * COLUMNS);
    for (int p0 = 0; p0 < depth; p0 += DEPTH) {
      int kc = Math.min(DEPTH, depth - p0);
      for (int j = 0; j < n; j += COLUMNS) {
        int width = Math.min(COLUMNS, n - j);
        gather(planes, at, p0, kc, j, width, b);
        GemmF32.sliver(
            p0 > 0,
            height,
            kc,
            weights,
            o * lda + p0,
            lda,
            1,
            b,
            0,
            PITCH,
            y,
            to + j,
            ldc,
            width,
            tile);
      }
    }
  }

  /**
   * {@code b[k·PITCH + i]} is what window {@code j + i} has at its element {@code k0 + k}. What
   * whole vectors write too much is written again by the piece that follows, or lies between rows.
   */
  private void gather(float[] x, int from, int k0, int kc, int j, int n, float[] b) {
    int outW = l.g.outW();
    int column = j % outW;
    int p = from + j / outW * l.width + column;
    for (int q = 0; q < n; ) {
      int piece = Math.min(outW - column, n - q);
      for (int i = 0; i < piece; i += L) {
        copy(x, p + i, off, k0, kc, b, q + i);
      }
      q += piece;
      p += piece + l.reachW;
      column = 0;
    }
  }

  /** One vector of every row. */
  private static void copy(float[] x, int from, int[] off, int k0, int kc, float[] b, int to) {
    for (int k = 0; k < kc; k++) {
      FloatVector.fromArray(S, x, from + off[k0 + k]).intoArray(b, to + k * PITCH);
    }
  }

  /** {@code y[i] += b} for n elements. */
  private void add(int from, int n, float b) {
    int end = from + S.loopBound(n);
    for (int i = from; i < end; i += L) {
      FloatVector.fromArray(S, y, i).add(b).intoArray(y, i);
    }
    for (int i = end; i < from + n; i++) {
      y[i] += b;
    }
  }

  /** The planes of one image and group as phases, {@code rows} of each from {@code row0} on. */
  private void lay(int from, float[] to, int row0, int rows) {
    Geometry g = l.g;
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
}
