package chainrule.kernels.vector;

import static chainrule.internal.kernel.FloatMath.*;

import chainrule.internal.kernel.FloatMath;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The middle of softmax in one pass over a row: exponentials, and their sum in 64 lanes. */
final class ExpSumsF32 {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int L = S.length();

  private ExpSumsF32() {}

  private static FloatVector all(float c) {
    return FloatVector.broadcast(S, c);
  }

  /**
   * {@code y = exp(x − shift)}, and {@code Σ y}; at least 64 elements.
   *
   * <p>The lanes stand in memory: a store and a load for each vector are hidden behind the
   * polynomial. They start at −0, to which the first element adds up to itself.
   */
  static float run(float[] x, int xo, float shift, float[] y, int yo, int n, float[] lanes) {
    Arrays.fill(lanes, 0, 64, -0f);
    int end = S.loopBound(n);
    for (int i = 0; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i).sub(all(shift));
      FloatVector z = v.blend(all(EXP_LOWEST), v.compare(VectorOperators.LT, EXP_LOWEST));
      z = z.blend(all(EXP_HIGHEST), z.compare(VectorOperators.GT, EXP_HIGHEST));
      FloatVector shifted = z.fma(all(LOG2_E), all(ROUND));
      FloatVector k = shifted.sub(all(ROUND));
      FloatVector r = k.fma(all(-LN2_HIGH), z);
      r = k.fma(all(-LN2_LOW), r);
      FloatVector p = r.fma(all(EXP_6), all(EXP_5));
      p = r.fma(p, all(EXP_4));
      p = r.fma(p, all(EXP_3));
      p = r.fma(p, all(EXP_2));
      FloatVector t = r.mul(r).fma(p, r);
      IntVector power = shifted.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = power.lanewise(VectorOperators.ASHR, 1);
      FloatVector scale =
          half.lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector rest =
          power.sub(half).lanewise(VectorOperators.LSHL, 23).add(ONE_BITS).reinterpretAsFloats();
      FloatVector e = scale.fma(t, scale).mul(rest);
      e.intoArray(y, yo + i);
      FloatVector.fromArray(S, lanes, i & 63).add(e).intoArray(lanes, i & 63);
    }
    for (int i = end; i < n; i++) {
      float e = FloatMath.exp(x[xo + i] - shift);
      y[yo + i] = e;
      lanes[i & 63] += e;
    }
    return LanesF32.fold(lanes);
  }
}
