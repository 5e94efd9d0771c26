package chainrule.internal.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The specification of the loops over windows on planes of {@code float[]}. */
public class ScalarWindowsF32 implements WindowKernels<float[]> {
  static final ScalarWindowsF32 INSTANCE = new ScalarWindowsF32();

  /** Elements of windows that are unfolded at once. */
  private static final int UNFOLDED = 1 << 16;

  private static final Pool<Room> ROOMS = new Pool<>(Room::new);

  /** Made once by each provider. */
  protected ScalarWindowsF32() {}

  @Override
  public void fold(float[] columns, float[] x, int from, int to, Geometry g) {
    int positions = g.positions();
    for (int p = from; p < to; p++) {
      Arrays.fill(x, p * g.plane(), (p + 1) * g.plane(), 0);
      for (int k = 0; k < g.window(); k++) {
        add(columns, (p * g.window() + k) * positions, x, p * g.plane(), k, g);
      }
    }
  }

  /** Adds what windows have at element k of theirs to a plane. */
  private static void add(float[] column, int at, float[] x, int plane, int k, Geometry g) {
    int kh = k / g.kernelW();
    int kw = k % g.kernelW();
    int first = g.firstColumn(kw);
    int end = g.endColumn(kw);
    int outH = g.outH();
    int outW = g.outW();
    int step = g.strideW();
    for (int i = 0; i < outH; i++) {
      int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
      if (row >= 0 && row < g.height()) {
        int to = plane + row * g.width() + kw * g.dilationW() - g.paddingW();
        for (int j = first; j < end; j++) {
          x[to + j * step] += column[at + i * outW + j];
        }
      }
    }
  }

  /** The element of a plane that window (i, j) has at (kh, kw): 0 in the padding. */
  private static float at(float[] x, int plane, int i, int j, int kh, int kw, Geometry g) {
    int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
    int column = j * g.strideW() + kw * g.dilationW() - g.paddingW();
    boolean inside = row >= 0 && row < g.height() && column >= 0 && column < g.width();
    return inside ? x[plane + row * g.width() + column] : 0;
  }

  /** How many rows of windows are unfolded at once. */
  private static int rows(int depth, Geometry g) {
    long work = (long) depth * g.outW();
    return Math.clamp(UNFOLDED / Math.max(1, work), 1, Math.max(1, g.outH()));
  }

  @Override
  public void conv(
      float[] x,
      float[] w,
      float @Nullable [] bias,
      float[] y,
      int images,
      int in,
      int out,
      int groups,
      Geometry g) {
    Ranges.<float[]>on(null)
        .array(x)
        .array(w)
        .array(bias)
        .array(y)
        .geometry(g)
        .size(in)
        .size(out)
        .size(groups)
        .run(
            images * groups * blocks(in / groups, g),
            1,
            (r, from, to) -> {
              for (int task = from; task < to; task++) {
                conv(r, task);
              }
            });
  }

  /** How many blocks of rows of windows are unfolded one after the other. */
  private static int blocks(int channels, Geometry g) {
    return Split.tasks(g.outH(), rows(channels * g.window(), g));
  }

  /** Some rows of windows of one image and group. */
  private static void conv(Ranges<float[]> given, int task) {
    float[] x = given.array(0);
    float[] w = given.array(1);
    float[] bias = given.maybe(2);
    float[] y = given.array(3);
    Geometry g = given.geometry();
    int groups = given.n(2);
    int channels = given.n(0) / groups;
    int out = given.n(1) / groups;
    int blocks = blocks(channels, g);
    int group = task / blocks % groups;
    int image = task / blocks / groups;
    int channel = image * given.n(0) + group * channels;
    int depth = channels * g.window();
    int i0 = task % blocks * rows(depth, g);
    int n = (Split.end(i0, rows(depth, g), g.outH()) - i0) * g.outW();
    Room room = ROOMS.borrow().fit(depth, n, depth);
    for (int k = 0; k < depth; k++) {
      int plane = (channel + k / g.window()) * g.plane();
      int kh = k % g.window() / g.kernelW();
      int kw = k % g.kernelW();
      for (int p = 0; p < n; p++) {
        room.rows[k][p] = at(x, plane, i0 + p / g.outW(), p % g.outW(), kh, kw, g);
      }
    }
    for (int o = group * out; o < (group + 1) * out; o++) {
      System.arraycopy(w, o * depth, room.left, 0, depth);
      Arrays.fill(room.line, 0, n, 0);
      ScalarGemmF32.chain(room.line, room.left, room.rows, depth, n);
      int to = (image * given.n(1) + o) * g.positions() + i0 * g.outW();
      if (bias == null) {
        System.arraycopy(room.line, 0, y, to, n);
      } else {
        for (int p = 0; p < n; p++) {
          y[to + p] = room.line[p] + bias[o];
        }
      }
    }
    ROOMS.giveBack(room);
  }

  @Override
  public void convInput(
      float[] dy, float[] w, float[] dx, int images, int in, int out, int groups, Geometry g) {
    Ranges.<float[]>on(null)
        .array(dy)
        .array(w)
        .array(dx)
        .geometry(g)
        .size(in)
        .size(out)
        .size(groups)
        .run(
            images * groups,
            1,
            (r, from, to) -> {
              for (int task = from; task < to; task++) {
                convInput(r, task);
              }
            });
  }

  /** The planes of one image and group. */
  private static void convInput(Ranges<float[]> given, int task) {
    float[] w = given.array(1);
    float[] dx = given.array(2);
    Geometry g = given.geometry();
    int groups = given.n(2);
    int channels = given.n(0) / groups;
    int depth = given.n(1) / groups;
    int positions = g.positions();
    int image = task / groups;
    int group = task % groups;
    Room room = ROOMS.borrow().fit(depth, positions, depth);
    for (int o = 0; o < depth; o++) {
      int from = (image * given.n(1) + group * depth + o) * positions;
      System.arraycopy(given.array(0), from, room.rows[o], 0, positions);
    }
    for (int c = 0; c < channels; c++) {
      int plane = (image * given.n(0) + group * channels + c) * g.plane();
      Arrays.fill(dx, plane, plane + g.plane(), 0);
      for (int k = 0; k < g.window(); k++) {
        for (int o = 0; o < depth; o++) {
          room.left[o] = w[((group * depth + o) * channels + c) * g.window() + k];
        }
        Arrays.fill(room.line, 0, positions, 0);
        ScalarGemmF32.chain(room.line, room.left, room.rows, depth, positions);
        add(room.line, 0, dx, plane, k, g);
      }
    }
    ROOMS.giveBack(room);
  }

  @Override
  public void convWeight(
      float[] dy, float[] x, float[] dw, int images, int in, int out, int groups, Geometry g) {
    int depth = in / groups * g.window();
    int chunk = WindowKernels.chunk(images, (long) out * depth);
    int chunks = Split.tasks(images, chunk);
    Room sums = ROOMS.borrow().fit(chunks * out, depth, 0);
    Ranges.<float[]>on(null)
        .array(dy)
        .array(x)
        .function(sums)
        .geometry(g)
        .size(in)
        .size(out)
        .size(groups)
        .size(images)
        .size(chunk)
        .run(
            chunks * groups,
            1,
            (r, from, to) -> {
              for (int task = from; task < to; task++) {
                convWeight(r, task);
              }
            });
    Arrays.fill(dw, 0, out * depth, 0);
    for (int c = 0; c < chunks; c++) {
      for (int i = 0; i < out * depth; i++) {
        float s = sums.rows[c * out + i / depth][i % depth];
        dw[i] = c == 0 ? s : dw[i] + s;
      }
    }
    ROOMS.giveBack(sums);
  }

  /** The chains of one chunk of images and one group. */
  private static void convWeight(Ranges<float[]> given, int task) {
    float[][] sums = ((Room) given.function()).rows;
    Geometry g = given.geometry();
    int out = given.n(1);
    int groups = given.n(2);
    int depth = given.n(0) / groups * g.window();
    int outs = out / groups;
    int group = task % groups;
    int chunk = task / groups;
    int block = rows(depth, g);
    Room room = ROOMS.borrow().fit(Math.min(block, g.outH()) * g.outW(), depth, block * g.outW());
    for (int o = group * outs; o < (group + 1) * outs; o++) {
      Arrays.fill(sums[chunk * out + o], 0, depth, 0);
    }
    int first = chunk * given.n(4);
    int end = Split.end(first, given.n(4), given.n(3));
    for (int image = first; image < end; image++) {
      int channel = (image * groups + group) * (given.n(0) / groups);
      for (int i0 = 0; i0 < g.outH(); i0 += block) {
        int n = Math.min(block, g.outH() - i0) * g.outW();
        windows(given.array(1), channel, i0, n, depth, g, room.rows);
        for (int o = group * outs; o < (group + 1) * outs; o++) {
          int from = (image * out + o) * g.positions() + i0 * g.outW();
          System.arraycopy(given.array(0), from, room.left, 0, n);
          ScalarGemmF32.chain(sums[chunk * out + o], room.left, room.rows, n, depth);
        }
      }
    }
    ROOMS.giveBack(room);
  }

  /** Each of n windows, from row i0 on, in an array of its own. */
  private static void windows(
      float[] x, int channel, int i0, int n, int depth, Geometry g, float[][] rows) {
    for (int p = 0; p < n; p++) {
      for (int k = 0; k < depth; k++) {
        int plane = (channel + k / g.window()) * g.plane();
        int kh = k % g.window() / g.kernelW();
        rows[p][k] = at(x, plane, i0 + p / g.outW(), p % g.outW(), kh, k % g.kernelW(), g);
      }
    }
  }

  /** Where chains of multiply-adds are computed. */
  private static final class Room {
    private float[][] rows = {};
    private float[] left = {};
    private float[] line = {};

    /** With at least so many rows of n elements, and as many left-hand sides. */
    Room fit(int count, int n, int lefts) {
      if (rows.length < count) {
        int had = rows.length;
        rows = Arrays.copyOf(rows, count);
        Arrays.fill(rows, had, count, new float[0]);
      }
      for (int r = 0; r < count; r++) {
        if (rows[r].length < n) {
          rows[r] = new float[n];
        }
      }
      if (left.length < lefts) {
        left = new float[lefts];
      }
      if (line.length < n) {
        line = new float[n];
      }
      return this;
    }
  }

  @Override
  public void maxPool(float[] x, float[] y, int from, int to, Geometry g) {
    int outH = g.outH();
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      for (int i = 0; i < outH; i++) {
        for (int j = 0; j < outW; j++) {
          int best = largest(x, p * g.plane(), i, j, g);
          y[(p * outH + i) * outW + j] = best < 0 ? Float.NEGATIVE_INFINITY : x[best];
        }
      }
    }
  }

  /** Where the largest element of a window stands; −1 if that is the padding. */
  private static int largest(float[] x, int plane, int i, int j, Geometry g) {
    int row0 = i * g.strideH() - g.paddingH();
    int column0 = j * g.strideW() - g.paddingW();
    int best = -1;
    float value = Float.NEGATIVE_INFINITY;
    boolean none = row0 >= 0 && column0 >= 0;
    for (int kh = 0; kh < g.kernelH(); kh++) {
      int row = row0 + kh * g.dilationH();
      if (row < 0 || row >= g.height()) {
        continue;
      }
      for (int kw = 0; kw < g.kernelW(); kw++) {
        int column = column0 + kw * g.dilationW();
        if (column < 0 || column >= g.width()) {
          continue;
        }
        int at = plane + row * g.width() + column;
        float v = x[at];
        if (none || v > value || (Float.isNaN(v) && !Float.isNaN(value))) {
          best = at;
          value = v;
          none = false;
        }
      }
    }
    return best;
  }

  @Override
  public void maxPoolBackward(
      float[] gradient, float[] x, float[] dx, int from, int to, Geometry g) {
    int outH = g.outH();
    int outW = g.outW();
    Arrays.fill(dx, from * g.plane(), to * g.plane(), 0);
    for (int p = from; p < to; p++) {
      for (int i = 0; i < outH; i++) {
        for (int j = 0; j < outW; j++) {
          int best = largest(x, p * g.plane(), i, j, g);
          if (best >= 0) {
            dx[best] += gradient[(p * outH + i) * outW + j];
          }
        }
      }
    }
  }

  @Override
  public void avgPool(float[] x, float[] y, int from, int to, boolean padding, Geometry g) {
    int outH = g.outH();
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      for (int i = 0; i < outH; i++) {
        for (int j = 0; j < outW; j++) {
          float sum = 0;
          for (int kh = 0; kh < g.kernelH(); kh++) {
            int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
            for (int kw = 0; kw < g.kernelW() && row >= 0 && row < g.height(); kw++) {
              int column = j * g.strideW() + kw * g.dilationW() - g.paddingW();
              if (column >= 0 && column < g.width()) {
                sum += x[p * g.plane() + row * g.width() + column];
              }
            }
          }
          y[(p * outH + i) * outW + j] = sum / Windows.count(i, j, padding, g);
        }
      }
    }
  }

  @Override
  public void avgPoolBackward(
      float[] gradient, float[] dx, int from, int to, boolean padding, Geometry g) {
    int outH = g.outH();
    int outW = g.outW();
    Arrays.fill(dx, from * g.plane(), to * g.plane(), 0);
    for (int p = from; p < to; p++) {
      for (int i = 0; i < outH; i++) {
        for (int j = 0; j < outW; j++) {
          float share = gradient[(p * outH + i) * outW + j] / Windows.count(i, j, padding, g);
          for (int kh = 0; kh < g.kernelH(); kh++) {
            int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
            for (int kw = 0; kw < g.kernelW() && row >= 0 && row < g.height(); kw++) {
              int column = j * g.strideW() + kw * g.dilationW() - g.paddingW();
              if (column >= 0 && column < g.width()) {
                dx[p * g.plane() + row * g.width() + column] += share;
              }
            }
          }
        }
      }
    }
  }
}
