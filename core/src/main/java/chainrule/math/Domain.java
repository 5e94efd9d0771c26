package chainrule.math;

import java.util.random.RandomGenerator;

/**
 * Where a function is smooth and worth sampling: an interval minus a margin around each
 * singularity.
 *
 * @param lo the lower end
 * @param hi the upper end
 * @param margin how far from every singularity samples stay
 * @param singularities kinks, jumps and poles inside the interval
 */
public record Domain(double lo, double hi, double margin, double... singularities) {
  /** The interval [−3, 3]. */
  public static final Domain REAL = new Domain(-3, 3, 0);

  /** The interval [0.2, 3], for functions that want a positive argument. */
  public static final Domain POSITIVE = new Domain(0.2, 3, 0);

  /** This domain without a neighbourhood of 0.02 around each of the given points. */
  public Domain except(double... points) {
    return new Domain(lo, hi, 0.02, points);
  }

  /** The same domain with another margin around its singularities. */
  public Domain margin(double wider) {
    return new Domain(lo, hi, wider, singularities);
  }

  /** The interval from {@code lo} to {@code hi}. */
  public static Domain of(double lo, double hi) {
    return new Domain(lo, hi, 0);
  }

  /** Whether {@code x} lies in the domain. */
  public boolean contains(double x) {
    if (!(x >= lo && x <= hi)) {
      return false;
    }
    for (double s : singularities) {
      if (Math.abs(x - s) < margin) {
        return false;
      }
    }
    return true;
  }

  /** A point drawn uniformly from the domain. */
  public double sample(RandomGenerator random) {
    while (true) {
      double x = lo + (hi - lo) * random.nextDouble();
      if (contains(x)) {
        return x;
      }
    }
  }
}
