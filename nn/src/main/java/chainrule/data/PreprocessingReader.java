package chainrule.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link Preprocessing} from plain JSON values, trusting none of them. */
final class PreprocessingReader {
  private static final int MOST_COLUMNS = 10_000;

  private PreprocessingReader() {}

  static Preprocessing read(String place, Map<String, Object> map) {
    Fields fields = new Fields(place, map, Set.of("columns", "target"));
    List<Object> columns = Json.list(place + ": columns", fields.value("columns"));
    if (columns.isEmpty() || columns.size() > MOST_COLUMNS) {
      throw DataException.in(
          place, "columns: 1 to %d are expected, not %d".formatted(MOST_COLUMNS, columns.size()));
    }
    List<Preprocessing.Feature> features = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      Preprocessing.Feature feature = feature(place + ": columns[" + i + "]", columns.get(i));
      if (!names.add(feature.name())) {
        throw DataException.in(
            place, "columns: %s appears twice".formatted(DataException.quote(feature.name())));
      }
      features.add(feature);
    }
    Preprocessing.Target target = target(place + ": target", fields.value("target"));
    if (names.contains(target.name())) {
      throw DataException.in(
          place, "the target %s is also a column".formatted(DataException.quote(target.name())));
    }
    try {
      return new Preprocessing(features, target);
    } catch (DataException e) {
      throw new DataException(place + ": " + e.getMessage(), e);
    }
  }

  private static Preprocessing.Feature feature(String place, Object value) {
    Map<String, Object> map = Json.object(place, value);
    String type = new Fields(place, map).text("type");
    return switch (type) {
      case "numeric" -> {
        Fields fields = new Fields(place, map, Set.of("name", "type", "mean", "std"));
        yield new Preprocessing.Numeric(
            fields.text("name"), fields.number("mean"), fields.positive("std"));
      }
      case "categorical" -> {
        Fields fields = new Fields(place, map, Set.of("name", "type", "categories", "fill"));
        List<String> categories = fields.names("categories");
        String fill = fields.text("fill");
        if (!categories.isEmpty() && !categories.contains(fill)) {
          throw DataException.in(
              place, "fill: %s is not a category".formatted(DataException.quote(fill)));
        }
        yield new Preprocessing.Categorical(fields.text("name"), categories, fill);
      }
      default ->
          throw DataException.in(
              place,
              "type: %s is neither numeric nor categorical".formatted(DataException.quote(type)));
    };
  }

  private static Preprocessing.Target target(String place, Object value) {
    Map<String, Object> map = Json.object(place, value);
    if (map.containsKey("classes")) {
      Fields fields = new Fields(place, map, Set.of("name", "classes"));
      List<String> classes = fields.names("classes");
      if (classes.size() < 2) {
        throw DataException.in(place, "classes: at least two are needed, not " + classes.size());
      }
      return new Preprocessing.Classes(fields.text("name"), classes);
    }
    Fields fields = new Fields(place, map, Set.of("name", "mean", "std"));
    return new Preprocessing.Amount(
        fields.text("name"), fields.number("mean"), fields.positive("std"));
  }

  /** The fields of one object. */
  private record Fields(String place, Map<String, Object> map) {
    Fields(String place, Map<String, Object> map, Set<String> known) {
      this(place, map);
      for (String key : map.keySet()) {
        if (!known.contains(key)) {
          throw DataException.in(
              place, "the field %s is not known".formatted(DataException.quote(key)));
        }
      }
    }

    Object value(String key) {
      Object value = map.get(key);
      if (value == null) {
        throw DataException.in(place, "the field '%s' is missing".formatted(key));
      }
      return value;
    }

    String text(String key) {
      if (value(key) instanceof String text) {
        return text;
      }
      throw DataException.in(place, key + ": a text is expected");
    }

    double number(String key) {
      if (value(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
        return number.doubleValue();
      }
      throw DataException.in(place, key + ": a finite number is expected");
    }

    double positive(String key) {
      double number = number(key);
      if (number > 0) {
        return number;
      }
      throw DataException.in(place, key + ": a number above 0 is expected, not " + number);
    }

    List<String> names(String key) {
      List<String> names = Json.strings(place + "." + key, value(key));
      if (new HashSet<>(names).size() < names.size()) {
        throw DataException.in(place, key + ": a name appears twice");
      }
      return List.copyOf(names);
    }
  }
}
