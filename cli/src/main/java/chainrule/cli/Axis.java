package chainrule.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** An axis with ticks at round numbers, or at powers of ten. */
final class Axis {
  /** A number on the axis, and how it is written. */
  record Tick(double value, String label) {}

  private static final int MOST_TICKS = 6;
  private static final double PLAIN = 1e6;

  private final boolean logarithmic;
  private final double low;
  private final double high;
  private final List<Tick> ticks = new ArrayList<>();

  private Axis(boolean logarithmic, double low, double high) {
    this.logarithmic = logarithmic;
    this.low = low;
    this.high = high;
    if (logarithmic && high - low > 1) {
      powers();
    } else if (!logarithmic) {
      rounds(low, high);
    } else {
      rounds(Math.pow(10, low), Math.pow(10, high));
    }
  }

  /** The axis over finite values; a logarithmic one leaves out what is not above zero. */
  static Axis over(DoubleStream values, boolean logarithmic) {
    double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    values
        .map(v -> logarithmic ? Math.log10(v) : v)
        .filter(Double::isFinite)
        .forEach(
            v -> {
              range[0] = Math.min(range[0], v);
              range[1] = Math.max(range[1], v);
            });
    if (range[0] < range[1]) {
      return new Axis(logarithmic, range[0], range[1]);
    }
    double middle = Double.isFinite(range[0]) ? range[0] : 0;
    return new Axis(logarithmic, middle - 0.5, middle + 0.5);
  }

  /** The ticks within the range, from the least. */
  List<Tick> ticks() {
    return Collections.unmodifiableList(ticks);
  }

  /** Where a value lies: 0 at the least, 1 at the largest, NaN where it cannot be drawn. */
  double share(double value) {
    double v = logarithmic ? Math.log10(value) : value;
    return Double.isFinite(v) ? (v - low) / (high - low) : Double.NaN;
  }

  private void powers() {
    int first = (int) Math.ceil(low - 1e-9);
    int last = (int) Math.floor(high + 1e-9);
    int step = Math.max(1, Math.ceilDiv(last - first + 1, MOST_TICKS));
    for (int power = first; power <= last; power += step) {
      ticks.add(tick(BigDecimal.ONE.scaleByPowerOfTen(power)));
    }
  }

  /** Multiples of 1, 2 or 5 times a power of ten. */
  private void rounds(double from, double to) {
    double least = (to - from) / MOST_TICKS;
    int power = (int) Math.floor(Math.log10(least));
    double mantissa = least / Math.pow(10, power);
    int rounded = mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10;
    BigDecimal step = BigDecimal.valueOf(rounded).scaleByPowerOfTen(power);
    double width = step.doubleValue();
    for (long i = (long) Math.ceil(from / width - 1e-9); i * width <= to + 1e-9 * width; i++) {
      ticks.add(tick(step.multiply(BigDecimal.valueOf(i))));
    }
  }

  private static Tick tick(BigDecimal exact) {
    double value = exact.doubleValue();
    double size = Math.abs(value);
    BigDecimal shortest = exact.stripTrailingZeros();
    String label;
    if (value == 0) {
      label = "0";
    } else if (size >= PLAIN || size < 1e-4) {
      int power = shortest.precision() - shortest.scale() - 1;
      label = shortest.scaleByPowerOfTen(-power).toPlainString() + "e" + power;
    } else {
      label = String.format(Locale.ROOT, "%,." + Math.max(0, shortest.scale()) + "f", exact);
    }
    return new Tick(value, label);
  }
}
