package chainrule.examples.reproduce;

import java.util.Locale;

/**
 * A published figure and what came out here.
 *
 * @param what what is measured
 * @param expected what was published, with the tolerance under which it counts as reproduced
 * @param got what was computed
 * @param difference how far that is from the published number, or from the bound
 * @param reproduced whether it is within the tolerance
 */
public record Figure(
    String what, String expected, double got, double difference, boolean reproduced) {
  /** A number with all its digits, {@code 2,225}, {@code 0.1} or {@code 1e-12}. */
  public static String text(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15
        ? String.format(Locale.ROOT, "%,d", (long) x)
        : Double.toString(x).replace(".0E", "E").replace('E', 'e');
  }
}
