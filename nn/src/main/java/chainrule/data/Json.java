package chainrule.data;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as plain values: {@code Map<String, Object>} in the order of the text, {@code List<Object>},
 * {@code String}, {@code Boolean}, {@code Long} and {@code Double}.
 *
 * <p>Reading is strict and bounded: no null, no key twice in an object, no whole number beyond a
 * long, no number beyond a double, nothing after the value, at most 64 levels, 5 million tokens and
 * 100 million characters. Writing is deterministic: keys in the order of the map, numbers as {@link
 * Double#toString(double)} and {@link Float#toString(float)} write them; a number that is not
 * finite, which JSON cannot express, becomes {@code null}.
 */
public final class Json {
  private static final int DEEPEST = 64;
  private static final int LONGEST = 100_000_000;
  private static final int MOST_TOKENS = 5_000_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxDocumentLength(LONGEST)
                  .maxTokenCount(MOST_TOKENS)
                  .maxStringLength(LONGEST)
                  .maxNameLength(50_000)
                  .maxNumberLength(400)
                  .build())
          .build();

  private Json() {}

  /**
   * Reads a value.
   *
   * @param name the file or field that the text comes from, for messages
   */
  public static Object parse(String name, String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw DataException.in(name, "empty where JSON is expected");
      }
      Object value = value(name, parser, first);
      if (parser.nextToken() != null) {
        throw at(name, parser, "there is text after the end of the value");
      }
      return value;
    } catch (JacksonException e) {
      String reason = e.getOriginalMessage();
      long line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new DataException(name + ":" + line + ": not JSON: " + firstSentence(reason), e);
    }
  }

  /** Reads an object. */
  public static Map<String, Object> parseObject(String name, String text) {
    return object(name, parse(name, text));
  }

  private static String firstSentence(@Nullable String reason) {
    if (reason == null) {
      return "unreadable";
    }
    int end = reason.indexOf('\n');
    String first = end < 0 ? reason : reason.substring(0, end);
    return first.replaceFirst(" \\(start marker at .*", "").replaceAll(", from `[^`]*`", "");
  }

  private static DataException at(String name, JsonParser parser, String sentence) {
    return DataException.at(name, parser.currentTokenLocation().getLineNr(), sentence);
  }

  private static Object value(String name, JsonParser parser, JsonToken token) {
    return switch (token) {
      case START_OBJECT -> object(name, parser);
      case START_ARRAY -> array(name, parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> whole(name, parser);
      case VALUE_NUMBER_FLOAT -> decimal(name, parser);
      default -> throw at(name, parser, "null stands where a value is expected");
    };
  }

  private static Map<String, Object> object(String name, JsonParser parser) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Object value = value(name, parser, parser.nextToken());
      if (map.put(key, value) != null) {
        throw at(name, parser, "the key %s appears twice".formatted(DataException.quote(key)));
      }
    }
    return map;
  }

  private static List<Object> array(String name, JsonParser parser) {
    List<Object> list = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      list.add(value(name, parser, token));
      token = parser.nextToken();
    }
    return list;
  }

  private static Long whole(String name, JsonParser parser) {
    BigInteger value = parser.getBigIntegerValue();
    if (value.bitLength() > 63) {
      throw at(name, parser, "a whole number is beyond 64 bits");
    }
    return value.longValue();
  }

  private static Double decimal(String name, JsonParser parser) {
    double value = parser.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw at(name, parser, "a number is beyond the range of a double");
    }
    return value;
  }

  /** The value as an object, or an error that says what stands there. */
  public static Map<String, Object> object(String place, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw DataException.in(place, "an object is expected, not " + kind(value));
    }
    Map<String, Object> object = new LinkedHashMap<>();
    map.forEach((key, element) -> object.put((String) key, element));
    return object;
  }

  /** The value as a list, or an error that says what stands there. */
  public static List<Object> list(String place, Object value) {
    if (!(value instanceof List<?> list)) {
      throw DataException.in(place, "a list is expected, not " + kind(value));
    }
    return new ArrayList<>(list);
  }

  /** The value as a list of texts, or an error that says what stands there. */
  public static List<String> strings(String place, Object value) {
    List<String> strings = new ArrayList<>();
    for (Object element : list(place, value)) {
      if (!(element instanceof String text)) {
        throw DataException.in(place, "a list of texts is expected; it holds " + kind(element));
      }
      strings.add(text);
    }
    return strings;
  }

  private static String kind(Object value) {
    return switch (value) {
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "a list";
      case String text -> DataException.quote(text);
      default -> String.valueOf(value);
    };
  }

  /** Writes a value on one line, without spaces. */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, -1);
    return out.toString();
  }

  /** Writes a value indented by two spaces, with a line end at its end. */
  public static String writePretty(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(out, value, 0);
    return out.append('\n').toString();
  }

  private static void write(StringBuilder out, @Nullable Object value, int indent) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> {
        out.append('{');
        String separator = "";
        int inner = indent < 0 ? -1 : indent + 1;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          newLine(out, inner);
          quoted(out, String.valueOf(entry.getKey()));
          out.append(indent < 0 ? ":" : ": ");
          write(out, entry.getValue(), inner);
          separator = ",";
        }
        newLine(out, map.isEmpty() ? -1 : indent);
        out.append('}');
      }
      case Collection<?> list -> {
        out.append('[');
        boolean block = indent >= 0 && list.stream().anyMatch(Map.class::isInstance);
        int inner = indent < 0 ? -1 : indent + 1;
        String separator = "";
        for (Object element : list) {
          out.append(separator);
          newLine(out, block ? inner : -1);
          write(out, element, inner);
          separator = indent < 0 || block ? "," : ", ";
        }
        newLine(out, block ? indent : -1);
        out.append(']');
      }
      case Double number -> out.append(Double.isFinite(number) ? number.toString() : "null");
      case Float number -> out.append(Float.isFinite(number) ? number.toString() : "null");
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      default -> quoted(out, value.toString());
    }
  }

  private static void newLine(StringBuilder out, int indent) {
    if (indent >= 0) {
      out.append('\n').repeat("  ", indent);
    }
  }

  private static void quoted(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20
              || c == '\u2028'
              || c == '\u2029'
              || (Character.isSurrogate(c) && alone(text, i))) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean alone(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
  }
}
