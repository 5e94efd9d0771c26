package chainrule.data;

import java.util.Locale;
import java.util.Set;

/** What the text of a cell means. */
final class Cells {
  private static final Set<String> MISSING = Set.of("", "NA", "NaN", "?", "na", "nan", "NAN");
  private static final Set<String> INFINITE = Set.of("inf", "infinity", "∞");

  private Cells() {}

  static boolean isMissing(String cell) {
    return MISSING.contains(cell);
  }

  /** Whether the text is a decimal number: sign, digits with a point, exponent; nothing else. */
  static boolean isNumber(String cell) {
    int at = sign(cell, 0);
    int digits = digits(cell, at);
    int count = digits - at;
    at = digits;
    if (at < cell.length() && cell.charAt(at) == '.') {
      digits = digits(cell, at + 1);
      count += digits - at - 1;
      at = digits;
    }
    if (count == 0) {
      return false;
    }
    if (at < cell.length() && (cell.charAt(at) | 0x20) == 'e') {
      int exponent = sign(cell, at + 1);
      at = digits(cell, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == cell.length();
  }

  /** Whether the number in the text is finite as a float. */
  static boolean isFiniteNumber(String cell) {
    return isNumber(cell) && Math.abs(Double.parseDouble(cell)) <= Float.MAX_VALUE;
  }

  /** Whether the text means ∞, or a number beyond the range of a float. */
  static boolean isInfinite(String cell) {
    int start = sign(cell, 0);
    return INFINITE.contains(cell.substring(start).toLowerCase(Locale.ROOT))
        || (isNumber(cell) && !isFiniteNumber(cell));
  }

  /** Whether the text is a number once its only comma is read as a point. */
  static boolean hasDecimalComma(String cell) {
    int comma = cell.indexOf(',');
    return comma >= 0
        && cell.indexOf('.') < 0
        && isNumber(cell.substring(0, comma) + "." + cell.substring(comma + 1));
  }

  private static int sign(String cell, int at) {
    return at < cell.length() && (cell.charAt(at) == '-' || cell.charAt(at) == '+') ? at + 1 : at;
  }

  private static int digits(String cell, int at) {
    int end = at;
    while (end < cell.length() && cell.charAt(end) >= '0' && cell.charAt(end) <= '9') {
      end++;
    }
    return end;
  }
}
