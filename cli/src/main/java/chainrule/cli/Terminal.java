package chainrule.cli;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Where a command writes: results on {@code out}, complaints on {@code err}.
 *
 * @param interactive whether {@code out} is a terminal with a person before it, so that a line may
 *     be rewritten
 * @param colour whether colours are wanted
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {

  /** For redirected output and tests: no colours, no rewriting. */
  static Terminal plain(PrintWriter out, PrintWriter err) {
    return new Terminal(out, err, false, false);
  }

  String bold(String text) {
    return styled("1", text);
  }

  String dim(String text) {
    return styled("2", text);
  }

  String accent(String text) {
    return styled("36", text);
  }

  private String styled(String code, String text) {
    return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /** A line "label text" of a header or summary. */
  void field(String label, String text) {
    out.println(dim("%-11s".formatted(label)) + text);
    out.flush();
  }

  /** {@code 98.1 %}. */
  static String percent(double share) {
    return Double.isNaN(share) ? "–" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Four significant digits, {@code 0.07123}. */
  static String number(double x) {
    if (Double.isNaN(x)) {
      return "–";
    }
    double size = Math.abs(x);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.3e", x);
    }
    int decimals = size == 0 ? 1 : Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
    return String.format(Locale.ROOT, "%." + decimals + "f", x);
  }

  /** {@code 143,210}. */
  static String count(double n) {
    return Double.isNaN(n) ? "–" : String.format(Locale.ROOT, "%,d", Math.round(n));
  }
}
