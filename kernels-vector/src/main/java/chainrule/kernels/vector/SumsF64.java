package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of {@code double[]} along an axis, in the order of the specification.
 *
 * <p>A lane that takes no part holds −0: adding −0 changes no number, not even a zero.
 */
final class SumsF64 {
  private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int CHUNK = 256;

  /** Columns that are summed together: as many as leave the nearest cache room for the rows. */
  private static final int COLUMNS = 1024;

  private static final ThreadLocal<double[]> ROOM =
      ThreadLocal.withInitial(() -> new double[COLUMNS]);
  private static final double[] NOTHING = new double[64];

  static {
    Arrays.fill(NOTHING, -0.0);
  }

  private SumsF64() {}

  /** Whether vectors here have a length that the sums of rows are written for. */
  static boolean widthFits() {
    return L == 8 || L == 4;
  }

  /** See {@link chainrule.internal.kernel.Kernels#sumInner}. */
  static void inner(double[] x, double[] y, int from, int to, int n) {
    double[] room = ROOM.get();
    for (int r = from; r < to; r++) {
      y[r] =
          n <= L
              ? few(x, r * n, n, room)
              : L == 8 ? sum8(x, r * n, n, room) : sum4(x, r * n, n, room);
    }
  }

  /** The elements in the first lanes, and no others. */
  private static void pad(double[] x, int at, int n, double[] room) {
    System.arraycopy(NOTHING, n, room, n, 64 - n);
    System.arraycopy(x, at, room, 0, n);
  }

  /** The sum of no more elements than a vector has. */
  private static double few(double[] x, int at, int n, double[] room) {
    if (n == 0) {
      return 0;
    }
    DoubleVector.broadcast(S, -0.0).intoArray(room, 0);
    for (int i = 0; i < n; i++) {
      room[i] = x[at + i];
    }
    return L == 8 ? fold8(room) : fold4(room);
  }

  /** Adds the upper half of 8 lanes to the lower, until one is left. */
  private static double fold8(double[] r) {
    double a0 = r[0] + r[4];
    double a1 = r[1] + r[5];
    double a2 = r[2] + r[6];
    double a3 = r[3] + r[7];
    double b0 = a0 + a2;
    double b1 = a1 + a3;
    return b0 + b1;
  }

  /** Adds the upper half of 4 lanes to the lower, until one is left. */
  private static double fold4(double[] r) {
    double a0 = r[0] + r[2];
    double a1 = r[1] + r[3];
    return a0 + a1;
  }

  /** The sum of {@code n > 8} elements, the lanes in 8 vectors of 8. */
  private static double sum8(double[] x, int at, int n, double[] room) {
    boolean few = n < 64;
    if (few) {
      pad(x, at, n, room);
    }
    double[] first = few ? room : x;
    int start = few ? 0 : at;
    DoubleVector s0 = DoubleVector.fromArray(S, first, start);
    DoubleVector s1 = DoubleVector.fromArray(S, first, start + 8);
    DoubleVector s2 = DoubleVector.fromArray(S, first, start + 16);
    DoubleVector s3 = DoubleVector.fromArray(S, first, start + 24);
    DoubleVector s4 = DoubleVector.fromArray(S, first, start + 32);
    DoubleVector s5 = DoubleVector.fromArray(S, first, start + 40);
    DoubleVector s6 = DoubleVector.fromArray(S, first, start + 48);
    DoubleVector s7 = DoubleVector.fromArray(S, first, start + 56);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(DoubleVector.fromArray(S, x, i));
      s1 = s1.add(DoubleVector.fromArray(S, x, i + 8));
      s2 = s2.add(DoubleVector.fromArray(S, x, i + 16));
      s3 = s3.add(DoubleVector.fromArray(S, x, i + 24));
      s4 = s4.add(DoubleVector.fromArray(S, x, i + 32));
      s5 = s5.add(DoubleVector.fromArray(S, x, i + 40));
      s6 = s6.add(DoubleVector.fromArray(S, x, i + 48));
      s7 = s7.add(DoubleVector.fromArray(S, x, i + 56));
    }
    pad(x, end, few ? 0 : at + n - end, room); // what is left; −0 changes nothing
    s0 = s0.add(DoubleVector.fromArray(S, room, 0));
    s1 = s1.add(DoubleVector.fromArray(S, room, 8));
    s2 = s2.add(DoubleVector.fromArray(S, room, 16));
    s3 = s3.add(DoubleVector.fromArray(S, room, 24));
    s4 = s4.add(DoubleVector.fromArray(S, room, 32));
    s5 = s5.add(DoubleVector.fromArray(S, room, 40));
    s6 = s6.add(DoubleVector.fromArray(S, room, 48));
    s7 = s7.add(DoubleVector.fromArray(S, room, 56));
    s0 = s0.add(s4);
    s1 = s1.add(s5);
    s2 = s2.add(s6);
    s3 = s3.add(s7);
    s0 = s0.add(s2);
    s1 = s1.add(s3);
    s0 = s0.add(s1);
    s0.intoArray(room, 0);
    return fold8(room);
  }

  /** The sum of {@code n > 4} elements, the lanes in 16 vectors of 4. */
  private static double sum4(double[] x, int at, int n, double[] room) {
    boolean few = n < 64;
    if (few) {
      pad(x, at, n, room);
    }
    double[] first = few ? room : x;
    int start = few ? 0 : at;
    DoubleVector s0 = DoubleVector.fromArray(S, first, start);
    DoubleVector s1 = DoubleVector.fromArray(S, first, start + 4);
    DoubleVector s2 = DoubleVector.fromArray(S, first, start + 8);
    DoubleVector s3 = DoubleVector.fromArray(S, first, start + 12);
    DoubleVector s4 = DoubleVector.fromArray(S, first, start + 16);
    DoubleVector s5 = DoubleVector.fromArray(S, first, start + 20);
    DoubleVector s6 = DoubleVector.fromArray(S, first, start + 24);
    DoubleVector s7 = DoubleVector.fromArray(S, first, start + 28);
    DoubleVector s8 = DoubleVector.fromArray(S, first, start + 32);
    DoubleVector s9 = DoubleVector.fromArray(S, first, start + 36);
    DoubleVector s10 = DoubleVector.fromArray(S, first, start + 40);
    DoubleVector s11 = DoubleVector.fromArray(S, first, start + 44);
    DoubleVector s12 = DoubleVector.fromArray(S, first, start + 48);
    DoubleVector s13 = DoubleVector.fromArray(S, first, start + 52);
    DoubleVector s14 = DoubleVector.fromArray(S, first, start + 56);
    DoubleVector s15 = DoubleVector.fromArray(S, first, start + 60);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(DoubleVector.fromArray(S, x, i));
      s1 = s1.add(DoubleVector.fromArray(S, x, i + 4));
      s2 = s2.add(DoubleVector.fromArray(S, x, i + 8));
      s3 = s3.add(DoubleVector.fromArray(S, x, i + 12));
      s4 = s4.add(DoubleVector.fromArray(S, x, i + 16));
      s5 = s5.add(DoubleVector.fromArray(S, x, i + 20));
      s6 = s6.add(DoubleVector.fromArray(S, x, i + 24));
      s7 = s7.add(DoubleVector.fromArray(S, x, i + 28));
      s8 = s8.add(DoubleVector.fromArray(S, x, i + 32));
      s9 = s9.add(DoubleVector.fromArray(S, x, i + 36));
      s10 = s10.add(DoubleVector.fromArray(S, x, i + 40));
      s11 = s11.add(DoubleVector.fromArray(S, x, i + 44));
      s12 = s12.add(DoubleVector.fromArray(S, x, i + 48));
      s13 = s13.add(DoubleVector.fromArray(S, x, i + 52));
      s14 = s14.add(DoubleVector.fromArray(S, x, i + 56));
      s15 = s15.add(DoubleVector.fromArray(S, x, i + 60));
    }
    pad(x, end, few ? 0 : at + n - end, room); // what is left; −0 changes nothing
    s0 = s0.add(DoubleVector.fromArray(S, room, 0));
    s1 = s1.add(DoubleVector.fromArray(S, room, 4));
    s2 = s2.add(DoubleVector.fromArray(S, room, 8));
    s3 = s3.add(DoubleVector.fromArray(S, room, 12));
    s4 = s4.add(DoubleVector.fromArray(S, room, 16));
    s5 = s5.add(DoubleVector.fromArray(S, room, 20));
    s6 = s6.add(DoubleVector.fromArray(S, room, 24));
    s7 = s7.add(DoubleVector.fromArray(S, room, 28));
    s8 = s8.add(DoubleVector.fromArray(S, room, 32));
    s9 = s9.add(DoubleVector.fromArray(S, room, 36));
    s10 = s10.add(DoubleVector.fromArray(S, room, 40));
    s11 = s11.add(DoubleVector.fromArray(S, room, 44));
    s12 = s12.add(DoubleVector.fromArray(S, room, 48));
    s13 = s13.add(DoubleVector.fromArray(S, room, 52));
    s14 = s14.add(DoubleVector.fromArray(S, room, 56));
    s15 = s15.add(DoubleVector.fromArray(S, room, 60));
    s0 = s0.add(s8);
    s1 = s1.add(s9);
    s2 = s2.add(s10);
    s3 = s3.add(s11);
    s4 = s4.add(s12);
    s5 = s5.add(s13);
    s6 = s6.add(s14);
    s7 = s7.add(s15);
    s0 = s0.add(s4);
    s1 = s1.add(s5);
    s2 = s2.add(s6);
    s3 = s3.add(s7);
    s0 = s0.add(s2);
    s1 = s1.add(s3);
    s0 = s0.add(s1);
    s0.intoArray(room, 0);
    return fold4(room);
  }

  /** See {@link chainrule.internal.kernel.Kernels#sumOuter}; {@code n ≥ 1}. */
  static void outer(double[] x, int xo, double[] y, int yo, int n, int inner, int from, int to) {
    double[] room = ROOM.get();
    int j = from;
    while (to - j >= 8 * L) {
      int width = Math.min(COLUMNS, S.loopBound(to - j));
      wide(x, xo + j, y, yo + j, n, inner, width, room);
      j += width;
    }
    for (; to - j >= 4 * L; j += 4 * L) {
      quad(x, xo + j, y, yo + j, n, inner);
    }
    for (; to - j >= 2 * L; j += 2 * L) {
      two(x, xo + j, y, yo + j, n, inner);
    }
    for (; to - j >= L; j += L) {
      one(x, xo + j, y, yo + j, n, inner);
    }
    if (j < to) {
      narrow(x, xo + j, y, yo + j, n, inner, to - j, room);
    }
  }

  /**
   * Columns whose running sums lie in the nearest cache: eight rows at a time if they are long,
   * else one after another, which reads memory in order.
   */
  private static void wide(
      double[] x, int xo, double[] y, int yo, int n, int inner, int width, double[] room) {
    for (int start = 0; start < n; start += CHUNK) {
      int rows = Math.min(CHUNK, n - start);
      int at = xo + start * inner;
      double[] sum = start == 0 ? y : room;
      int so = start == 0 ? yo : 0;
      System.arraycopy(x, at, sum, so, width);
      int i = 1;
      for (; width >= 32 * L && i + 8 <= rows; i += 8) {
        eight(sum, so, x, at + i * inner, inner, width);
      }
      if (i + 4 <= rows) {
        four(sum, so, x, at + i * inner, inner, width);
        i += 4;
      }
      for (; i < rows; i++) {
        LoopsF64.add(sum, so, 1, x, at + i * inner, 1, sum, so, width);
      }
      if (start > 0) {
        LoopsF64.add(y, yo, 1, room, 0, 1, y, yo, width);
      }
    }
  }

  private static void eight(double[] sum, int so, double[] x, int at, int inner, int width) {
    int b = at + inner;
    int c = b + inner;
    int d = c + inner;
    int e = d + inner;
    int f = e + inner;
    int g = f + inner;
    int h = g + inner;
    for (int j = 0; j < width; j += L) {
      DoubleVector.fromArray(S, sum, so + j)
          .add(DoubleVector.fromArray(S, x, at + j))
          .add(DoubleVector.fromArray(S, x, b + j))
          .add(DoubleVector.fromArray(S, x, c + j))
          .add(DoubleVector.fromArray(S, x, d + j))
          .add(DoubleVector.fromArray(S, x, e + j))
          .add(DoubleVector.fromArray(S, x, f + j))
          .add(DoubleVector.fromArray(S, x, g + j))
          .add(DoubleVector.fromArray(S, x, h + j))
          .intoArray(sum, so + j);
    }
  }

  private static void four(double[] sum, int so, double[] x, int at, int inner, int width) {
    int b = at + inner;
    int c = b + inner;
    int d = c + inner;
    for (int j = 0; j < width; j += L) {
      DoubleVector.fromArray(S, sum, so + j)
          .add(DoubleVector.fromArray(S, x, at + j))
          .add(DoubleVector.fromArray(S, x, b + j))
          .add(DoubleVector.fromArray(S, x, c + j))
          .add(DoubleVector.fromArray(S, x, d + j))
          .intoArray(sum, so + j);
    }
  }

  private static void quad(double[] x, int xo, double[] y, int yo, int n, int inner) {
    for (int start = 0; start < n; start += CHUNK) {
      int at = xo + start * inner;
      int last = xo + (Math.min(n, start + CHUNK) - 1) * inner;
      DoubleVector p = DoubleVector.fromArray(S, x, at);
      DoubleVector q = DoubleVector.fromArray(S, x, at + L);
      DoubleVector r = DoubleVector.fromArray(S, x, at + 2 * L);
      DoubleVector s = DoubleVector.fromArray(S, x, at + 3 * L);
      while (at < last) {
        at += inner;
        p = p.add(DoubleVector.fromArray(S, x, at));
        q = q.add(DoubleVector.fromArray(S, x, at + L));
        r = r.add(DoubleVector.fromArray(S, x, at + 2 * L));
        s = s.add(DoubleVector.fromArray(S, x, at + 3 * L));
      }
      if (start > 0) {
        p = DoubleVector.fromArray(S, y, yo).add(p);
        q = DoubleVector.fromArray(S, y, yo + L).add(q);
        r = DoubleVector.fromArray(S, y, yo + 2 * L).add(r);
        s = DoubleVector.fromArray(S, y, yo + 3 * L).add(s);
      }
      p.intoArray(y, yo);
      q.intoArray(y, yo + L);
      r.intoArray(y, yo + 2 * L);
      s.intoArray(y, yo + 3 * L);
    }
  }

  private static void two(double[] x, int xo, double[] y, int yo, int n, int inner) {
    for (int start = 0; start < n; start += CHUNK) {
      int at = xo + start * inner;
      int last = xo + (Math.min(n, start + CHUNK) - 1) * inner;
      DoubleVector p = DoubleVector.fromArray(S, x, at);
      DoubleVector q = DoubleVector.fromArray(S, x, at + L);
      while (at < last) {
        at += inner;
        p = p.add(DoubleVector.fromArray(S, x, at));
        q = q.add(DoubleVector.fromArray(S, x, at + L));
      }
      if (start > 0) {
        p = DoubleVector.fromArray(S, y, yo).add(p);
        q = DoubleVector.fromArray(S, y, yo + L).add(q);
      }
      p.intoArray(y, yo);
      q.intoArray(y, yo + L);
    }
  }

  private static void one(double[] x, int xo, double[] y, int yo, int n, int inner) {
    for (int start = 0; start < n; start += CHUNK) {
      int at = xo + start * inner;
      int last = xo + (Math.min(n, start + CHUNK) - 1) * inner;
      DoubleVector p = DoubleVector.fromArray(S, x, at);
      while (at < last) {
        at += inner;
        p = p.add(DoubleVector.fromArray(S, x, at));
      }
      if (start > 0) {
        p = DoubleVector.fromArray(S, y, yo).add(p);
      }
      p.intoArray(y, yo);
    }
  }

  /**
   * Fewer columns than a vector has: what is read beyond them is not used. Four chunks at a time,
   * because each alone waits for its own sum.
   */
  private static void narrow(
      double[] x, int xo, double[] y, int yo, int n, int inner, int width, double[] room) {
    int start = 0;
    int apart = CHUNK * inner;
    for (; n - start >= 4 * CHUNK; start += 4 * CHUNK) {
      int at = xo + start * inner;
      int end = at + apart;
      if (end + 3 * apart - inner > x.length - L) {
        break;
      }
      DoubleVector p = DoubleVector.fromArray(S, x, at);
      DoubleVector q = DoubleVector.fromArray(S, x, at + apart);
      DoubleVector r = DoubleVector.fromArray(S, x, at + 2 * apart);
      DoubleVector s = DoubleVector.fromArray(S, x, at + 3 * apart);
      for (at += inner; at < end; at += inner) {
        p = p.add(DoubleVector.fromArray(S, x, at));
        q = q.add(DoubleVector.fromArray(S, x, at + apart));
        r = r.add(DoubleVector.fromArray(S, x, at + 2 * apart));
        s = s.add(DoubleVector.fromArray(S, x, at + 3 * apart));
      }
      p.intoArray(room, 0);
      q.intoArray(room, L);
      r.intoArray(room, 2 * L);
      s.intoArray(room, 3 * L);
      for (int j = 0; j < width; j++) {
        double before = start == 0 ? room[j] : y[yo + j] + room[j];
        y[yo + j] = before + room[L + j] + room[2 * L + j] + room[3 * L + j];
      }
    }
    for (; start < n; start += CHUNK) {
      int rows = Math.min(CHUNK, n - start);
      column(x, xo + start * inner, rows, inner, width, room);
      for (int j = 0; j < width; j++) {
        y[yo + j] = start == 0 ? room[j] : y[yo + j] + room[j];
      }
    }
  }

  /** The sums of fewer columns than a vector has, of one chunk. */
  private static void column(double[] x, int at, int rows, int inner, int width, double[] room) {
    int last = at + (rows - 1) * inner;
    if (last <= x.length - L) {
      DoubleVector p = DoubleVector.fromArray(S, x, at);
      for (int i = at + inner; i <= last; i += inner) {
        p = p.add(DoubleVector.fromArray(S, x, i));
      }
      p.intoArray(room, 0);
      return;
    }
    for (int j = 0; j < width; j++) {
      double sum = x[at + j];
      for (int i = 1; i < rows; i++) {
        sum += x[at + i * inner + j];
      }
      room[j] = sum;
    }
  }
}
