package chainrule.cli.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON: maps, lists, arrays of numbers, text, numbers, booleans and null, on one line.
 *
 * <p>The sign {@code <} is written as an escape, so that the text may stand in a script element.
 */
public final class JsonText {
  private JsonText() {}

  /** A value as JSON; NaN and infinities, which JSON has not, become null. */
  public static String of(Object value) {
    StringBuilder json = new StringBuilder();
    write(json, value);
    return json.toString();
  }

  private static void write(StringBuilder json, @Nullable Object value) {
    switch (value) {
      case null -> json.append("null");
      case Map<?, ?> map -> writeMap(json, map);
      case Iterable<?> items -> writeItems(json, items);
      case float[] x -> {
        String separator = "[";
        for (float v : x) {
          json.append(separator).append(number(v, Float.toString(v)));
          separator = ",";
        }
        json.append(x.length == 0 ? "[]" : "]");
      }
      case double[] x -> {
        String separator = "[";
        for (double v : x) {
          json.append(separator).append(number(v, Double.toString(v)));
          separator = ",";
        }
        json.append(x.length == 0 ? "[]" : "]");
      }
      case int[] x -> {
        String separator = "[";
        for (int v : x) {
          json.append(separator).append(v);
          separator = ",";
        }
        json.append(x.length == 0 ? "[]" : "]");
      }
      case Float x -> json.append(number(x, x.toString()));
      case Double x -> json.append(number(x, x.toString()));
      case Number x -> json.append(x);
      case Boolean x -> json.append(x);
      default -> writeText(json, value.toString());
    }
  }

  private static String number(double x, String text) {
    if (!Double.isFinite(x)) {
      return "null";
    }
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static void writeMap(StringBuilder json, Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.append(separator);
      writeText(json, String.valueOf(entry.getKey()));
      json.append(':');
      write(json, entry.getValue());
      separator = ",";
    }
    json.append(map.isEmpty() ? "{}" : "}");
  }

  private static void writeItems(StringBuilder json, Iterable<?> items) {
    json.append('[');
    String separator = "";
    for (Object item : items) {
      json.append(separator);
      write(json, item);
      separator = ",";
    }
    json.append(']');
  }

  private static void writeText(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> json.append('\\').append(c);
        case '\n' -> json.append("\\n");
        case '\t' -> json.append("\\t");
        case '<', '\u2028', '\u2029' -> json.append("\\u%04x".formatted((int) c));
        default -> json.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
    json.append('"');
  }
}
