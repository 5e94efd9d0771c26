package chainrule.cli;

import chainrule.nn.Dropout;
import chainrule.nn.ELU;
import chainrule.nn.GELU;
import chainrule.nn.LeakyReLU;
import chainrule.nn.Linear;
import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.Mish;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.SELU;
import chainrule.nn.Sequential;
import chainrule.nn.SiLU;
import chainrule.nn.Sigmoid;
import chainrule.nn.Softplus;
import chainrule.nn.Tanh;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the words of the options {@code --activation --loss} stand for. */
final class Choices {
  private static final Map<String, Supplier<Module>> ACTIVATIONS =
      Map.ofEntries(
          Map.entry("relu", ReLU::new),
          Map.entry("tanh", Tanh::new),
          Map.entry("sigmoid", Sigmoid::new),
          Map.entry("gelu", GELU::new),
          Map.entry("silu", SiLU::new),
          Map.entry("elu", ELU::new),
          Map.entry("selu", SELU::new),
          Map.entry("leakyrelu", LeakyReLU::new),
          Map.entry("softplus", Softplus::new),
          Map.entry("mish", Mish::new));

  private Choices() {}

  /** Fully connected layers with an activation, and dropout if any, after all but the last. */
  static Sequential network(
      int inputs, int outputs, List<Integer> hidden, String activation, double dropout) {
    List<Module> layers = new ArrayList<>();
    int width = inputs;
    for (int size : hidden) {
      layers.add(new Linear(width, size));
      layers.add(activation(activation));
      if (dropout > 0) {
        layers.add(new Dropout(dropout));
      }
      width = size;
    }
    layers.add(new Linear(width, outputs));
    return new Sequential(layers);
  }

  static Module activation(String name) {
    Supplier<Module> made = ACTIVATIONS.get(name.toLowerCase(Locale.ROOT));
    if (made == null) {
      throw unknown("--activation", name, ACTIVATIONS.keySet().stream().sorted().toList());
    }
    return made.get();
  }

  /**
   * The hidden layers' sizes from a text such as {@code 64,32}; {@code 0} or {@code none}: none.
   */
  static List<Integer> hidden(String text) {
    if (text.equals("0") || text.equalsIgnoreCase("none")) {
      return List.of();
    }
    List<Integer> sizes = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      try {
        int size = Integer.parseInt(part.strip());
        if (size < 1 || size > 1_000_000) {
          throw new UsageException("--hidden " + text + ": a layer has 1 to 1,000,000 units");
        }
        sizes.add(size);
      } catch (NumberFormatException e) {
        throw new UsageException(
            "--hidden %s: '%s' is not a whole number; write sizes such as 64,32, or none"
                .formatted(text, part));
      }
    }
    return sizes;
  }

  /** The loss for classes or for a number; {@code ""} is the usual one. */
  static Loss loss(String name, boolean classes) {
    return switch (lossName(name, classes)) {
      case "crossentropy" -> Losses::crossEntropy;
      case "bce" -> (scores, labels) -> Losses.bceWithLogits(scores, oneHot(scores, labels));
      case "hinge" ->
          (scores, labels) -> Losses.hinge(scores, oneHot(scores, labels).mul(2).sub(1));
      case "squaredhinge" ->
          (scores, labels) -> Losses.squaredHinge(scores, oneHot(scores, labels).mul(2).sub(1));
      case "multimargin" -> Losses::multiMargin;
      case "mae" -> Losses::l1;
      case "huber" -> Losses::huber;
      default ->
          classes ? (scores, labels) -> Losses.mse(scores, oneHot(scores, labels)) : Losses::mse;
    };
  }

  /** The loss's name, checked. */
  static String lossName(String name, boolean classes) {
    List<String> known =
        classes
            ? List.of("crossentropy", "bce", "hinge", "squaredhinge", "multimargin", "mse")
            : List.of("mse", "mae", "huber");
    String chosen =
        name.isEmpty() ? known.getFirst() : name.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    if (!known.contains(chosen)) {
      throw new UsageException(
          "--loss %s: for %s use one of %s"
              .formatted(
                  name,
                  classes ? "a target of classes" : "a numeric target",
                  String.join(", ", known)));
    }
    return chosen;
  }

  private static Tensor oneHot(Tensor scores, Tensor labels) {
    return labels.oneHot(scores.size(1));
  }

  /** What a classifier's outputs say about the classes; a row sums to 1. */
  static Tensor probabilities(Tensor outputs, String loss) {
    if (loss.equals("bce")) {
      Tensor each = outputs.sigmoid();
      return each.div(each.sum(1, true));
    }
    return outputs.softmax(1);
  }

  /** The word as it is known, in small letters and without dashes. */
  static String known(String option, String word, List<String> known) {
    String plain = word.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    if (!known.contains(plain)) {
      throw unknown(option, word, known);
    }
    return plain;
  }

  static void check(boolean good, String option, @Nullable Object value, String wanted) {
    if (!good) {
      throw new UsageException("%s %s: must be %s".formatted(option, value, wanted));
    }
  }

  private static UsageException unknown(String option, String word, List<String> known) {
    return new UsageException(
        "%s %s: known are %s".formatted(option, word, String.join(", ", known)));
  }
}
