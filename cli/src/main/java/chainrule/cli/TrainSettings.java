package chainrule.cli;

import chainrule.cli.report.JsonText;
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
    String optimizer,
    double lr,
    String schedule,
    double weightDecay,
    double clip,
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
    map.put("optimizer", optimizer);
    map.put("lr", lr);
    map.put("schedule", schedule);
    map.put("weightDecay", weightDecay);
    if (clip < Double.POSITIVE_INFINITY) {
      map.put("clip", clip);
    }
    map.put("batch", batch);
    map.put("epochs", epochs);
    map.put("testShare", testShare);
    map.put("validationShare", validationShare);
    map.put("patience", patience);
    map.put("bestWeights", bestWeights);
    return map;
  }

  /** {@code AdamW, lr 0.02 (cosine), weight decay 0.01}. */
  String optimizerText() {
    String text = "%s, lr %s (%s)".formatted(optimizer, plain(lr), schedule);
    if (weightDecay > 0) {
      text += ", weight decay " + plain(weightDecay);
    }
    if (clip < Double.POSITIVE_INFINITY) {
      text += ", gradients clipped at " + plain(clip);
    }
    return text;
  }

  private static String plain(double x) {
    return JsonText.of(x);
  }
}
