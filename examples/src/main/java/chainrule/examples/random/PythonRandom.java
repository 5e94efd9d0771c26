package chainrule.examples.random;

import java.util.random.RandomGenerator;

/**
 * The generator of Python's module {@code random}: the Mersenne Twister MT19937 (Matsumoto and
 * Nishimura 1998), seeded by {@code init_by_array} (their version of 2002), with doubles of 53
 * bits.
 *
 * <pre>{@code
 * var random = new PythonRandom(42);
 * random.nextDouble();        // 0.6394267984578837, as random.seed(42); random.random()
 * random.nextDouble(-1, 1);   // as random.uniform(-1, 1)
 * }</pre>
 */
public final class PythonRandom implements RandomGenerator {
  private static final int N = 624;
  private static final int M = 397;
  private static final int MATRIX = 0x9908B0DF;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7FFFFFFF;

  private final int[] state = new int[N];
  private int next = N;

  /** The generator after {@code random.seed(seed)}; Python drops the seed's sign. */
  public PythonRandom(long seed) {
    long magnitude = Math.abs(seed);
    int high = (int) (magnitude >>> 32);
    int[] key = high == 0 ? new int[] {(int) magnitude} : new int[] {(int) magnitude, high};
    fill(19650218);
    int i = 1;
    int j = 0;
    for (int k = Math.max(N, key.length); k > 0; k--) {
      state[i] = (state[i] ^ scrambled(i) * 1664525) + key[j] + j;
      i = follow(i);
      j = (j + 1) % key.length;
    }
    for (int k = N - 1; k > 0; k--) {
      state[i] = (state[i] ^ scrambled(i) * 1566083941) - i;
      i = follow(i);
    }
    state[0] = UPPER;
  }

  private void fill(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * scrambled(i) + i;
    }
  }

  private int scrambled(int i) {
    return state[i - 1] ^ (state[i - 1] >>> 30);
  }

  /** The place after {@code i}; past the end the last word is carried to the front. */
  private int follow(int i) {
    if (i + 1 < N) {
      return i + 1;
    }
    state[0] = state[N - 1];
    return 1;
  }

  private void twist() {
    for (int i = 0; i < N; i++) {
      int y = (state[i] & UPPER) | (state[(i + 1) % N] & LOWER);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : MATRIX);
    }
    next = 0;
  }

  /** The next 32 bits, Python's {@code getrandbits(32)}. */
  @Override
  public int nextInt() {
    if (next == N) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9D2C5680;
    y ^= (y << 15) & 0xEFC60000;
    return y ^ (y >>> 18);
  }

  /** The next 64 bits, low word first, Python's {@code getrandbits(64)}. */
  @Override
  public long nextLong() {
    long low = nextInt() & 0xFFFFFFFFL;
    return (long) nextInt() << 32 | low;
  }

  /** A number uniform in [0, 1) with 53 random bits, Python's {@code random()}. */
  @Override
  public double nextDouble() {
    int a = nextInt() >>> 5;
    int b = nextInt() >>> 6;
    return (a * 67108864.0 + b) * 0x1.0p-53;
  }

  /** Python's {@code uniform(lo, hi)}: {@code lo + (hi − lo)·random()}. */
  @Override
  public double nextDouble(double lo, double hi) {
    return lo + (hi - lo) * nextDouble();
  }
}
