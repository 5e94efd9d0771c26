package chainrule.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers and tables for people, and rounded numbers for programs. */
public final class Text {
  private Text() {}

  /** Four significant digits; what is not finite stays as it is. */
  public static double rounded(double x) {
    return Double.isFinite(x) ? new BigDecimal(x).round(new MathContext(4)).doubleValue() : x;
  }

  /** A time in the unit that suits it, {@code 2.34 ms}. */
  public static String time(double micros) {
    return micros < 1000
        ? three(micros) + " µs"
        : micros < 1e6 ? three(micros / 1e3) + " ms" : three(micros / 1e6) + " s";
  }

  /** Three significant digits, without an exponent. */
  public static String three(double x) {
    if (!Double.isFinite(x)) {
      return "–";
    }
    double size = Math.abs(x);
    int decimals = size < 1e-3 ? 3 : Math.clamp(2 - (long) Math.floor(Math.log10(size)), 0, 3);
    return String.format(Locale.ROOT, "%." + decimals + "f", x);
  }

  /** {@code 87 %}. */
  public static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.0f %%", 100 * share) : "–";
  }

  /** A count of bytes, {@code 16.0 MiB}. */
  public static String bytes(long n) {
    return n < 0
        ? "–"
        : n < 10_240
            ? n + " B"
            : n < 10 << 20 ? three(n / 1024.0) + " KiB" : three(n / 1048576.0) + " MiB";
  }

  /** Rows of cells in columns; the first {@code left} columns begin at the left. */
  public static List<String> table(List<List<String>> rows, int left) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? "" : "  ")
            .append(i < left ? row.get(i) + padding : padding + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
