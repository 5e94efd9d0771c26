package chainrule.formats;

import chainrule.data.Preprocessing;
import chainrule.nn.Module;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  /** Keeps copies in the given order. */
  public SavedModel {
    classNames = List.copyOf(classNames);
    training = Collections.unmodifiableMap(new LinkedHashMap<>(training));
  }

  /** A model alone. */
  public static SavedModel of(Module model) {
    return new SavedModel(model, null, List.of(), Map.of());
  }
}
