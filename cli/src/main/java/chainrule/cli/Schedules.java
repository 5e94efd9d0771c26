package chainrule.cli;

import chainrule.optim.CosineAnnealingWarmRestarts;
import chainrule.optim.CyclicLR;
import chainrule.optim.ExponentialLR;
import chainrule.optim.LRScheduler;
import chainrule.optim.LambdaLR;
import chainrule.optim.LinearLR;
import chainrule.optim.MultiStepLR;
import chainrule.optim.OneCycleLR;
import chainrule.optim.Optimizer;
import chainrule.optim.PolynomialLR;
import chainrule.optim.ReduceLROnPlateau;
import chainrule.optim.SequentialLR;
import chainrule.optim.StepLR;
import chainrule.train.FitOptions;
import java.util.List;

/**
 * What the words of {@code --schedule} stand for, in proportion to the length of the training.
 *
 * <p>Without a warm-up a schedule moves from epoch to epoch, but for those made for steps.
 */
final class Schedules {
  static final List<String> NAMES =
      List.of(
          "constant",
          "cosine",
          "cyclic",
          "exponential",
          "linear",
          "multistep",
          "onecycle",
          "plateau",
          "polynomial",
          "restarts",
          "step");

  /** How far a warm-up starts below the rate, and a cycle below its top. */
  private static final double LOW = 0.01;

  private static final double CYCLE_LOW = 0.1;

  private Schedules() {}

  /** The schedule's name, checked, and whether it goes with a warm-up. */
  static String name(String name, int warmup) {
    String known = Choices.known("--schedule", name, NAMES);
    if (warmup > 0 && (known.equals("onecycle") || known.equals("cyclic"))) {
      throw new UsageException(
          "--warmup %d: the schedule %s begins low of itself; leave one of them out"
              .formatted(warmup, known));
    }
    return known;
  }

  /** The options with the schedule of the settings, for a training on so many rows. */
  static FitOptions add(FitOptions options, StepSettings steps, Optimizer optimizer, int rows) {
    int epochs = options.epochs();
    int all = Math.max(1, options.steps(rows));
    boolean cycled = optimizer.paramGroups().getFirst().hasMomentum();
    int warm = Math.min(all - 1, all / Math.max(1, epochs) * steps.warmup());
    return switch (steps.schedule()) {
      case "onecycle" -> {
        var cycle = OneCycleLR.options().cycleMomentum(cycled);
        yield options.stepScheduler(new OneCycleLR(optimizer, steps.lr(), all, cycle));
      }
      case "cyclic" -> {
        int up = Math.max(1, all / 8);
        var cycle = CyclicLR.options().stepSizeUp(up).cycleMomentum(cycled);
        double low = steps.lr() * CYCLE_LOW;
        yield options.stepScheduler(new CyclicLR(optimizer, low, steps.lr(), cycle));
      }
      case "plateau" -> {
        FitOptions warmed =
            warm == 0 ? options : options.stepScheduler(new LinearLR(optimizer, LOW, 1, warm));
        var plateau = ReduceLROnPlateau.options().factor(0.3).patience(Math.max(2, epochs / 12));
        yield warmed.scheduler(new ReduceLROnPlateau(optimizer, plateau));
      }
      default -> {
        if (warm == 0) {
          yield options.scheduler(over(steps.schedule(), optimizer, epochs));
        }
        LRScheduler rise = new LinearLR(optimizer, LOW, 1, warm);
        LRScheduler rest = over(steps.schedule(), optimizer, all - warm);
        yield options.stepScheduler(new SequentialLR(List.of(rise, rest), List.of(warm)));
      }
    };
  }

  /** A schedule over so many times. */
  private static LRScheduler over(String schedule, Optimizer optimizer, int times) {
    double n = times;
    return switch (schedule) {
      case "constant" -> new LambdaLR(optimizer, t -> 1);
      case "linear" -> new LambdaLR(optimizer, t -> Math.max(0, 1 - t / n));
      case "step" -> new StepLR(optimizer, Math.max(1, Math.ceilDiv(times, 3)));
      case "multistep" ->
          new MultiStepLR(optimizer, List.of(Math.max(1, times / 2), Math.max(1, times * 3 / 4)));
      case "exponential" -> new ExponentialLR(optimizer, StrictMath.pow(LOW, 1 / n));
      case "polynomial" -> new PolynomialLR(optimizer, times, 2);
      case "restarts" ->
          new CosineAnnealingWarmRestarts(optimizer, Math.max(1, Math.ceilDiv(times, 7)), 2, 0);
      default -> new LambdaLR(optimizer, t -> 0.5 * (1 + StrictMath.cos(Math.PI * (t / n))));
    };
  }
}
