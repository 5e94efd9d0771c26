package chainrule.math;

import java.util.random.RandomGenerator;

/**
 * A counter-based random generator, Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011).
 *
 * <p>The key is the seed; the counter is made of the purpose (a name such as a layer's path), the
 * step, the call within the step, and the element. A number therefore depends on where it is used
 * and on nothing that happened before: streams are independent, can be drawn in any order on any
 * thread, and there is nothing to save but step and call. The same seed gives the same bits on
 * every machine.
 *
 * <pre>{@code
 * var random = new Philox(42, "init/fc1.weight");
 * random.nextGaussian();
 * }</pre>
 */
public final class Philox implements RandomGenerator {
  private static final int MUL_0 = 0xD2511F53;
  private static final int MUL_1 = 0xCD9E8D57;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final double TO_UNIT = 0x1.0p-53;

  private final int key0;
  private final int key1;
  private final int purpose;
  private final int step;
  private int call;
  private int block;
  private int used = 4;
  private final int[] words = new int[4];
  private double spare = Double.NaN;

  /** The stream of a seed without a purpose. */
  public Philox(long seed) {
    this(seed, "");
  }

  /** The stream of a seed for one purpose. */
  public Philox(long seed, String purpose) {
    this(seed, purpose, 0, 0);
  }

  /**
   * The stream of a seed for one purpose at one step and call.
   *
   * @param step the training step or epoch
   * @param call the call within that step
   */
  public Philox(long seed, String purpose, long step, long call) {
    this.key0 = (int) seed;
    this.key1 = (int) (seed >>> 32);
    this.purpose = hash(purpose);
    this.step = fold(step);
    this.call = fold(call);
  }

  /** Begins anew, as the stream of another call within the same step. */
  public void restart(long next) {
    call = fold(next);
    block = 0;
    used = 4;
    spare = Double.NaN;
  }

  /** One block of four words: the cipher itself, ten rounds on the counter (c0, c1, c2, c3). */
  static void block(int c0, int c1, int c2, int c3, int key0, int key1, int[] out) {
    int k0 = key0;
    int k1 = key1;
    for (int round = 0; round < 10; round++) {
      long p0 = (MUL_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long p1 = (MUL_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  @Override
  public int nextInt() {
    if (used == 4) {
      block(block++, call, step, purpose, key0, key1, words);
      used = 0;
    }
    return words[used++];
  }

  @Override
  public long nextLong() {
    long low = nextInt() & 0xFFFFFFFFL;
    return (long) nextInt() << 32 | low;
  }

  /** A number uniform in [0, 1) with 24 random bits. */
  @Override
  public float nextFloat() {
    return (nextInt() >>> 8) * 0x1.0p-24f;
  }

  /** A number uniform in [0, 1) with 53 random bits. */
  @Override
  public double nextDouble() {
    return (nextLong() >>> 11) * TO_UNIT;
  }

  /** A standard normal number, by Box and Muller's transformation in {@link StrictMath}. */
  @Override
  public double nextGaussian() {
    if (!Double.isNaN(spare)) {
      double second = spare;
      spare = Double.NaN;
      return second;
    }
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    double angle = 2 * Math.PI * nextDouble();
    spare = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  /** An integer uniform in [0, bound), by rejection. */
  @Override
  public int nextInt(int bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound must be positive, not " + bound);
    }
    int threshold = Integer.remainderUnsigned(-bound, bound);
    while (true) {
      int word = nextInt();
      if (Integer.compareUnsigned(word, threshold) >= 0) {
        return Integer.remainderUnsigned(word, bound);
      }
    }
  }

  /** The numbers 0 … n−1 in random order (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** FNV-1a over UTF-16, finished with a multiply-xorshift so that similar names differ widely. */
  private static int hash(String s) {
    long h = 0xCBF29CE484222325L;
    for (int i = 0; i < s.length(); i++) {
      h = (h ^ s.charAt(i)) * 0x100000001B3L;
    }
    return fold(h * 0x9E3779B97F4A7C15L);
  }

  private static int fold(long v) {
    return (int) (v ^ (v >>> 32));
  }
}
