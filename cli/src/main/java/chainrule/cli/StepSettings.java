package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.optim.Optimizer;
import chainrule.tensor.Parameter;
import chainrule.train.FitOptions;
import java.util.Collection;
import java.util.Map;

/** What decides how a step changes the weights. */
record StepSettings(
    String optimizer,
    double lr,
    String schedule,
    int warmup,
    double weightDecay,
    double clip,
    double clipValue,
    int accumulate,
    double ema,
    boolean compile) {

  /** The optimizer of the parameters. */
  Optimizer make(Collection<Parameter> parameters) {
    return Optimizers.of(optimizer, parameters, lr, weightDecay);
  }

  /** The options with all that happens at a step, for a training on so many rows. */
  FitOptions addTo(FitOptions options, Optimizer made, int rows) {
    FitOptions steps =
        options
            .clipNorm(clip)
            .clipValue(clipValue)
            .accumulate(accumulate)
            .ema(ema)
            .compile(compile);
    return Schedules.add(steps, this, made, rows);
  }

  /** The settings by name, in order. */
  void addTo(Map<String, Object> map) {
    map.put("optimizer", optimizer);
    map.put("lr", lr);
    map.put("schedule", schedule);
    if (warmup > 0) {
      map.put("warmup", warmup);
    }
    map.put("weightDecay", weightDecay);
    if (clip < Double.POSITIVE_INFINITY) {
      map.put("clip", clip);
    }
    if (clipValue < Double.POSITIVE_INFINITY) {
      map.put("clipValue", clipValue);
    }
    if (accumulate > 1) {
      map.put("accumulate", accumulate);
    }
    if (ema > 0) {
      map.put("ema", ema);
    }
  }

  /** {@code AdamW, lr 0.02 (cosine), weight decay 0.01}. */
  String text() {
    String text =
        "%s, lr %s (%s%s)"
            .formatted(
                optimizer,
                plain(lr),
                schedule,
                warmup > 0 ? " after a warm-up of " + epochs(warmup) : "");
    if (weightDecay > 0) {
      text += ", weight decay " + plain(weightDecay);
    }
    if (clip < Double.POSITIVE_INFINITY) {
      text += ", gradients clipped at " + plain(clip);
    }
    if (clipValue < Double.POSITIVE_INFINITY) {
      text += ", their elements limited to " + plain(clipValue);
    }
    if (accumulate > 1) {
      text += ", %d batches a step".formatted(accumulate);
    }
    if (ema > 0) {
      text += ", weights averaged with decay " + plain(ema);
    }
    return text;
  }

  private static String epochs(int n) {
    return n == 1 ? "1 epoch" : n + " epochs";
  }

  private static String plain(double x) {
    return JsonText.of(x);
  }
}
