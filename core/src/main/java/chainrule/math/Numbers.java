package chainrule.math;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them: a real minus sign, no needless zeros, ∞ for infinity. */
public final class Numbers {
  private Numbers() {}

  /** A number to four digits. */
  public static String brief(double v) {
    if (Double.isNaN(v) || Double.isInfinite(v) || v == 0) {
      return Double.isNaN(v) ? "NaN" : v == 0 ? "0" : v > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(v);
    BigDecimal rounded = new BigDecimal(v).round(new MathContext(4));
    String s =
        size >= 1e-3 && size < 1e6
            ? rounded.stripTrailingZeros().toPlainString()
            : String.format(Locale.ROOT, "%.3e", v)
                .replaceFirst("\\.?0*e", "e")
                .replaceFirst("e([+-])0?", "e$1")
                .replace("e+", "e");
    return s.replace('-', '−');
  }

  /** A number with every digit that tells it from its neighbours in double precision. */
  public static String exact(double v) {
    return Double.isFinite(v) ? tidy(Double.toString(v)) : brief(v);
  }

  /** A number with every digit that tells it from its neighbours in single precision. */
  public static String exact(float v) {
    return Float.isFinite(v) ? tidy(Float.toString(v)) : brief(v);
  }

  private static String tidy(String s) {
    return s.replaceFirst("\\.0(?=$|E)", "").replace('E', 'e').replace('-', '−');
  }
}
