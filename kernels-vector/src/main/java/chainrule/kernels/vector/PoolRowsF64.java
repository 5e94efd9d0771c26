package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Pool;
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
 * so that for each element of a window what neighbouring windows have there lies side by side. Rows
 * end in whole vectors; what is computed beyond the last window is dropped, or adds zeros, which
 * change nothing: a sum that began at 0 is never −0.
 *
 * <p>A gradient goes to the elements of a window from its last column to its first: so each element
 * of a plane gets what its windows have for it in the order of the windows.
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

  /** Where element k of the first window stands, from where its first row begins. */
  private int[] off = {};

  private double[] plane = NONE;
  private double[] line = NONE;
  private double[] row = NONE;
  private double[] result = NONE;

  /** The places that windows of a row begin with: 0, or −1 where they begin in the padding. */
  private double[] places = NONE;

  /** By how many columns a window of a row is divided. */
  private double[] counts = NONE;

  private PoolRowsF64() {}

  /** Whether these windows run here. */
  static boolean take(Geometry g) {
    long width = g.width() + 2L * g.paddingW() + (long) g.strideW() * 2 * L;
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
    phases = Math.min(stride, reach + 1);
    int whole = Math.ceilDiv(g.outW(), L) * L;
    pitch = whole + reach / stride;
    int window = g.window();
    if (off.length < window) {
      off = new int[window];
    }
    for (int k = 0; k < window; k++) {
      int right = k % g.kernelW() * g.dilationW();
      off[k] =
          k / g.kernelW() * g.dilationH() * phases * pitch
              + right % stride * pitch
              + right / stride;
    }
    plane = room(plane, g.height() * phases * pitch);
    line = room(line, Math.max(stride * (pitch + 2 * L), g.width() + g.paddingW()));
    row = room(row, whole);
    result = room(result, whole);
    places = room(places, whole);
    counts = room(counts, whole);
    for (int j = 0; j < whole; j++) {
      int column = j * stride - g.paddingW();
      places[j] = column < 0 ? -1 : 0;
      int count = 0;
      for (int kw = 0; kw < g.kernelW(); kw++) {
        int at = column + kw * g.dilationW();
        count += at >= 0 && at < g.width() ? 1 : 0;
      }
      counts[j] = count;
    }
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
    int left = g.paddingW();
    Arrays.fill(line, padding);
    for (int r = 0; r < g.height(); r++) {
      System.arraycopy(x, from + r * width, line, left, width);
      int to = r * phases * pitch;
      if (g.strideW() == 1) {
        System.arraycopy(line, 0, plane, to, pitch);
      } else if (g.strideW() == 2 && phases == 2) {
        apart(line, plane, to, to + pitch, S.loopBound(pitch));
        for (int m = S.loopBound(pitch); m < pitch; m++) {
          plane[to + m] = line[2 * m];
          plane[to + pitch + m] = line[2 * m + 1];
        }
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
  private static void apart(double[] line, double[] y, int even, int odd, int n) {
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
    int left = g.paddingW();
    int stride = g.strideW();
    Arrays.fill(line, 0);
    for (int r = 0; r < g.height(); r++) {
      int from = r * phases * pitch;
      if (stride == 1) {
        System.arraycopy(plane, from, line, 0, pitch);
      } else if (stride == 2 && phases == 2) {
        together(plane, from, from + pitch, line, S.loopBound(pitch));
        for (int m = S.loopBound(pitch); m < pitch; m++) {
          line[2 * m] = plane[from + m];
          line[2 * m + 1] = plane[from + pitch + m];
        }
      } else {
        for (int b = 0; b < phases; b++) {
          for (int m = 0; m < pitch; m++) {
            line[m * stride + b] = plane[from + b * pitch + m];
          }
        }
      }
      System.arraycopy(line, left, x, to + r * width, width);
    }
  }

  private static void together(double[] x, int even, int odd, double[] line, int n) {
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
    PoolRowsF64 slopes = on(g);
    int outW = g.outW();
    Arrays.fill(rows.row, 0);
    for (int p = from; p < to; p++) {
      rows.lay(x, p * g.plane(), Double.NEGATIVE_INFINITY);
      Arrays.fill(slopes.plane, 0, g.height() * slopes.phases * slopes.pitch, 0);
      for (int i = 0; i < g.outH(); i++) {
        int at = rows.base(i);
        int k0 = rows.firstRow(i) * g.kernelW();
        int k1 = rows.endRow(i) * g.kernelW();
        boolean above = i * g.strideH() < g.paddingH();
        if (above) {
          Arrays.fill(slopes.places, -1);
        }
        double[] first = above ? slopes.places : rows.places;
        place(rows.plane, at, rows.off, k0, k1, first, rows.result, outW);
        System.arraycopy(gradient, (p * g.outH() + i) * outW, rows.row, 0, outW);
        for (int kw = g.kernelW() - 1; kw >= 0; kw--) {
          for (int k = k0 + kw; k < k1; k += g.kernelW()) {
            add(rows.row, rows.result, k, slopes.plane, at + rows.off[k], outW);
          }
        }
      }
      slopes.collect(dx, p * g.plane());
    }
    POOL.giveBack(rows);
    POOL.giveBack(slopes);
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

  /** Adds the gradients of those windows whose place is k. */
  private static void add(double[] gradient, double[] places, int k, double[] dx, int at, int n) {
    for (int j = 0; j < n; j += L) {
      VectorMask<Double> here =
          DoubleVector.fromArray(S, places, j).compare(VectorOperators.EQ, (double) k);
      DoubleVector g = DoubleVector.zero(S).blend(DoubleVector.fromArray(S, gradient, j), here);
      DoubleVector.fromArray(S, dx, at + j).add(g).intoArray(dx, at + j);
    }
  }

  static void mean(double[] x, double[] y, int from, int to, boolean padding, Geometry g) {
    PoolRowsF64 rows = on(g);
    int outW = g.outW();
    for (int p = from; p < to; p++) {
      rows.lay(x, p * g.plane(), 0);
      for (int i = 0; i < g.outH(); i++) {
        int r0 = rows.firstRow(i);
        int r1 = rows.endRow(i);
        int k0 = r0 * g.kernelW();
        int k1 = r1 * g.kernelW();
        if (padding) {
          sum(rows.plane, rows.base(i), rows.off, k0, k1, g.window(), rows.result, outW);
        } else {
          double[] counts = rows.counts;
          sum(rows.plane, rows.base(i), rows.off, k0, k1, counts, r1 - r0, rows.result, outW);
        }
        System.arraycopy(rows.result, 0, y, (p * g.outH() + i) * outW, outW);
      }
    }
    POOL.giveBack(rows);
  }

  private static void sum(
      double[] x, int at, int[] off, int k0, int k1, double count, double[] y, int n) {
    for (int j = 0; j < n; j += L) {
      DoubleVector sum = DoubleVector.zero(S);
      for (int k = k0; k < k1; k++) {
        sum = sum.add(DoubleVector.fromArray(S, x, at + off[k] + j));
      }
      sum.div(count).intoArray(y, j);
    }
  }

  private static void sum(
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
    int outW = g.outW();
    Arrays.fill(rows.row, 0);
    for (int p = from; p < to; p++) {
      Arrays.fill(rows.plane, 0, g.height() * rows.phases * rows.pitch, 0);
      for (int i = 0; i < g.outH(); i++) {
        int r0 = rows.firstRow(i);
        int r1 = rows.endRow(i);
        System.arraycopy(gradient, (p * g.outH() + i) * outW, rows.row, 0, outW);
        for (int j = 0; j < outW; j++) {
          rows.row[j] /= padding ? g.window() : rows.counts[j] * (r1 - r0);
        }
        for (int kw = g.kernelW() - 1; kw >= 0; kw--) {
          for (int k = r0 * g.kernelW() + kw; k < r1 * g.kernelW(); k += g.kernelW()) {
            add(rows.row, rows.plane, rows.base(i) + rows.off[k], outW);
          }
        }
      }
      rows.collect(dx, p * g.plane());
    }
    POOL.giveBack(rows);
  }

  static void fold(double[] columns, double[] x, int from, int to, Geometry g) {
    PoolRowsF64 rows = on(g);
    int outW = g.outW();
    Arrays.fill(rows.row, 0);
    for (int p = from; p < to; p++) {
      Arrays.fill(rows.plane, 0, g.height() * rows.phases * rows.pitch, 0);
      for (int k = 0; k < g.window(); k++) {
        int kh = k / g.kernelW();
        for (int i = 0; i < g.outH(); i++) {
          if (kh >= rows.firstRow(i) && kh < rows.endRow(i)) {
            int line = (p * g.window() + k) * g.positions() + i * outW;
            System.arraycopy(columns, line, rows.row, 0, outW);
            add(rows.row, rows.plane, rows.base(i) + rows.off[k], outW);
          }
        }
      }
      rows.collect(x, p * g.plane());
    }
    POOL.giveBack(rows);
  }

  private static void add(double[] row, double[] x, int at, int n) {
    for (int j = 0; j < n; j += L) {
      DoubleVector.fromArray(S, x, at + j)
          .add(DoubleVector.fromArray(S, row, j))
          .intoArray(x, at + j);
    }
  }
}
