package chainrule.benchmarks.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The most fused multiply-adds that one thread does: a loop over registers alone.
 *
 * <p>Twelve chains: more than latency × units of the processors of today, and with the two factors
 * still few enough for sixteen registers. Every chain tends to 2, so nothing becomes subnormal.
 */
final class FmaPeak {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;

  /** Rounds of one call, well below a millisecond. */
  private static final int ROUNDS = 20_000;

  private FmaPeak() {}

  /** Operations of one call of {@link #floats}. */
  static double floatOperations() {
    return 2.0 * CHAINS * F.length() * ROUNDS;
  }

  /** Operations of one call of {@link #doubles}. */
  static double doubleOperations() {
    return 2.0 * CHAINS * D.length() * ROUNDS;
  }

  /** Runs the loop over floats, and returns something that depends on all of it. */
  static float floats() {
    FloatVector half = FloatVector.broadcast(F, 0.5f);
    FloatVector one = FloatVector.broadcast(F, 1f);
    FloatVector s0 = one;
    FloatVector s1 = s0.add(half);
    FloatVector s2 = s1.add(half);
    FloatVector s3 = s2.add(half);
    FloatVector s4 = s3.add(half);
    FloatVector s5 = s4.add(half);
    FloatVector s6 = s5.add(half);
    FloatVector s7 = s6.add(half);
    FloatVector s8 = s7.add(half);
    FloatVector s9 = s8.add(half);
    FloatVector s10 = s9.add(half);
    FloatVector s11 = s10.add(half);
    for (int i = 0; i < ROUNDS; i++) {
      s0 = s0.fma(half, one);
      s1 = s1.fma(half, one);
      s2 = s2.fma(half, one);
      s3 = s3.fma(half, one);
      s4 = s4.fma(half, one);
      s5 = s5.fma(half, one);
      s6 = s6.fma(half, one);
      s7 = s7.fma(half, one);
      s8 = s8.fma(half, one);
      s9 = s9.fma(half, one);
      s10 = s10.fma(half, one);
      s11 = s11.fma(half, one);
    }
    s0 = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    s6 = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return s0.add(s6).lane(0);
  }

  /** Runs the loop over doubles, and returns something that depends on all of it. */
  static double doubles() {
    DoubleVector half = DoubleVector.broadcast(D, 0.5);
    DoubleVector one = DoubleVector.broadcast(D, 1.0);
    DoubleVector s0 = one;
    DoubleVector s1 = s0.add(half);
    DoubleVector s2 = s1.add(half);
    DoubleVector s3 = s2.add(half);
    DoubleVector s4 = s3.add(half);
    DoubleVector s5 = s4.add(half);
    DoubleVector s6 = s5.add(half);
    DoubleVector s7 = s6.add(half);
    DoubleVector s8 = s7.add(half);
    DoubleVector s9 = s8.add(half);
    DoubleVector s10 = s9.add(half);
    DoubleVector s11 = s10.add(half);
    for (int i = 0; i < ROUNDS; i++) {
      s0 = s0.fma(half, one);
      s1 = s1.fma(half, one);
      s2 = s2.fma(half, one);
      s3 = s3.fma(half, one);
      s4 = s4.fma(half, one);
      s5 = s5.fma(half, one);
      s6 = s6.fma(half, one);
      s7 = s7.fma(half, one);
      s8 = s8.fma(half, one);
      s9 = s9.fma(half, one);
      s10 = s10.fma(half, one);
      s11 = s11.fma(half, one);
    }
    s0 = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
    s6 = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
    return s0.add(s6).lane(0);
  }
}
