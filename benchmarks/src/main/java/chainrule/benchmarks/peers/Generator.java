package chainrule.benchmarks.peers;

/**
 * Numbers that every engine and language can make alike: the finaliser of splitmix64 on stream and
 * index (Steele, Lea and Flood 2014), its upper 24 bits.
 */
public final class Generator {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final long FIRST = 0xBF58476D1CE4E5B9L;
  private static final long SECOND = 0x94D049BB133111EBL;

  private Generator() {}

  /** {@code n} numbers in [0, 1) of a stream. */
  public static float[] uniform(long stream, int n) {
    return uniform(stream, 0, n);
  }

  /** {@code n} numbers in [0, 1) of a stream, from the given index on. */
  public static float[] uniform(long stream, int from, int n) {
    float[] u = new float[n];
    for (int i = 0; i < n; i++) {
      long z = ((stream << 32) + from + i + 1) * GOLDEN;
      z = (z ^ (z >>> 30)) * FIRST;
      z = (z ^ (z >>> 27)) * SECOND;
      z ^= z >>> 31;
      u[i] = (z >>> 40) * 0x1p-24f;
    }
    return u;
  }

  /** {@code n} whole numbers below {@code bound} of a stream, from the given index on. */
  public static int[] below(int bound, long stream, int from, int n) {
    float[] u = uniform(stream, from, n);
    int[] whole = new int[n];
    for (int i = 0; i < n; i++) {
      whole[i] = Math.min((int) (u[i] * bound), bound - 1);
    }
    return whole;
  }

  /** {@code n} numbers in [−2, 2) of a stream. */
  public static float[] centred(long stream, int n) {
    float[] u = uniform(stream, n);
    for (int i = 0; i < n; i++) {
      u[i] = 4 * u[i] - 2;
    }
    return u;
  }
}
