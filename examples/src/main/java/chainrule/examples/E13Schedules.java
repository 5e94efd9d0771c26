package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.optim.CosineAnnealingLR;
import chainrule.optim.ExponentialLR;
import chainrule.optim.LRScheduler;
import chainrule.optim.LambdaLR;
import chainrule.optim.LinearLR;
import chainrule.optim.OneCycleLR;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.optim.SequentialLR;
import chainrule.optim.StepLR;
import chainrule.train.Trainer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code 13-schedules}: one network, one optimizer, and the learning rate on six ways. */
public final class E13Schedules {
  private static final int EPOCHS = 16;
  private static final Dataset.Split DIGITS = Datasets.digits().split(0.2, 1);

  private E13Schedules() {}

  /** Draws each schedule and prints where it leads. */
  public static void main(String[] args) {
    Map<String, Function<Optimizer, LRScheduler>> all = new LinkedHashMap<>();
    var still = OneCycleLR.options().cycleMomentum(false);
    all.put("constant", o -> new LambdaLR(o, t -> 1));
    all.put("step", o -> new StepLR(o, EPOCHS / 3));
    all.put("exponential", o -> new ExponentialLR(o, 0.8));
    all.put("cosine", o -> new CosineAnnealingLR(o, EPOCHS));
    all.put("warm-up, cosine", E13Schedules::warmUp);
    all.put("one cycle", o -> new OneCycleLR(o, 1, EPOCHS, still));
    System.out.println("schedule          rate by epoch      train loss   test accuracy");
    all.forEach(
        (name, make) -> {
          Trainer own = trainer();
          LRScheduler schedule = make.apply(own.optimizer());
          StringBuilder line = new StringBuilder();
          var options = Trainer.epochs(EPOCHS).batch(16).seed(1).scheduler(schedule);
          var history = own.fit(DIGITS.train(), null, options);
          history.epochs().forEach(e -> line.append("▁▂▃▄▅▆▇█".charAt(height(e.lr()))));
          double test = own.evaluate(DIGITS.test()).accuracy();
          System.out.printf(
              ROOT, "%-17s %s %12.4f %15.3f%n", name, line, history.finalLoss(), test);
        });
    System.out.println(
        """

        At a rate of 1 the first steps throw this network off, and it does not come back. A rate
        that rises over the first epochs finds the way, and one that falls to 0 settles there.\
        """);
  }

  private static LRScheduler warmUp(Optimizer o) {
    LRScheduler rise = new LinearLR(o, 0.1, 1, 4);
    return new SequentialLR(List.of(rise, new CosineAnnealingLR(o, EPOCHS - 4)), List.of(4));
  }

  private static Trainer trainer() {
    var model = new Sequential(new Linear(64, 32), new ReLU(), new Linear(32, 10));
    model.init(1);
    var sgd = new SGD(model.parameters(), SGD.options().lr(1));
    return new Trainer(model, Losses::crossEntropy, sgd);
  }

  private static int height(double rate) {
    return Math.clamp(Math.round(rate * 7), 0, 7);
  }
}
