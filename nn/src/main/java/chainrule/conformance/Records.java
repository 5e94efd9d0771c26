package chainrule.conformance;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads records. */
final class Records {
  private Records() {}

  /** The components of a public record by name. */
  static Map<String, Object> values(Record options) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : options.getClass().getRecordComponents()) {
      try {
        values.put(component.getName(), String.valueOf(component.getAccessor().invoke(options)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(options + ": " + component.getName(), e);
      }
    }
    return values;
  }
}
