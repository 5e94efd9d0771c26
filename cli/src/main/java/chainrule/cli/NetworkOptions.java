package chainrule.cli;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which network is trained. */
final class NetworkOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      description =
          "mlp (default), cnn, lenet, lstm, gru, transformer, or a file .json with an"
              + " architecture.")
  private String model = Networks.MLP;

  @Option(
      names = "--hidden",
      paramLabel = "SIZES",
      description =
          "The hidden layers, such as 64,32; none for a linear model. Of a transformer the width,"
              + " once for each block.")
  private @Nullable String hidden;

  @Option(
      names = "--activation",
      paramLabel = "NAME",
      description = "relu, tanh, sigmoid, gelu, silu, elu, selu, leakyrelu, softplus or mish.")
  private @Nullable String activation;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "The share of hidden units dropped in training.")
  private @Nullable Double dropout;

  @Option(
      names = "--norm",
      paramLabel = "NAME",
      description = "none (default), batch or layer: normalises before every activation.")
  private String norm = NetworkSettings.NO_NORM;

  @Option(names = "--residual", description = "Skip connections around the hidden layers.")
  private boolean residual;

  /** Refuses what is wrong whatever the data. */
  void check() {
    if (dropout != null && !(dropout >= 0 && dropout < 1)) {
      throw new UsageException("--dropout %s: must be from 0 to below 1".formatted(dropout));
    }
    if (hidden != null) {
      Choices.hidden(hidden);
    }
    if (activation != null) {
      Choices.activation(activation);
    }
    String word = Networks.model(model);
    Networks.norm(norm);
    if (word.endsWith(".json")
        && (hidden != null
            || activation != null
            || dropout != null
            || residual
            || !norm.equals(NetworkSettings.NO_NORM))) {
      throw new UsageException(
          "--model %s: the file decides the layers; leave out --hidden, --activation, --dropout,"
                  .formatted(model)
              + " --norm and --residual");
    }
  }

  /** The settings, with what suits the data where nothing is said. */
  NetworkSettings settings(Recipe recipe) {
    String word = Networks.model(model);
    List<Integer> usual =
        switch (word) {
          case Networks.CNN, Networks.LSTM, Networks.GRU -> List.of(128);
          case Networks.LENET -> List.of(120, 84);
          case Networks.TRANSFORMER -> List.of(64, 64);
          default -> recipe.hidden();
        };
    String function =
        switch (word) {
          case Networks.CNN -> "relu";
          case Networks.LENET -> "tanh";
          default -> recipe.activation();
        };
    return new NetworkSettings(
        word,
        hidden == null ? usual : Choices.hidden(hidden),
        Objects.requireNonNullElse(activation, function).toLowerCase(Locale.ROOT),
        Objects.requireNonNullElse(dropout, word.equals(Networks.MLP) ? recipe.dropout() : 0.0),
        Networks.norm(norm),
        residual);
  }
}
