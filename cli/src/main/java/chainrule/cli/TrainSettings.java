package chainrule.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that decides a training, with the defaults filled in. */
record TrainSettings(
    String name,
    String data,
    @Nullable Double noise,
    long seed,
    NetworkSettings network,
    String loss,
    StepSettings steps,
    int batch,
    int epochs,
    double testShare,
    double validationShare,
    int patience,
    boolean bestWeights) {

  /** The settings by name, in order. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("data", data);
    if (noise != null) {
      map.put("noise", noise);
    }
    map.put("seed", seed);
    network.addTo(map);
    map.put("loss", loss);
    steps.addTo(map);
    map.put("batch", batch);
    map.put("epochs", epochs);
    map.put("testShare", testShare);
    map.put("validationShare", validationShare);
    map.put("patience", patience);
    map.put("bestWeights", bestWeights);
    return map;
  }
}
