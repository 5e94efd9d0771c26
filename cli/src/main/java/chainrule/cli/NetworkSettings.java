package chainrule.cli;

import chainrule.cli.report.JsonText;
import java.util.List;
import java.util.Map;

/**
 * What a network is made of.
 *
 * @param model a word of {@link Networks#MODELS}, or the name of a file with an architecture
 * @param hidden the sizes of the hidden layers; of a transformer the width, once for each block
 * @param dropout after every hidden layer
 * @param norm none, batch or layer
 * @param residual whether hidden layers have skip connections
 */
record NetworkSettings(
    String model,
    List<Integer> hidden,
    String activation,
    double dropout,
    String norm,
    boolean residual) {
  static final String NO_NORM = "none";

  /** Whether it is read from a file. */
  boolean fromFile() {
    return model.endsWith(".json");
  }

  /** Adds the settings by name; what is usual for fully connected layers is not said. */
  void addTo(Map<String, Object> map) {
    if (!model.equals(Networks.MLP)) {
      map.put("model", fromFile() ? "file" : model);
    }
    if (!fromFile()) {
      map.put("hidden", hidden);
      map.put("activation", activation);
      map.put("dropout", dropout);
    }
    if (!norm.equals(NO_NORM)) {
      map.put("norm", norm);
    }
    if (residual) {
      map.put("residual", true);
    }
  }

  /** {@code 64 → 128 relu → 10}, {@code cnn: 28×28 → … → 10}. */
  String text(String inputs, int outputs) {
    if (fromFile()) {
      return "%s: %s → … → %d".formatted(model, inputs, outputs);
    }
    boolean mlp = model.equals(Networks.MLP);
    StringBuilder text = new StringBuilder(mlp ? "" : model + ": ").append(inputs);
    if (model.equals(Networks.CNN) || model.equals(Networks.LENET)) {
      text.append(" → convolutions");
    }
    for (int size : hidden) {
      text.append(" → ").append(size);
      if (mlp || model.equals(Networks.CNN)) {
        text.append(' ').append(activation);
      }
    }
    text.append(" → ").append(outputs);
    if (dropout > 0 && !hidden.isEmpty()) {
      text.append(", dropout ").append(JsonText.of(dropout));
    }
    if (!norm.equals(NO_NORM)) {
      text.append(", ").append(norm).append(" norm");
    }
    return text.append(residual ? ", residual" : "").toString();
  }

  /** {@code 64 → 128 → 10}. */
  String sizes(String inputs, int outputs) {
    StringBuilder text = new StringBuilder(inputs);
    if (model.equals(Networks.MLP)) {
      hidden.forEach(size -> text.append(" → ").append(size));
    } else {
      text.append(" → ").append(fromFile() ? "…" : model);
    }
    return text.append(" → ").append(outputs).toString();
  }
}
