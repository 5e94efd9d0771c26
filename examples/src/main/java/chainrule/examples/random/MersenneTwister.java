package chainrule.examples.random;

/** The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) and its two seedings. */
final class MersenneTwister {
  private static final int N = 624;
  private static final int M = 397;
  private static final int MATRIX = 0x9908B0DF;
  private static final int UPPER = 0x80000000;
  private static final int LOWER = 0x7FFFFFFF;

  private final int[] state = new int[N];
  private int next = N;

  private MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < N; i++) {
      state[i] = 1812433253 * scrambled(i) + i;
    }
  }

  /** Seeded by one word, {@code init_genrand}: NumPy's and torch's way. */
  static MersenneTwister ofWord(int seed) {
    return new MersenneTwister(seed);
  }

  /** Seeded by words, {@code init_by_array} in the version of 2002: Python's way. */
  static MersenneTwister ofWords(int... key) {
    var twister = new MersenneTwister(19650218);
    twister.mix(key);
    return twister;
  }

  private void mix(int[] key) {
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

  /** The next 32 bits. */
  int next() {
    if (next == N) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9D2C5680;
    y ^= (y << 15) & 0xEFC60000;
    return y ^ (y >>> 18);
  }

  /** A number uniform in [0, 1) with 53 random bits, as Python and NumPy put it together. */
  double nextDouble() {
    int a = next() >>> 5;
    int b = next() >>> 6;
    return (a * 67108864.0 + b) * 0x1.0p-53;
  }
}
