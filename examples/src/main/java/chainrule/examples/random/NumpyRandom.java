package chainrule.examples.random;

import java.util.random.RandomGenerator;

/**
 * NumPy's legacy generator, {@code numpy.random.RandomState}: the Mersenne Twister seeded by one
 * word, and Gaussians by Marsaglia's polar method, of which one is kept for later.
 */
public final class NumpyRandom implements RandomGenerator {
  private final MersenneTwister twister;
  private double gauss = Double.NaN;

  /** The generator after {@code numpy.random.seed(seed)}. */
  public NumpyRandom(int seed) {
    twister = MersenneTwister.ofWord(seed);
  }

  @Override
  public int nextInt() {
    return twister.next();
  }

  @Override
  public long nextLong() {
    long high = nextInt();
    return high << 32 | nextInt() & 0xFFFFFFFFL;
  }

  /** NumPy's {@code rand()}. */
  @Override
  public double nextDouble() {
    return twister.nextDouble();
  }

  /** NumPy's {@code randn()}. */
  @Override
  public double nextGaussian() {
    double kept = gauss;
    gauss = Double.NaN;
    if (!Double.isNaN(kept)) {
      return kept;
    }
    double x;
    double y;
    double square;
    do {
      x = 2.0 * nextDouble() - 1.0;
      y = 2.0 * nextDouble() - 1.0;
      square = x * x + y * y;
    } while (square >= 1.0 || square == 0.0);
    double f = Math.sqrt(-2.0 * StrictMath.log(square) / square);
    gauss = f * x;
    return f * y;
  }

  /** NumPy's {@code randn(n)}. */
  public double[] randn(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = nextGaussian();
    }
    return x;
  }

  /** NumPy's {@code permutation(n)}: bits under a mask until they fit, from the last down. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int mask = -1 >>> Integer.numberOfLeadingZeros(i);
      int j;
      do {
        j = nextInt() & mask;
      } while (j > i);
      int carried = order[i];
      order[i] = order[j];
      order[j] = carried;
    }
    return order;
  }
}
