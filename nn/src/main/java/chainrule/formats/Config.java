package chainrule.formats;

import chainrule.data.DataException;
import chainrule.nn.Module;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options of one layer in a model file, read strictly. */
record Config(String place, Map<String, Object> values) {
  void allow(Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw Header.fault(place, "the option %s is not known".formatted(DataException.quote(key)));
      }
    }
  }

  int size(String key) {
    return size(key, value(key));
  }

  private int size(String key, Object value) {
    if (value instanceof Long number && number >= 1 && number <= Integer.MAX_VALUE - 8) {
      return number.intValue();
    }
    throw Header.fault(
        place, "%s: a size from 1 up is expected, not %s".formatted(key, shown(value)));
  }

  int[] sizes(String key) {
    Object value = value(key);
    if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > 32) {
      throw Header.fault(place, key + ": a list of 1 to 32 sizes is expected");
    }
    int[] sizes = new int[list.size()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(key, list.get(i));
    }
    return sizes;
  }

  /** A number for the rows and one for the columns. */
  int[] pair(String key, int least) {
    if (value(key) instanceof List<?> list
        && list.size() == 2
        && list.get(0) instanceof Long h
        && list.get(1) instanceof Long w
        && Math.min(h, w) >= least
        && Math.max(h, w) <= Integer.MAX_VALUE - 8) {
      return new int[] {h.intValue(), w.intValue()};
    }
    throw Header.fault(
        place, "%s: a list of 2 numbers from %d up is expected".formatted(key, least));
  }

  /** The only one. */
  Module only(List<Module> children) {
    if (children.size() != 1) {
      throw Header.fault(place, "one child named body is expected");
    }
    return children.getFirst();
  }

  /** A few: a size of 1 to 1,000. */
  int few(String key) {
    int n = size(key);
    if (n > 1000) {
      throw Header.fault(place, "%s: at most 1,000 are expected, not %d".formatted(key, n));
    }
    return n;
  }

  /** {@code n} times a size. */
  int times(int n, int size) {
    if ((long) n * size > Integer.MAX_VALUE - 8) {
      throw Header.fault(place, "%d times the size %d is too large".formatted(n, size));
    }
    return n * size;
  }

  /** An index; negative ones count from the end. */
  int index(String key) {
    if (value(key) instanceof Long number && Math.abs(number.doubleValue()) < Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw Header.fault(place, key + ": an index is expected, not " + shown(value(key)));
  }

  /** A whole number from {@code least} up. */
  int whole(String key, int least) {
    if (value(key) instanceof Long number && number >= least && number <= Integer.MAX_VALUE - 8) {
      return number.intValue();
    }
    throw Header.fault(
        place,
        "%s: a whole number from %d up is expected, not %s"
            .formatted(key, least, shown(value(key))));
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  int dim(String key) {
    if (value(key) instanceof Long number && Math.abs(number) <= 32) {
      return number.intValue();
    }
    throw Header.fault(place, key + ": a dimension is expected, not " + shown(value(key)));
  }

  double number(String key) {
    if (value(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw Header.fault(place, key + ": a number is expected, not " + shown(value(key)));
  }

  boolean bool(String key) {
    if (value(key) instanceof Boolean bool) {
      return bool;
    }
    throw Header.fault(place, key + ": true or false is expected, not " + shown(value(key)));
  }

  /** As {@link #bool(String)}; an option that older files do not have. */
  boolean bool(String key, boolean otherwise) {
    return has(key) ? bool(key) : otherwise;
  }

  /** As {@link #number(String)}; an option that older files do not have. */
  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  String text(String key) {
    if (value(key) instanceof String text) {
      return text;
    }
    throw Header.fault(place, key + ": a text is expected, not " + shown(value(key)));
  }

  private Object value(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw Header.fault(place, "the option '%s' is missing".formatted(key));
    }
    return value;
  }

  private static String shown(Object value) {
    return DataException.quote(String.valueOf(value));
  }
}
