package chainrule.cli;

import chainrule.data.DataException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule train}. */
@Command(
    name = "train",
    description = {
      "Train a network and keep the model, its history and a report.",
      "",
      "The rows are split into training and test rows by the seed; the test rows are looked at"
          + " once, at the end. Ctrl-C ends the training after the current batch and keeps what was"
          + " learned."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule train digits",
      "  chainrule train --data flowers.csv --target species --epochs 50",
      "  chainrule train mnist --data-dir data/mnist --hidden 256,128 --epochs 5",
      "  chainrule train spirals --activation silu --seed 7 --json"
    })
final class TrainCommand implements Callable<Integer> {
  private static final int MOST_POINTS = 10_000_000;

  @ParentCommand private @Nullable Main main;

  @Parameters(index = "0", arity = "0..1", paramLabel = "DATA", description = "The same as --data.")
  private @Nullable String positional;

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private DataOptions.Columns columns = new DataOptions.Columns();
  @Mixin private StepOptions steps = new StepOptions();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides split, weights and order (default 1).")
  private long seed = 1;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How often all training rows are seen.")
  private @Nullable Integer epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Rows of a step.")
  private @Nullable Integer batch;

  @Option(
      names = "--hidden",
      paramLabel = "SIZES",
      description = "The hidden layers, such as 64,32; none for a linear model.")
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
      names = "--loss",
      paramLabel = "NAME",
      description =
          "For classes crossentropy (default), bce, hinge, squaredhinge, multimargin or mse; for"
              + " numbers mse (default), mae or huber.")
  private String loss = "";

  @Option(
      names = "--test",
      paramLabel = "SHARE",
      description = "The share of the rows that is held out (default 0.2).")
  private double test = 0.2;

  @Option(
      names = "--validation",
      paramLabel = "SHARE",
      description = "The share of the training rows set aside to watch the training (default 0).")
  private @Nullable Double validation;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after N epochs without a lower validation loss (sets 0.1 aside).")
  private int patience;

  @Option(
      names = "--best-weights",
      description = "Keep the weights with the lowest validation loss (sets 0.1 aside).")
  private boolean bestWeights;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads compute; the result is the same to the bit.")
  private @Nullable Integer threads;

  @Option(names = "--name", paramLabel = "NAME", description = "What the run is called.")
  private @Nullable String name;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the files go (default runs/NAME-TIME).")
  private @Nullable Path out;

  @Option(
      names = "--json",
      description = "Print a JSON object for each epoch and one at the end, and nothing else.")
  private boolean json;

  @Override
  public Integer call() {
    Main parent = Objects.requireNonNull(main);
    if (threads != null) {
      if (threads < 1 || threads > 1024) {
        throw new UsageException("--threads " + threads + ": a number from 1 to 1024");
      }
      System.setProperty("chainrule.threads", Integer.toString(threads));
    }
    String source = Sources.chosen(positional, data);
    checkNumbers();
    Loaded loaded = Sources.load(source, data, columns, test, seed);
    refuseOneClass(loaded, data.dataDir);
    TrainSettings settings = settings(loaded);
    TrainRun run = new TrainRun(parent.terminal(), parent.interrupt(), loaded, settings, json);
    return run.run(RunFolder.of(out, settings.name()));
  }

  /** Tables are checked where they are read; files of labels can hold a single class too. */
  private static void refuseOneClass(Loaded loaded, @Nullable Path folder) {
    if (!loaded.isClassification()) {
      return;
    }
    int[] labels = loaded.train().y().toIntArray();
    if (Arrays.stream(labels).distinct().count() < 2) {
      throw DataException.in(
          folder == null ? loaded.train().name() : folder.toString(),
          "every training row is of class '%s'; at least two classes are needed"
              .formatted(loaded.train().classNames().get(labels[0])));
    }
  }

  private void checkNumbers() {
    Choices.check(epochs == null || epochs >= 1, "--epochs", epochs, "1 or more");
    Choices.check(batch == null || batch >= 1, "--batch", batch, "1 or more");
    Choices.check(
        dropout == null || (dropout >= 0 && dropout < 1),
        "--dropout",
        dropout,
        "from 0 to below 1");
    Choices.check(test > 0 && test < 1, "--test", test, "above 0 and below 1");
    Choices.check(
        validation == null || (validation > 0 && validation < 1),
        "--validation",
        validation,
        "above 0 and below 1");
    Choices.check(patience >= 0, "--patience", patience, "0 or more");
    Choices.check(
        data.points() >= 10 && data.points() <= MOST_POINTS,
        "--samples",
        data.samples,
        "from 10 to " + MOST_POINTS);
    steps.check();
    if (hidden != null) {
      Choices.hidden(hidden);
    }
    if (activation != null) {
      Choices.activation(activation);
    }
  }

  private TrainSettings settings(Loaded loaded) {
    Recipe recipe = Recipe.of(loaded.kind(), loaded.train().size());
    StepSettings chosen = steps.settings(recipe);
    int usual = Optimizers.fullBatch(chosen.optimizer()) ? loaded.train().size() : recipe.batch();
    boolean watched = patience > 0 || bestWeights;
    return new TrainSettings(
        runName(loaded),
        loaded.kind(),
        data.noise,
        seed,
        hidden == null ? recipe.hidden() : Choices.hidden(hidden),
        Objects.requireNonNullElse(activation, recipe.activation()).toLowerCase(Locale.ROOT),
        Objects.requireNonNullElse(dropout, recipe.dropout()),
        Choices.lossName(loss, loaded.isClassification()),
        chosen,
        Objects.requireNonNullElse(batch, usual),
        Objects.requireNonNullElse(epochs, recipe.epochs()),
        test,
        Objects.requireNonNullElse(validation, watched ? 0.1 : 0.0),
        patience,
        bestWeights);
  }

  private String runName(Loaded loaded) {
    String chosen = Objects.requireNonNullElse(name, loaded.train().name());
    String safe = chosen.replaceAll("[^\\p{Alnum}._-]+", "-").replaceAll("^[.-]+", "");
    return safe.isEmpty() ? "run" : safe;
  }
}
