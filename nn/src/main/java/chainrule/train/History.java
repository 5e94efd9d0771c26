package chainrule.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a {@link Trainer#fit} did, epoch by epoch.
 *
 * @param epochs one entry per epoch, in order
 * @param outcome why the fit ended
 * @param bestEpoch the epoch, counted from 1, with the lowest validation loss; 0 without a
 *     validation set
 */
public record History(List<Epoch> epochs, Outcome outcome, int bestEpoch) {

  private static final List<String> FIGURES =
      List.of(
          "trainLoss",
          "trainAccuracy",
          "valLoss",
          "valAccuracy",
          "lr",
          "seconds",
          "samplesPerSecond");

  /** Keeps a copy of the list. */
  public History {
    epochs = List.copyOf(epochs);
  }

  /** Why a fit ended. */
  public enum Outcome {
    /** Every epoch was run. */
    FINISHED,
    /** The validation loss did not fall for as many epochs as patience allows. */
    STOPPED_EARLY,
    /** {@link FitOptions#stop} said so; the last epoch may be a part of one. */
    INTERRUPTED,
    /** The loss became NaN or infinite. */
    DIVERGED
  }

  /**
   * One epoch. A figure that does not exist (accuracy in a regression, validation without a
   * validation set) is NaN.
   *
   * @param epoch counted from 1
   * @param trainLoss mean over the rows, each measured just before its step
   * @param trainAccuracy the same for accuracy, between 0 and 1
   * @param valLoss on the validation set, after the epoch
   * @param valAccuracy on the validation set, after the epoch
   * @param lr the learning rate at the end of the epoch
   * @param seconds the time the training took, validation excluded
   * @param samplesPerSecond rows learned in a second
   * @param gradientNorms for each layer the Euclidean norm of its parameters' gradients before
   *     clipping, mean over the batches
   */
  public record Epoch(
      int epoch,
      double trainLoss,
      double trainAccuracy,
      double valLoss,
      double valAccuracy,
      double lr,
      double seconds,
      double samplesPerSecond,
      Map<String, Double> gradientNorms) {

    /** Keeps an unmodifiable view of the norms, in the model's order. */
    public Epoch {
      gradientNorms = Collections.unmodifiableMap(new LinkedHashMap<>(gradientNorms));
    }

    /** One line: an object with the components' names as keys. */
    public String toJson() {
      StringBuilder json = new StringBuilder("{\"epoch\": ").append(epoch);
      double[] figures = figures();
      for (int i = 0; i < figures.length; i++) {
        json.append(", ").append(jsonText(FIGURES.get(i))).append(": ");
        json.append(jsonNumber(figures[i]));
      }
      json.append(", \"gradientNorms\": {");
      String separator = "";
      for (var norm : gradientNorms.entrySet()) {
        json.append(separator).append(jsonText(norm.getKey())).append(": ");
        json.append(jsonNumber(norm.getValue()));
        separator = ", ";
      }
      return json.append("}}").toString();
    }

    private double[] figures() {
      return new double[] {
        trainLoss, trainAccuracy, valLoss, valAccuracy, lr, seconds, samplesPerSecond
      };
    }
  }

  /** The last epoch's training loss; NaN if there was no epoch. */
  public double finalLoss() {
    return epochs.isEmpty() ? Double.NaN : epochs.getLast().trainLoss();
  }

  /** Rows learned in a second, over all epochs; NaN if there was no epoch. */
  public double samplesPerSecond() {
    double rows = 0;
    double seconds = 0;
    for (Epoch e : epochs) {
      rows += e.samplesPerSecond() * e.seconds();
      seconds += e.seconds();
    }
    return seconds > 0 ? rows / seconds : Double.NaN;
  }

  /** The names of the layers that have gradient norms, in the model's order. */
  public List<String> layers() {
    Set<String> names = new LinkedHashSet<>();
    for (Epoch e : epochs) {
      names.addAll(e.gradientNorms().keySet());
    }
    return new ArrayList<>(names);
  }

  /**
   * A table with a header and a line per epoch; a missing figure is an empty cell, and a layer's
   * gradient norm stands in the column {@code gradientNorm:} and its name.
   */
  public String toCsv() {
    List<String> layers = layers();
    StringBuilder csv = new StringBuilder("epoch,").append(String.join(",", FIGURES));
    for (String layer : layers) {
      csv.append(',').append(csvCell("gradientNorm:" + layer));
    }
    csv.append('\n');
    for (Epoch e : epochs) {
      csv.append(e.epoch());
      for (double figure : e.figures()) {
        csv.append(',').append(csvNumber(figure));
      }
      for (String layer : layers) {
        csv.append(',').append(csvNumber(e.gradientNorms().getOrDefault(layer, Double.NaN)));
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  /**
   * A JSON object with {@code outcome}, {@code bestEpoch} (0 if there is none) and {@code epochs};
   * a missing figure is {@code null}.
   */
  public String toJson() {
    StringBuilder json = new StringBuilder("{\n  \"outcome\": ");
    json.append(jsonText(outcome.name().toLowerCase(Locale.ROOT)));
    json.append(",\n  \"bestEpoch\": ").append(bestEpoch).append(",\n  \"epochs\": [");
    String separator = "\n";
    for (Epoch e : epochs) {
      json.append(separator).append("    ").append(e.toJson());
      separator = ",\n";
    }
    return json.append(epochs.isEmpty() ? "]\n}\n" : "\n  ]\n}\n").toString();
  }

  private static String csvNumber(double x) {
    return Double.isNaN(x) ? "" : Double.toString(x);
  }

  private static String csvCell(String text) {
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String jsonNumber(double x) {
    return Double.isFinite(x) ? Double.toString(x) : "null";
  }

  private static String jsonText(String text) {
    StringBuilder s = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        s.append('\\').append(c);
      } else if (c < 0x20) {
        s.append("\\u%04x".formatted((int) c));
      } else {
        s.append(c);
      }
    }
    return s.append('"').toString();
  }
}
