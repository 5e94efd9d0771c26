package chainrule.examples.random;

/**
 * torch's generator on a processor, {@code torch.Generator().manual_seed(seed)}: the Mersenne
 * Twister seeded by one word, F32 numbers of 24 bits.
 *
 * <p>{@code randn} of 16 numbers or more is Box–Muller in blocks of 16, cosines first, sines after;
 * where the count is no multiple of 16, the last 16 are drawn again. Fewer than 16 come one by one
 * with 53 bits. torch itself computes the logarithm and the circle with vector polynomials, so that
 * its numbers may differ from these in the last bit.
 */
public final class TorchRandom {
  private static final int BLOCK = 16;
  private static final int HALF = BLOCK / 2;

  private final MersenneTwister twister;
  private double gauss = Double.NaN;

  /** The generator after {@code manual_seed(seed)}. */
  public TorchRandom(int seed) {
    twister = MersenneTwister.ofWord(seed);
  }

  /** A number uniform in [0, 1) with 24 random bits. */
  public float uniform() {
    return (twister.next() & 0xFFFFFF) * 0x1.0p-24f;
  }

  private double uniform53() {
    long high = twister.next();
    long bits = high << 32 | twister.next() & 0xFFFFFFFFL;
    return (bits & ((1L << 53) - 1)) * 0x1.0p-53;
  }

  /** torch's {@code rand(n)}. */
  public float[] rand(int n) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = uniform();
    }
    return x;
  }

  /** torch's {@code empty(n).uniform_(lo, hi)}. */
  public float[] uniform(int n, double lo, double hi) {
    float[] x = rand(n);
    for (int i = 0; i < n; i++) {
      x[i] = x[i] * ((float) hi - (float) lo) + (float) lo;
    }
    return x;
  }

  /** torch's {@code randint(0, below, (n,))}. */
  public int[] randint(int below, int n) {
    int[] x = new int[n];
    for (int i = 0; i < n; i++) {
      x[i] = Integer.remainderUnsigned(twister.next(), below);
    }
    return x;
  }

  /** torch's {@code randn(n)} in F32. */
  public float[] randn(int n) {
    float[] x = new float[n];
    if (n < BLOCK) {
      for (int i = 0; i < n; i++) {
        x[i] = (float) one();
      }
      return x;
    }
    for (int i = 0; i < n; i++) {
      x[i] = uniform();
    }
    for (int i = 0; i + BLOCK <= n; i += BLOCK) {
      boxMuller(x, i);
    }
    if (n % BLOCK != 0) {
      for (int i = n - BLOCK; i < n; i++) {
        x[i] = uniform();
      }
      boxMuller(x, n - BLOCK);
    }
    return x;
  }

  private double one() {
    double kept = gauss;
    gauss = Double.NaN;
    if (!Double.isNaN(kept)) {
      return kept;
    }
    double angle = 2 * Math.PI * uniform53();
    double radius = Math.sqrt(-2 * StrictMath.log1p(-uniform53()));
    gauss = radius * StrictMath.sin(angle);
    return radius * StrictMath.cos(angle);
  }

  private static void boxMuller(float[] x, int from) {
    for (int i = from; i < from + HALF; i++) {
      float radius = (float) Math.sqrt(-2f * (float) StrictMath.log(1 - x[i]));
      float angle = (float) (2 * Math.PI) * x[i + HALF];
      x[i] = radius * (float) StrictMath.cos(angle);
      x[i + HALF] = radius * (float) StrictMath.sin(angle);
    }
  }
}
