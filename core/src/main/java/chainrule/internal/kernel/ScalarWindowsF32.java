package chainrule.internal.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The specification of the loops over windows on planes of {@code float[]}. */
public class ScalarWindowsF32 implements WindowKernels<float[]> {
  static final ScalarWindowsF32 INSTANCE = new ScalarWindowsF32();

  /** Elements of windows that are unfolded at once. */
  private static final int UNFOLDED = 1 << 16;

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
    int depth = in / groups * g.window();
    int rows = rows(depth, g);
    int blocks = Split.tasks(g.outH(), rows);
    Threads.forEach(
        images * groups * blocks,
        t -> {
          int i0 = t % blocks * rows;
          int i1 = Split.end(i0, rows, g.outH());
          int group = t / blocks % groups;
          int image = t / blocks / groups;
          int channel = image * in + group * (in / groups);
          conv(x, w, bias, y, channel, image * out, out / groups, group, depth, i0, i1, g);
        });
  }

  private static void conv(
      float[] x,
      float[] w,
      float @Nullable [] bias,
      float[] y,
      int channel,
      int planes,
      int out,
      int group,
      int depth,
      int i0,
      int i1,
      Geometry g) {
    int n = (i1 - i0) * g.outW();
    var rows = new float[depth][n];
    for (int k = 0; k < depth; k++) {
      int plane = (channel + k / g.window()) * g.plane();
      int kh = k % g.window() / g.kernelW();
      int kw = k % g.kernelW();
      for (int p = 0; p < n; p++) {
        rows[k][p] = at(x, plane, i0 + p / g.outW(), p % g.outW(), kh, kw, g);
      }
    }
    var line = new float[n];
    var left = new float[depth];
    for (int o = group * out; o < (group + 1) * out; o++) {
      System.arraycopy(w, o * depth, left, 0, depth);
      Arrays.fill(line, 0);
      ScalarGemmF32.chain(line, left, rows, left.length, line.length);
      int to = (planes + o) * g.positions() + i0 * g.outW();
      if (bias == null) {
        System.arraycopy(line, 0, y, to, n);
      } else {
        for (int p = 0; p < n; p++) {
          y[to + p] = line[p] + bias[o];
        }
      }
    }
  }

  @Override
  public void convInput(
      float[] dy, float[] w, float[] dx, int images, int in, int out, int groups, Geometry g) {
    int channels = in / groups;
    int depth = out / groups;
    int positions = g.positions();
    Threads.forEach(
        images * groups,
        t -> {
          int image = t / groups;
          int group = t % groups;
          var rows = new float[depth][positions];
          for (int o = 0; o < depth; o++) {
            int from = (image * out + group * depth + o) * positions;
            System.arraycopy(dy, from, rows[o], 0, positions);
          }
          var line = new float[positions];
          var left = new float[depth];
          for (int c = 0; c < channels; c++) {
            int plane = (image * in + group * channels + c) * g.plane();
            Arrays.fill(dx, plane, plane + g.plane(), 0);
            for (int k = 0; k < g.window(); k++) {
              for (int o = 0; o < depth; o++) {
                left[o] = w[((group * depth + o) * channels + c) * g.window() + k];
              }
              Arrays.fill(line, 0);
              ScalarGemmF32.chain(line, left, rows, left.length, line.length);
              add(line, 0, dx, plane, k, g);
            }
          }
        });
  }

  @Override
  public void convWeight(
      float[] dy, float[] x, float[] dw, int images, int in, int out, int groups, Geometry g) {
    int depth = in / groups * g.window();
    int chunk = WindowKernels.chunk(images, (long) out * depth);
    int chunks = Split.tasks(images, chunk);
    var sums = new float[chunks][out][depth];
    Threads.forEach(
        chunks * groups,
        t -> {
          int first = t / groups * chunk;
          int end = Split.end(first, chunk, images);
          for (int image = first; image < end; image++) {
            chains(dy, x, sums[t / groups], image, t % groups, in, out, groups, depth, g);
          }
        });
    Arrays.fill(dw, 0, out * depth, 0);
    for (int c = 0; c < chunks; c++) {
      for (int i = 0; i < out * depth; i++) {
        float s = sums[c][i / depth][i % depth];
        dw[i] = c == 0 ? s : dw[i] + s;
      }
    }
  }

  /** The steps that one image adds to every chain of a group. */
  private static void chains(
      float[] dy,
      float[] x,
      float[][] sums,
      int image,
      int group,
      int in,
      int out,
      int groups,
      int depth,
      Geometry g) {
    int block = rows(depth, g);
    int outs = out / groups;
    int channel = image * in + group * (in / groups);
    for (int i0 = 0; i0 < g.outH(); i0 += block) {
      int n = Math.min(block, g.outH() - i0) * g.outW();
      var windows = new float[n][depth];
      for (int p = 0; p < n; p++) {
        for (int k = 0; k < depth; k++) {
          int plane = (channel + k / g.window()) * g.plane();
          int kh = k % g.window() / g.kernelW();
          windows[p][k] = at(x, plane, i0 + p / g.outW(), p % g.outW(), kh, k % g.kernelW(), g);
        }
      }
      var left = new float[n];
      for (int o = group * outs; o < (group + 1) * outs; o++) {
        int from = (image * out + o) * g.positions() + i0 * g.outW();
        System.arraycopy(dy, from, left, 0, n);
        ScalarGemmF32.chain(sums[o], left, windows, left.length, sums[o].length);
      }
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
