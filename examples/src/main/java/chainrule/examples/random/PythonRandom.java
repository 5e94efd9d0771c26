package chainrule.examples.random;

import java.util.random.RandomGenerator;

/**
 * The generator of Python's module {@code random}: the Mersenne Twister MT19937, seeded by {@code
 * init_by_array}, with doubles of 53 bits.
 *
 * <pre>{@code
 * var random = new PythonRandom(42);
 * random.nextDouble();        // 0.6394267984578837, as random.seed(42); random.random()
 * random.nextDouble(-1, 1);   // as random.uniform(-1, 1)
 * }</pre>
 */
public final class PythonRandom implements RandomGenerator {
  private final MersenneTwister twister;
  private double gauss = Double.NaN;

  /** The generator after {@code random.seed(seed)}; Python drops the seed's sign. */
  public PythonRandom(long seed) {
    long magnitude = Math.abs(seed);
    int low = (int) magnitude;
    int high = (int) (magnitude >>> 32);
    twister = high == 0 ? MersenneTwister.ofWords(low) : MersenneTwister.ofWords(low, high);
  }

  /** The next 32 bits, Python's {@code getrandbits(32)}. */
  @Override
  public int nextInt() {
    return twister.next();
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
    return twister.nextDouble();
  }

  /** Python's {@code uniform(lo, hi)}: {@code lo + (hi − lo)·random()}. */
  @Override
  public double nextDouble(double lo, double hi) {
    return lo + (hi - lo) * nextDouble();
  }

  /** A whole number from 0 to {@code n − 1}, Python's {@code randrange(n)}: bits until one fits. */
  @Override
  public int nextInt(int n) {
    int bits = 32 - Integer.numberOfLeadingZeros(n);
    int r;
    do {
      r = nextInt() >>> (32 - bits);
    } while (Integer.compareUnsigned(r, n) >= 0);
    return r;
  }

  /** Python's {@code gauss(mean, deviation)}: Box–Muller, of which the sine is kept for later. */
  public double gauss(double mean, double deviation) {
    double z = gauss;
    gauss = Double.NaN;
    if (Double.isNaN(z)) {
      double angle = nextDouble() * (2 * Math.PI);
      double radius = Math.sqrt(-2.0 * StrictMath.log(1.0 - nextDouble()));
      z = StrictMath.cos(angle) * radius;
      gauss = StrictMath.sin(angle) * radius;
    }
    return mean + z * deviation;
  }

  /** Python's {@code shuffle(order)}, from the last element down. */
  public <T> void shuffle(T[] order) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      T carried = order[i];
      order[i] = order[j];
      order[j] = carried;
    }
  }

  /** An index by weight, Python's {@code choices(range(n), weights)[0]}. */
  public int choice(double[] weights) {
    double total = 0;
    for (double w : weights) {
      total += w;
    }
    double target = nextDouble() * total;
    double sum = 0;
    for (int i = 0; i + 1 < weights.length; i++) {
      sum += weights[i];
      if (target < sum) {
        return i;
      }
    }
    return weights.length - 1;
  }
}
