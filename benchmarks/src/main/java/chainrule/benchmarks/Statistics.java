package chainrule.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/** Medians and spreads. */
public final class Statistics {
  private Statistics() {}

  /** The middle value, or the mean of the two in the middle; NaN of nothing. */
  public static double median(double... x) {
    if (x.length == 0) {
      return Double.NaN;
    }
    double[] sorted = x.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** The middle value, or the mean of the two in the middle; NaN of nothing. */
  public static double median(Collection<Double> x) {
    return median(x.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** From the least to the largest, as a share of the median. */
  public static double spread(double... x) {
    double least = Arrays.stream(x).min().orElse(Double.NaN);
    return (Arrays.stream(x).max().orElse(Double.NaN) - least) / median(x);
  }
}
