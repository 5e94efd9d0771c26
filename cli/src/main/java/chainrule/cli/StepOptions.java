package chainrule.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a step of a training changes the weights. */
final class StepOptions {
  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "The learning rate at the start, or at its highest.")
  private @Nullable Double lr;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "How it moves: constant, linear, cosine (default), step, multistep, exponential,"
              + " polynomial, restarts, onecycle, cyclic or plateau.")
  private String schedule = "cosine";

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Over how many epochs it rises to the start (default 0).")
  private int warmup;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description =
          "sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, amsgrad, adamw (default),"
              + " adamax, nadam, radam, lamb, lion; for all rows at once rprop or lbfgs.")
  private @Nullable String optimizer;

  @Option(names = "--weight-decay", paramLabel = "X", description = "How strongly weights shrink.")
  private @Nullable Double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description = "Scale gradients that are longer than this to this length.")
  private double clip = Double.POSITIVE_INFINITY;

  @Option(
      names = "--clip-value",
      paramLabel = "X",
      description = "Limit each element of a gradient to this magnitude, before --clip.")
  private double clipValue = Double.POSITIVE_INFINITY;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description = "Of how many batches the gradients make one step (default 1).")
  private int accumulate = 1;

  @Option(
      names = "--ema",
      paramLabel = "X",
      description = "Keep a moving average of the weights, of which a step leaves this share.")
  private double ema;

  @Option(
      names = "--no-compile",
      description = "Run every step as it is written; slower, with the same bits.")
  private boolean eager;

  /** Refuses numbers and words that make no sense. */
  void check() {
    Choices.check(lr == null || (lr > 0 && Double.isFinite(lr)), "--lr", lr, "above 0");
    Choices.check(
        weightDecay == null || (weightDecay >= 0 && Double.isFinite(weightDecay)),
        "--weight-decay",
        weightDecay,
        "0 or more");
    Choices.check(clip > 0, "--clip", clip, "above 0");
    Choices.check(clipValue > 0, "--clip-value", clipValue, "above 0");
    Choices.check(warmup >= 0, "--warmup", warmup, "0 or more");
    Choices.check(accumulate >= 1, "--accumulate", accumulate, "1 or more");
    Choices.check(ema >= 0 && ema < 1, "--ema", ema, "from 0 to below 1");
    Schedules.name(schedule, warmup);
    if (optimizer != null) {
      String name = Optimizers.name(optimizer);
      if (Optimizers.fullBatch(name) && weightDecay != null && weightDecay > 0) {
        throw new UsageException(
            "--weight-decay %s: %s has none; leave it out".formatted(weightDecay, name));
      }
    }
  }

  /** The settings, from the recipe where nothing was said. */
  StepSettings settings(Recipe recipe) {
    String chosen = Optimizers.name(Objects.requireNonNullElse(optimizer, recipe.optimizer()));
    return new StepSettings(
        chosen,
        Objects.requireNonNullElse(lr, Optimizers.usualRate(chosen, recipe)),
        Schedules.name(schedule, warmup),
        warmup,
        Objects.requireNonNullElse(weightDecay, Optimizers.usualDecay(chosen, recipe)),
        clip,
        clipValue,
        accumulate,
        ema,
        !eager);
  }
}
