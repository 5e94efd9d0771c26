package chainrule.cli;

import chainrule.cli.report.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that decides a training, with the defaults filled in. */
record TrainSettings(
    String name,
    String data,
    @Nullable Double noise,
    long seed,
    List<Integer> hidden,
    String activation,
    double dropout,
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
    map.put("hidden", hidden);
    map.put("activation", activation);
    map.put("dropout", dropout);
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

  /** {@code 64 → 128 relu → 10}. */
  String networkText(int inputs, int outputs) {
    StringBuilder text = new StringBuilder().append(inputs);
    for (int size : hidden) {
      text.append(" → ").append(size).append(' ').append(activation);
    }
    text.append(" → ").append(outputs);
    if (dropout > 0 && !hidden.isEmpty()) {
      text.append(", dropout ").append(plain(dropout));
    }
    return text.toString();
  }

  private static String plain(double x) {
    return JsonText.of(x);
  }
}
