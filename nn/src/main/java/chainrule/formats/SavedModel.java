package chainrule.formats;

import chainrule.data.Preprocessing;
import chainrule.nn.Module;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a model file holds.
 *
 * @param model the architecture with its weights
 * @param preprocessing the steps from a table's row to the model's input; null where the input is
 *     numbers already
 * @param classNames the names of the classes by label; empty for regression
 * @param training what is worth knowing about the training, as plain JSON values; nothing that
 *     changes from run to run, or equal weights would not give equal files
 */
public record SavedModel(
    Module model,
    @Nullable Preprocessing preprocessing,
    List<String> classNames,
    Map<String, Object> training) {
  /** Keeps copies, with the keys of {@code training} sorted. */
  public SavedModel {
    classNames = List.copyOf(classNames);
    training = sorted(training);
  }

  private static Map<String, Object> sorted(Map<?, ?> map) {
    Map<String, Object> copy = new TreeMap<>();
    map.forEach((key, value) -> copy.put(String.valueOf(key), sorted(value)));
    return Collections.unmodifiableMap(copy);
  }

  private static Object sorted(Object value) {
    return value instanceof Map<?, ?> map ? sorted(map) : value;
  }

  /** A model alone. */
  public static SavedModel of(Module model) {
    return new SavedModel(model, null, List.of(), Map.of());
  }
}
