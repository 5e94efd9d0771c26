package chainrule.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in 64 lanes over rows of at least one element, at every width of a vector.
 *
 * <p>Four vectors of lanes at a time are held in registers. Where these are not all 64, the row is
 * gone through again for the next four: it stays in the first cache. The lanes start at −0, to
 * which the first element adds up to itself, and which, where there is none, changes nothing.
 */
final class LanesF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private LanesF32() {}

  /** Whether rows of {@code n} are summed here. */
  static boolean take(int n) {
    return n > 0 && 4 * L <= 64;
  }

  /** Adds the upper half of the lanes to the lower, until one is left. */
  static float fold(float[] lanes) {
    if (L == 16) {
      FloatVector a = FloatVector.fromArray(S, lanes, 0);
      FloatVector b = FloatVector.fromArray(S, lanes, 16);
      a = a.add(FloatVector.fromArray(S, lanes, 32));
      b = b.add(FloatVector.fromArray(S, lanes, 48));
      a.add(b).intoArray(lanes, 0);
    } else {
      for (int half = 32; half >= 16; half /= 2) {
        for (int j = 0; j < half; j += L) {
          FloatVector low = FloatVector.fromArray(S, lanes, j);
          low.add(FloatVector.fromArray(S, lanes, j + half)).intoArray(lanes, j);
        }
      }
    }
    // The rest in locals: a store and a load for each addition would take most of a short row.
    float s0 = lanes[0] + lanes[8];
    float s1 = lanes[1] + lanes[9];
    float s2 = lanes[2] + lanes[10];
    float s3 = lanes[3] + lanes[11];
    float s4 = lanes[4] + lanes[12];
    float s5 = lanes[5] + lanes[13];
    float s6 = lanes[6] + lanes[14];
    float s7 = lanes[7] + lanes[15];
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }

  /** {@code Σ x}. */
  static float sum(float[] x, int at, int n, float[] lanes) {
    int whole = at + n / 64 * 64;
    for (int lane = 0; lane < 64; lane += 4 * L) {
      FloatVector a = FloatVector.broadcast(S, -0f);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int i = at + lane; i < whole; i += 64) {
        a = a.add(FloatVector.fromArray(S, x, i));
        b = b.add(FloatVector.fromArray(S, x, i + L));
        c = c.add(FloatVector.fromArray(S, x, i + 2 * L));
        d = d.add(FloatVector.fromArray(S, x, i + 3 * L));
      }
      a.intoArray(lanes, lane);
      b.intoArray(lanes, lane + L);
      c.intoArray(lanes, lane + 2 * L);
      d.intoArray(lanes, lane + 3 * L);
    }
    int end = whole + S.loopBound(at + n - whole);
    for (int i = whole; i < end; i += L) {
      FloatVector p = FloatVector.fromArray(S, x, i);
      FloatVector.fromArray(S, lanes, i - whole).add(p).intoArray(lanes, i - whole);
    }
    for (int i = end; i < at + n; i++) {
      lanes[i - whole] += x[i];
    }
    return fold(lanes);
  }

  /** {@code Σ (x − mean)²}. */
  static float squares(float[] x, int at, int n, float mean, float[] lanes) {
    FloatVector m = FloatVector.broadcast(S, mean);
    int whole = at + n / 64 * 64;
    for (int lane = 0; lane < 64; lane += 4 * L) {
      FloatVector a = FloatVector.broadcast(S, -0f);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int i = at + lane; i < whole; i += 64) {
        FloatVector p = FloatVector.fromArray(S, x, i).sub(m);
        FloatVector q = FloatVector.fromArray(S, x, i + L).sub(m);
        FloatVector r = FloatVector.fromArray(S, x, i + 2 * L).sub(m);
        FloatVector s = FloatVector.fromArray(S, x, i + 3 * L).sub(m);
        a = a.add(p.mul(p));
        b = b.add(q.mul(q));
        c = c.add(r.mul(r));
        d = d.add(s.mul(s));
      }
      a.intoArray(lanes, lane);
      b.intoArray(lanes, lane + L);
      c.intoArray(lanes, lane + 2 * L);
      d.intoArray(lanes, lane + 3 * L);
    }
    int end = whole + S.loopBound(at + n - whole);
    for (int i = whole; i < end; i += L) {
      FloatVector p = FloatVector.fromArray(S, x, i).sub(m);
      FloatVector.fromArray(S, lanes, i - whole).add(p.mul(p)).intoArray(lanes, i - whole);
    }
    for (int i = end; i < at + n; i++) {
      float d = x[i] - mean;
      lanes[i - whole] += d * d;
    }
    return fold(lanes);
  }

  /** {@code Σ g·y}. */
  static float products(float[] g, float[] y, int at, int n, float[] lanes) {
    int whole = at + n / 64 * 64;
    for (int lane = 0; lane < 64; lane += 4 * L) {
      FloatVector a = FloatVector.broadcast(S, -0f);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int i = at + lane; i < whole; i += 64) {
        FloatVector p = FloatVector.fromArray(S, y, i);
        FloatVector q = FloatVector.fromArray(S, y, i + L);
        FloatVector r = FloatVector.fromArray(S, y, i + 2 * L);
        FloatVector s = FloatVector.fromArray(S, y, i + 3 * L);
        a = a.add(FloatVector.fromArray(S, g, i).mul(p));
        b = b.add(FloatVector.fromArray(S, g, i + L).mul(q));
        c = c.add(FloatVector.fromArray(S, g, i + 2 * L).mul(r));
        d = d.add(FloatVector.fromArray(S, g, i + 3 * L).mul(s));
      }
      a.intoArray(lanes, lane);
      b.intoArray(lanes, lane + L);
      c.intoArray(lanes, lane + 2 * L);
      d.intoArray(lanes, lane + 3 * L);
    }
    int end = whole + S.loopBound(at + n - whole);
    for (int i = whole; i < end; i += L) {
      FloatVector p = FloatVector.fromArray(S, g, i).mul(FloatVector.fromArray(S, y, i));
      FloatVector.fromArray(S, lanes, i - whole).add(p).intoArray(lanes, i - whole);
    }
    for (int i = end; i < at + n; i++) {
      lanes[i - whole] += g[i] * y[i];
    }
    return fold(lanes);
  }

  /** {@code Σ g·((x − mean)·scale)}. */
  static float products(
      float[] g, float[] x, int at, int n, float mean, float scale, float[] lanes) {
    FloatVector m = FloatVector.broadcast(S, mean);
    FloatVector h = FloatVector.broadcast(S, scale);
    int whole = at + n / 64 * 64;
    for (int lane = 0; lane < 64; lane += 4 * L) {
      FloatVector a = FloatVector.broadcast(S, -0f);
      FloatVector b = a;
      FloatVector c = a;
      FloatVector d = a;
      for (int i = at + lane; i < whole; i += 64) {
        FloatVector p = FloatVector.fromArray(S, x, i).sub(m).mul(h);
        FloatVector q = FloatVector.fromArray(S, x, i + L).sub(m).mul(h);
        FloatVector r = FloatVector.fromArray(S, x, i + 2 * L).sub(m).mul(h);
        FloatVector s = FloatVector.fromArray(S, x, i + 3 * L).sub(m).mul(h);
        a = a.add(FloatVector.fromArray(S, g, i).mul(p));
        b = b.add(FloatVector.fromArray(S, g, i + L).mul(q));
        c = c.add(FloatVector.fromArray(S, g, i + 2 * L).mul(r));
        d = d.add(FloatVector.fromArray(S, g, i + 3 * L).mul(s));
      }
      a.intoArray(lanes, lane);
      b.intoArray(lanes, lane + L);
      c.intoArray(lanes, lane + 2 * L);
      d.intoArray(lanes, lane + 3 * L);
    }
    int end = whole + S.loopBound(at + n - whole);
    for (int i = whole; i < end; i += L) {
      FloatVector p = FloatVector.fromArray(S, x, i).sub(m).mul(h);
      p = FloatVector.fromArray(S, g, i).mul(p);
      FloatVector.fromArray(S, lanes, i - whole).add(p).intoArray(lanes, i - whole);
    }
    for (int i = end; i < at + n; i++) {
      lanes[i - whole] += g[i] * ((x[i] - mean) * scale);
    }
    return fold(lanes);
  }
}
