package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Pool;
import chainrule.internal.kernel.Windows;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pooling over {@code double[]}, neighbouring windows of a row side by side in vectors.
 *
 * <p>A row of a plane, with its padding, is laid out by the remainders of its columns by strideW,
 * so that for each element of a window what neighbouring windows have there lies side by side. What
 * is computed beyond the last window is dropped, or is 0.
 *
 * <p>Backward, neighbouring elements of a row collect what their windows have for them, from the
 * last row and column of a window to its first: that is the order of the windows. What is no
 * window's, or another element's, adds 0, which changes nothing: a sum that began at 0 is never −0.
 */
final class PoolRowsF64 {
  private static final VectorSpecies<Double> S = MicroF64.S;
  private static final int L = MicroF64.L;

  private static final VectorShuffle<Double> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % L);
  private static final VectorShuffle<Double> ODD = VectorShuffle.fromOp(S, i -> (2 * i + 1) % L);
  private static final VectorShuffle<Double> LOW = VectorShuffle.fromOp(S, i -> i / 2);
  private static final VectorShuffle<Double> HIGH = VectorShuffle.fromOp(S, i -> (L + i) / 2);
  private static final VectorMask<Double> UPPER = VectorMask.fromLong(S, -1L << L / 2);
  private static final VectorMask<Double> ODDS = VectorMask.fromLong(S, 0xaaaa_aaaa_aaaa_aaaaL);

  /** Fewer windows side by side are not worth it. */
  private static final int FEW = 4;

  /** Elements of a plane, laid out, at most: the second-level cache should hold them. */
  private static final int MOST = 1 << 20;

  private static final Geometry POINT = new Geometry(1, 1, 1, 1, 1, 1, 0, 0, 1, 1);
  private static final double[] NONE = {};
  private static final Pool<PoolRowsF64> POOL = new Pool<>(PoolRowsF64::new);

  private Geometry g = POINT;

  /** How many remainders of columns windows touch, and elements of each that are laid out. */
  private int phases;

  private int pitch;

  /** How many windows to the left of its own an element may be reached by. */
  private int left;

  /** From one row of windows to the next where they are laid out. */
  private int apart;

  /** Where element k of the first window stands, from where its first row begins. */
  private int[] off = {};

  /**
   * The elements of windows that one row of elements is reached as, and where these windows are.
   */
  private int[] elements = {};

  private int[] places = {};
  private double[] plane = NONE;
  private double[] line = NONE;
  private double[] result = NONE;

  /** What windows begin with as their place: 0, or −1 where they begin in the padding. */
  private double[] first = NONE;

  private double[] outside = NONE;

  /** How many columns of each window of a row count. */
  private double[] counts = NONE;

  /** One number for each window, with zeros around. */
  private double[] gradients = NONE;

  /** Which of its elements is the largest of each window. */
  private double[] largest = NONE;

  private PoolRowsF64() {}

  /** Whether these windows run here. */
  static boolean take(Geometry g) {
    long width = g.width() + 2L * g.paddingW() + 4L * g.strideW() * L;
    return g.outW() >= FEW && g.strideW() <= 8 && width * g.height() <= MOST;
  }

  private static PoolRowsF64 on(Geometry g) {
    PoolRowsF64 rows = POOL.borrow();
    rows.set(g);
    return rows;
  }

  private void set(Geometry geometry) {
    g = geometry;
    int reach = (g.kernelW() - 1) * g.dilationW();
    int stride = g.strideW();
    int window = g.window();
    phases = Math.min(stride, reach + 1);
    left = reach / stride;
    int whole = Math.ceilDiv(g.outW(), L) * L;
    pitch = Math.ceilDiv(whole + left, L) * L;
    apart = left + pitch;
    if (off.length < window) {
      off = new int[window];
      elements = new int[window];
      places = new int[window];
    }
    for (int k = 0; k < window; k++) {
      int right = k % g.kernelW() * g.dilationW();
      int row = k / g.kernelW() * g.dilationH();
      off[k] = (row * phases + right % stride) * pitch + right / stride;
    }
    plane = room(plane, g.height() * phases * pitch);
    line = room(line, Math.max(stride * pitch, g.width() + g.paddingW()));
    result = room(result, whole);
    counts = room(counts, whole);
  }

  private static double[] room(double[] have, int n) {
    return have.length < n ? new double[n] : have;
  }

  /** Where, in the plane as it is laid out, the first window of row i begins; may be before it. */
  private int base(int i) {
    return (i * g.strideH() - g.paddingH()) * phases * pitch;
  }

  /** The first row of a window of row i that lies in the plane. */
  private int firstRow(int i) {
    return Math.max(0, Math.ceilDiv(g.paddingH() - i * g.strideH(), g.dilationH()));
  }

  /** The row of a window of row i after the last that lies in the plane. */
  private int endRow(int i) {
    int below = g.height() + g.paddingH() - i * g.strideH();
    return Math.min(g.kernelH(), Math.ceilDiv(below, g.dilationH()));
  }

  /** Lays out a plane with this number in the padding. */
  private void lay(double[] x, int from, double padding) {
    int width = g.width();
    Arrays.fill(line, padding);
    for (int r = 0; r < g.height(); r++) {
      System.arraycopy(x, from + r * width, line, g.paddingW(), width);
      int to = r * phases * pitch;
      if (g.strideW() == 1) {
        System.arraycopy(line, 0, plane, to, pitch);
      } else if (g.strideW() == 2 && phases == 2) {
        split(line, plane, to, to + pitch, pitch);
      } else {
        for (int b = 0; b < phases; b++) {
          for (int m = 0; m < pitch; m++) {
            plane[to + b * pitch + m] = line[m * g.strideW() + b];
          }
        }
      }
    }
  }

  /** Elements 0, 2, 4 … and 1, 3, 5 … of a line, n of each. */
  private static void split(double[] line, double[] y, int even, int odd, int n) {
    for (int m = 0; m < n; m += L) {
      DoubleVector u = DoubleVector.fromArray(S, line, 2 * m);
      DoubleVector v = DoubleVector.fromArray(S, line, 2 * m + L);
      u.rearrange(EVEN).blend(v.rearrange(EVEN), UPPER).intoArray(y, even + m);
      u.rearrange(ODD).blend(v.rearrange(ODD), UPPER).intoArray(y, odd + m);
    }
  }

  /** The other way round: a plane as it is laid out becomes the elements that it stands for. */
  private void collect(double[] x, int to) {
    int width = g.width();
    int stride = g.strideW();
    Arrays.fill(line, 0);
    for (int r = 0; r < g.height(); r++) {
      int from = r * phases * pitch;
      if (stride == 1) {
        System.arraycopy(plane, from, line, 0, pitch);
      } else if (stride == 2 && phases == 2) {
        join(plane, from, from + pitch, line, pitch);
      } else {
        for (int b = 0; b < phases; b++) {
          for (int m = 0; m < pitch; m++) {
            line[m * stride + b] = plane[from + b * pitch + m];
          }
        }
      }
      System.arraycopy(line, g.paddingW(), x, to + r * width, width);
    }
  }

  private static void join(double[] x, int even, int odd, double[] line, int n) {
    for (int m = 0; m < n; m += L) {
      DoubleVector u = DoubleVector.fromArray(S, x, even + m);
      DoubleVector v = DoubleVector.fromArray(S, x, odd + m);
      u.rearrange(LOW).blend(v.rearrange(LOW), ODDS).intoArray(line, 2 * m);
      u.rearrange(HIGH).blend(v.rearrange(HIGH), ODDS).intoArray(line, 2 * m + L);
    }
  }

  static void max(double[] x, double[] y, int from, int to, Geometry g) {
    PoolRowsF64 rows = on(g);
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      rows.lay(x, p * g.plane(), Double.NEGATIVE_INFINITY);
      for (int i = 0; i < g.outH(); i++) {
        int k0 = rows.firstRow(i) * g.kernelW();
        int k1 = rows.endRow(i) * g.kernelW();
        largest(rows.plane, rows.base(i), rows.off, k0, k1, rows.result, outW);
        System.arraycopy(rows.result, 0, y, (p * g.outH() + i) * outW, outW);
      }
    }
    POOL.giveBack(rows);
  }

  private static void largest(double[] x, int at, int[] off, int k0, int k1, double[] y, int n) {
    for (int j = 0; j < n; j += L) {
      DoubleVector best = DoubleVector.broadcast(S, Double.NEGATIVE_INFINITY);
      for (int k = k0; k < k1; k++) {
        DoubleVector v = DoubleVector.fromArray(S, x, at + off[k] + j);
        VectorMask<Double> more =
            v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v));
        best = best.blend(v, more);
      }
      best.intoArray(y, j);
    }
  }

  static void maxBackward(
      double[] gradient, double[] x, double[] dx, int from, int to, Geometry g) {
    PoolRowsF64 rows = on(g);
    rows.begin();
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      rows.lay(x, p * g.plane(), Double.NEGATIVE_INFINITY);
      for (int i = 0; i < g.outH(); i++) {
        int k0 = rows.firstRow(i) * g.kernelW();
        int k1 = rows.endRow(i) * g.kernelW();
        double[] none = i * g.strideH() < g.paddingH() ? rows.outside : rows.first;
        place(rows.plane, rows.base(i), rows.off, k0, k1, none, rows.result, outW);
        int at = i * rows.apart + rows.left;
        System.arraycopy(rows.result, 0, rows.largest, at, outW);
        System.arraycopy(gradient, (p * g.outH() + i) * outW, rows.gradients, at, outW);
      }
      for (int r = 0; r < g.height(); r++) {
        for (int b = 0; b < rows.phases; b++) {
          int n = rows.reached(r, b);
          int at = (r * rows.phases + b) * rows.pitch;
          pull(
              rows.gradients,
              rows.largest,
              rows.elements,
              rows.places,
              n,
              rows.plane,
              at,
              rows.pitch);
        }
      }
      rows.collect(dx, p * g.plane());
    }
    POOL.giveBack(rows);
  }

  /** Makes room for what is known of each window, with zeros around. */
  private void begin() {
    int windows = g.outH() * apart;
    gradients = room(gradients, windows);
    Arrays.fill(gradients, 0, windows, 0);
    largest = room(largest, windows);
    int whole = Math.ceilDiv(g.outW(), L) * L;
    first = room(first, whole);
    outside = room(outside, whole);
    Arrays.fill(outside, 0, whole, -1);
    for (int j = 0; j < whole; j++) {
      first[j] = j * g.strideW() < g.paddingW() ? -1 : 0;
    }
  }

  /**
   * Finds the windows that reach the elements of row r whose columns leave remainder b, and as
   * which of their elements; returns how many they are for each of these.
   */
  private int reached(int r, int b) {
    int n = 0;
    for (int kh = g.kernelH() - 1; kh >= 0; kh--) {
      int down = r + g.paddingH() - kh * g.dilationH();
      if (down < 0 || down % g.strideH() != 0 || down / g.strideH() >= g.outH()) {
        continue;
      }
      int at = down / g.strideH() * apart + left;
      for (int kw = g.kernelW() - 1; kw >= 0; kw--) {
        int right = kw * g.dilationW();
        if (right % g.strideW() == b) {
          elements[n] = kh * g.kernelW() + kw;
          places[n] = at - right / g.strideW();
          n++;
        }
      }
    }
    return n;
  }

  private static void pull(
      double[] gradients,
      double[] largest,
      int[] elements,
      int[] places,
      int count,
      double[] y,
      int yo,
      int n) {
    for (int m = 0; m < n; m += L) {
      DoubleVector sum = DoubleVector.zero(S);
      for (int q = 0; q < count; q++) {
        DoubleVector g = DoubleVector.fromArray(S, gradients, places[q] + m);
        DoubleVector k = DoubleVector.fromArray(S, largest, places[q] + m);
        sum =
            sum.add(
                DoubleVector.zero(S).blend(g, k.compare(VectorOperators.EQ, (double) elements[q])));
      }
      sum.intoArray(y, yo + m);
    }
  }

  /** Which element of each window is the largest. */
  private static void place(
      double[] x, int at, int[] off, int k0, int k1, double[] first, double[] y, int n) {
    for (int j = 0; j < n; j += L) {
      DoubleVector best = DoubleVector.broadcast(S, Double.NEGATIVE_INFINITY);
      DoubleVector place = DoubleVector.fromArray(S, first, j);
      for (int k = k0; k < k1; k++) {
        DoubleVector v = DoubleVector.fromArray(S, x, at + off[k] + j);
        VectorMask<Double> number = best.compare(VectorOperators.EQ, best);
        VectorMask<Double> more =
            v.compare(VectorOperators.GT, best).or(v.compare(VectorOperators.NE, v).and(number));
        best = best.blend(v, more);
        place = place.blend((double) k, more);
      }
      place.intoArray(y, j);
    }
  }

  /** The columns of each window of a row that count. */
  private void count(boolean padding) {
    for (int j = 0; j < g.outW(); j++) {
      counts[j] = Windows.columns(j, padding, g);
    }
  }

  static void mean(double[] x, double[] y, int from, int to, boolean padding, Geometry g) {
    PoolRowsF64 rows = on(g);
    rows.count(padding);
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      rows.lay(x, p * g.plane(), 0);
      for (int i = 0; i < g.outH(); i++) {
        int k0 = rows.firstRow(i) * g.kernelW();
        int k1 = rows.endRow(i) * g.kernelW();
        double high = Windows.rows(i, padding, g);
        mean(rows.plane, rows.base(i), rows.off, k0, k1, rows.counts, high, rows.result, outW);
        System.arraycopy(rows.result, 0, y, (p * g.outH() + i) * outW, outW);
      }
    }
    POOL.giveBack(rows);
  }

  private static void mean(
      double[] x,
      int at,
      int[] off,
      int k0,
      int k1,
      double[] counts,
      double rows,
      double[] y,
      int n) {
    for (int j = 0; j < n; j += L) {
      DoubleVector sum = DoubleVector.zero(S);
      for (int k = k0; k < k1; k++) {
        sum = sum.add(DoubleVector.fromArray(S, x, at + off[k] + j));
      }
      sum.div(DoubleVector.fromArray(S, counts, j).mul(rows)).intoArray(y, j);
    }
  }

  static void meanBackward(
      double[] gradient, double[] dx, int from, int to, boolean padding, Geometry g) {
    PoolRowsF64 rows = on(g);
    rows.begin();
    rows.count(padding);
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      for (int i = 0; i < g.outH(); i++) {
        int at = i * rows.apart + rows.left;
        int high = Windows.rows(i, padding, g);
        for (int j = 0; j < outW; j++) {
          double share = gradient[(p * g.outH() + i) * outW + j] / (rows.counts[j] * high);
          rows.gradients[at + j] = share;
        }
      }
      for (int r = 0; r < g.height(); r++) {
        for (int b = 0; b < rows.phases; b++) {
          int n = rows.reached(r, b);
          int at = (r * rows.phases + b) * rows.pitch;
          pull(rows.gradients, rows.places, n, rows.plane, at, rows.pitch);
        }
      }
      rows.collect(dx, p * g.plane());
    }
    POOL.giveBack(rows);
  }

  private static void pull(double[] gradients, int[] places, int count, double[] y, int yo, int n) {
    for (int m = 0; m < n; m += L) {
      DoubleVector sum = DoubleVector.zero(S);
      for (int q = 0; q < count; q++) {
        sum = sum.add(DoubleVector.fromArray(S, gradients, places[q] + m));
      }
      sum.intoArray(y, yo + m);
    }
  }
}
