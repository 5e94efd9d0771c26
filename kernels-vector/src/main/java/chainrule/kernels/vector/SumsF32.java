package chainrule.kernels.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of {@code float[]} along an axis, in the order of the specification.
 *
 * <p>A lane that takes no part holds −0: adding −0 changes no number, not even a zero.
 */
final class SumsF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();
  private static final int CHUNK = 256;

  /** Columns that are summed together: as many as leave the nearest cache room for the rows. */
  private static final int COLUMNS = 2048;

  private static final ThreadLocal<float[]> ROOM =
      ThreadLocal.withInitial(() -> new float[COLUMNS]);
  private static final float[] NOTHING = new float[64];

  static {
    Arrays.fill(NOTHING, -0.0f);
  }

  private SumsF32() {}

  /** Whether vectors here have a length that the sums of rows are written for. */
  static boolean widthFits() {
    return L == 16 || L == 8;
  }

  /** See {@link chainrule.internal.kernel.Kernels#sumInner}. */
  static void inner(float[] x, float[] y, int from, int to, int n) {
    float[] room = ROOM.get();
    for (int r = from; r < to; r++) {
      y[r] =
          n <= L
              ? few(x, r * n, n, room)
              : L == 16 ? sum16(x, r * n, n, room) : sum8(x, r * n, n, room);
    }
  }

  /** The elements in the first lanes, and no others. */
  private static void pad(float[] x, int at, int n, float[] room) {
    System.arraycopy(NOTHING, n, room, n, 64 - n);
    System.arraycopy(x, at, room, 0, n);
  }

  /** The sum of no more elements than a vector has. */
  private static float few(float[] x, int at, int n, float[] room) {
    if (n == 0) {
      return 0;
    }
    FloatVector.broadcast(S, -0.0f).intoArray(room, 0);
    for (int i = 0; i < n; i++) {
      room[i] = x[at + i];
    }
    return L == 16 ? fold16(room) : fold8(room);
  }

  /** Adds the upper half of 16 lanes to the lower, until one is left. */
  private static float fold16(float[] r) {
    float a0 = r[0] + r[8];
    float a1 = r[1] + r[9];
    float a2 = r[2] + r[10];
    float a3 = r[3] + r[11];
    float a4 = r[4] + r[12];
    float a5 = r[5] + r[13];
    float a6 = r[6] + r[14];
    float a7 = r[7] + r[15];
    float b0 = a0 + a4;
    float b1 = a1 + a5;
    float b2 = a2 + a6;
    float b3 = a3 + a7;
    float c0 = b0 + b2;
    float c1 = b1 + b3;
    return c0 + c1;
  }

  /** Adds the upper half of 8 lanes to the lower, until one is left. */
  private static float fold8(float[] r) {
    float a0 = r[0] + r[4];
    float a1 = r[1] + r[5];
    float a2 = r[2] + r[6];
    float a3 = r[3] + r[7];
    float b0 = a0 + a2;
    float b1 = a1 + a3;
    return b0 + b1;
  }

  /** The sum of {@code n > 16} elements, the lanes in 4 vectors of 16. */
  private static float sum16(float[] x, int at, int n, float[] room) {
    boolean few = n < 64;
    if (few) {
      pad(x, at, n, room);
    }
    float[] first = few ? room : x;
    int start = few ? 0 : at;
    FloatVector s0 = FloatVector.fromArray(S, first, start);
    FloatVector s1 = FloatVector.fromArray(S, first, start + 16);
    FloatVector s2 = FloatVector.fromArray(S, first, start + 32);
    FloatVector s3 = FloatVector.fromArray(S, first, start + 48);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(FloatVector.fromArray(S, x, i));
      s1 = s1.add(FloatVector.fromArray(S, x, i + 16));
      s2 = s2.add(FloatVector.fromArray(S, x, i + 32));
      s3 = s3.add(FloatVector.fromArray(S, x, i + 48));
    }
    pad(x, end, few ? 0 : at + n - end, room); // what is left; −0 changes nothing
    s0 = s0.add(FloatVector.fromArray(S, room, 0));
    s1 = s1.add(FloatVector.fromArray(S, room, 16));
    s2 = s2.add(FloatVector.fromArray(S, room, 32));
    s3 = s3.add(FloatVector.fromArray(S, room, 48));
    s0 = s0.add(s2);
    s1 = s1.add(s3);
    s0 = s0.add(s1);
    s0.intoArray(room, 0);
    return fold16(room);
  }

  /** The sum of {@code n > 8} elements, the lanes in 8 vectors of 8. */
  private static float sum8(float[] x, int at, int n, float[] room) {
    boolean few = n < 64;
    if (few) {
      pad(x, at, n, room);
    }
    float[] first = few ? room : x;
    int start = few ? 0 : at;
    FloatVector s0 = FloatVector.fromArray(S, first, start);
    FloatVector s1 = FloatVector.fromArray(S, first, start + 8);
    FloatVector s2 = FloatVector.fromArray(S, first, start + 16);
    FloatVector s3 = FloatVector.fromArray(S, first, start + 24);
    FloatVector s4 = FloatVector.fromArray(S, first, start + 32);
    FloatVector s5 = FloatVector.fromArray(S, first, start + 40);
    FloatVector s6 = FloatVector.fromArray(S, first, start + 48);
    FloatVector s7 = FloatVector.fromArray(S, first, start + 56);
    int end = at + n / 64 * 64;
    for (int i = at + 64; i < end; i += 64) {
      s0 = s0.add(FloatVector.fromArray(S, x, i));
      s1 = s1.add(FloatVector.fromArray(S, x, i + 8));
      s2 = s2.add(FloatVector.fromArray(S, x, i + 16));
      s3 = s3.add(FloatVector.fromArray(S, x, i + 24));
      s4 = s4.add(FloatVector.fromArray(S, x, i + 32));
      s5 = s5.add(FloatVector.fromArray(S, x, i + 40));
      s6 = s6.add(FloatVector.fromArray(S, x, i + 48));
      s7 = s7.add(FloatVector.fromArray(S, x, i + 56));
    }
    pad(x, end, few ? 0 : at + n - end, room); // what is left; −0 changes nothing
    s0 = s0.add(FloatVector.fromArray(S, room, 0));
    s1 = s1.add(FloatVector.fromArray(S, room, 8));
    s2 = s2.add(FloatVector.fromArray(S, room, 16));
    s3 = s3.add(FloatVector.fromArray(S, room, 24));
    s4 = s4.add(FloatVector.fromArray(S, room, 32));
    s5 = s5.add(FloatVector.fromArray(S, room, 40));
    s6 = s6.add(FloatVector.fromArray(S, room, 48));
    s7 = s7.add(FloatVector.fromArray(S, room, 56));
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

  /** See {@link chainrule.internal.kernel.Kernels#sumOuter}; {@code n ≥ 1}. */
  static void outer(float[] x, int xo, float[] y, int yo, int n, int inner, int from, int to) {
    float[] room = ROOM.get();
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
      float[] x, int xo, float[] y, int yo, int n, int inner, int width, float[] room) {
    for (int start = 0; start < n; start += CHUNK) {
      int rows = Math.min(CHUNK, n - start);
      int at = xo + start * inner;
      float[] sum = start == 0 ? y : room;
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
        LoopsF32.add(sum, so, 1, x, at + i * inner, 1, sum, so, width);
      }
      if (start > 0) {
        LoopsF32.add(y, yo, 1, room, 0, 1, y, yo, width);
      }
    }
  }

  private static void eight(float[] sum, int so, float[] x, int at, int inner, int width) {
    int b = at + inner;
    int c = b + inner;
    int d = c + inner;
    int e = d + inner;
    int f = e + inner;
    int g = f + inner;
    int h = g + inner;
    for (int j = 0; j < width; j += L) {
      FloatVector.fromArray(S, sum, so + j)
          .add(FloatVector.fromArray(S, x, at + j))
          .add(FloatVector.fromArray(S, x, b + j))
          .add(FloatVector.fromArray(S, x, c + j))
          .add(FloatVector.fromArray(S, x, d + j))
          .add(FloatVector.fromArray(S, x, e + j))
          .add(FloatVector.fromArray(S, x, f + j))
          .add(FloatVector.fromArray(S, x, g + j))
          .add(FloatVector.fromArray(S, x, h + j))
          .intoArray(sum, so + j);
    }
  }

  private static void four(float[] sum, int so, float[] x, int at, int inner, int width) {
    int b = at + inner;
    int c = b + inner;
    int d = c + inner;
    for (int j = 0; j < width; j += L) {
      FloatVector.fromArray(S, sum, so + j)
          .add(FloatVector.fromArray(S, x, at + j))
          .add(FloatVector.fromArray(S, x, b + j))
          .add(FloatVector.fromArray(S, x, c + j))
          .add(FloatVector.fromArray(S, x, d + j))
          .intoArray(sum, so + j);
    }
  }

  private static void quad(float[] x, int xo, float[] y, int yo, int n, int inner) {
    for (int start = 0; start < n; start += CHUNK) {
      int at = xo + start * inner;
      int last = xo + (Math.min(n, start + CHUNK) - 1) * inner;
      FloatVector p = FloatVector.fromArray(S, x, at);
      FloatVector q = FloatVector.fromArray(S, x, at + L);
      FloatVector r = FloatVector.fromArray(S, x, at + 2 * L);
      FloatVector s = FloatVector.fromArray(S, x, at + 3 * L);
      while (at < last) {
        at += inner;
        p = p.add(FloatVector.fromArray(S, x, at));
        q = q.add(FloatVector.fromArray(S, x, at + L));
        r = r.add(FloatVector.fromArray(S, x, at + 2 * L));
        s = s.add(FloatVector.fromArray(S, x, at + 3 * L));
      }
      if (start > 0) {
        p = FloatVector.fromArray(S, y, yo).add(p);
        q = FloatVector.fromArray(S, y, yo + L).add(q);
        r = FloatVector.fromArray(S, y, yo + 2 * L).add(r);
        s = FloatVector.fromArray(S, y, yo + 3 * L).add(s);
      }
      p.intoArray(y, yo);
      q.intoArray(y, yo + L);
      r.intoArray(y, yo + 2 * L);
      s.intoArray(y, yo + 3 * L);
    }
  }

  private static void two(float[] x, int xo, float[] y, int yo, int n, int inner) {
    for (int start = 0; start < n; start += CHUNK) {
      int at = xo + start * inner;
      int last = xo + (Math.min(n, start + CHUNK) - 1) * inner;
      FloatVector p = FloatVector.fromArray(S, x, at);
      FloatVector q = FloatVector.fromArray(S, x, at + L);
      while (at < last) {
        at += inner;
        p = p.add(FloatVector.fromArray(S, x, at));
        q = q.add(FloatVector.fromArray(S, x, at + L));
      }
      if (start > 0) {
        p = FloatVector.fromArray(S, y, yo).add(p);
        q = FloatVector.fromArray(S, y, yo + L).add(q);
      }
      p.intoArray(y, yo);
      q.intoArray(y, yo + L);
    }
  }

  private static void one(float[] x, int xo, float[] y, int yo, int n, int inner) {
    for (int start = 0; start < n; start += CHUNK) {
      int at = xo + start * inner;
      int last = xo + (Math.min(n, start + CHUNK) - 1) * inner;
      FloatVector p = FloatVector.fromArray(S, x, at);
      while (at < last) {
        at += inner;
        p = p.add(FloatVector.fromArray(S, x, at));
      }
      if (start > 0) {
        p = FloatVector.fromArray(S, y, yo).add(p);
      }
      p.intoArray(y, yo);
    }
  }

  /**
   * Fewer columns than a vector has: what is read beyond them is not used. Four chunks at a time,
   * because each alone waits for its own sum.
   */
  private static void narrow(
      float[] x, int xo, float[] y, int yo, int n, int inner, int width, float[] room) {
    int start = 0;
    int apart = CHUNK * inner;
    for (; n - start >= 4 * CHUNK; start += 4 * CHUNK) {
      int at = xo + start * inner;
      int end = at + apart;
      if (end + 3 * apart - inner > x.length - L) {
        break;
      }
      FloatVector p = FloatVector.fromArray(S, x, at);
      FloatVector q = FloatVector.fromArray(S, x, at + apart);
      FloatVector r = FloatVector.fromArray(S, x, at + 2 * apart);
      FloatVector s = FloatVector.fromArray(S, x, at + 3 * apart);
      for (at += inner; at < end; at += inner) {
        p = p.add(FloatVector.fromArray(S, x, at));
        q = q.add(FloatVector.fromArray(S, x, at + apart));
        r = r.add(FloatVector.fromArray(S, x, at + 2 * apart));
        s = s.add(FloatVector.fromArray(S, x, at + 3 * apart));
      }
      p.intoArray(room, 0);
      q.intoArray(room, L);
      r.intoArray(room, 2 * L);
      s.intoArray(room, 3 * L);
      for (int j = 0; j < width; j++) {
        float before = start == 0 ? room[j] : y[yo + j] + room[j];
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
  private static void column(float[] x, int at, int rows, int inner, int width, float[] room) {
    int last = at + (rows - 1) * inner;
    if (last <= x.length - L) {
      FloatVector p = FloatVector.fromArray(S, x, at);
      for (int i = at + inner; i <= last; i += inner) {
        p = p.add(FloatVector.fromArray(S, x, i));
      }
      p.intoArray(room, 0);
      return;
    }
    for (int j = 0; j < width; j++) {
      float sum = x[at + j];
      for (int i = 1; i < rows; i++) {
        sum += x[at + i * inner + j];
      }
      room[j] = sum;
    }
  }
}
