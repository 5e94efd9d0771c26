package chainrule.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model file says about its training, so that the model can be measured and used later.
 *
 * <p>It holds what decides the weights and nothing else: no time, no path, no number of threads.
 */
record ModelNotes(
    String data,
    @Nullable Double noise,
    long seed,
    double testShare,
    String loss,
    List<String> features,
    int inputs,
    int samples) {

  static Map<String, Object> toMap(Loaded loaded, TrainSettings settings) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("data", loaded.kind());
    map.put("task", loaded.isClassification() ? "classification" : "regression");
    map.put("rows", (long) loaded.train().size() + loaded.test().size());
    map.put("features", loaded.train().featureNames());
    map.put("inputs", loaded.train().sampleShape().size());
    settings
        .toMap()
        .forEach(
            (key, value) -> {
              if (!key.equals("name") && !key.equals("data")) {
                map.put(key, value);
              }
            });
    return map;
  }

  /** The notes of a saved model; what is missing takes its usual value. */
  static ModelNotes of(Map<String, Object> map) {
    return new ModelNotes(
        map.get("data") instanceof String s ? s : Sources.CSV,
        map.get("noise") instanceof Number n ? n.doubleValue() : null,
        map.get("seed") instanceof Number n ? n.longValue() : 1,
        map.get("testShare") instanceof Number n ? n.doubleValue() : 0.2,
        map.get("loss") instanceof String s ? s : "",
        map.get("features") instanceof List<?> names
            ? names.stream().map(String::valueOf).toList()
            : List.of(),
        map.get("inputs") instanceof Number n ? n.intValue() : 0,
        map.get("rows") instanceof Number n ? n.intValue() : 0);
  }
}
