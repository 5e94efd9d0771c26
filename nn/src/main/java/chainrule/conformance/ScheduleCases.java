package chainrule.conformance;

import chainrule.optim.Anneal;
import chainrule.optim.ChainedScheduler;
import chainrule.optim.ConstantLR;
import chainrule.optim.CosineAnnealingLR;
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
import chainrule.optim.SWALR;
import chainrule.optim.SequentialLR;
import chainrule.optim.StepLR;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The schedules of the learning rate. */
final class ScheduleCases {
  private final List<Case> cases = new ArrayList<>();

  private ScheduleCases() {}

  static List<Case> all() {
    var cases = new ScheduleCases();
    cases.factors();
    cases.cycles();
    cases.others();
    return cases.cases;
  }

  private void add(
      Class<? extends LRScheduler> type, String name, Function<Optimizer, LRScheduler> build) {
    cases.add(new ScheduleCase(type, name, build));
  }

  private void factors() {
    add(ConstantLR.class, "plain", ConstantLR::new);
    add(ConstantLR.class, "options", o -> new ConstantLR(o, 0.5, 20));
    add(LinearLR.class, "plain", LinearLR::new);
    add(LinearLR.class, "options", o -> new LinearLR(o, 0.1, 0.8, 30));
    add(StepLR.class, "plain", o -> new StepLR(o, 15));
    add(StepLR.class, "options", o -> new StepLR(o, 4, 0.7));
    add(MultiStepLR.class, "plain", o -> new MultiStepLR(o, List.of(10, 30)));
    add(MultiStepLR.class, "options", o -> new MultiStepLR(o, List.of(1, 7, 7, 40), 0.6));
    add(ExponentialLR.class, "plain", o -> new ExponentialLR(o, 0.9));
    add(PolynomialLR.class, "plain", PolynomialLR::new);
    add(PolynomialLR.class, "options", o -> new PolynomialLR(o, 40, 2));
    add(LambdaLR.class, "plain", o -> new LambdaLR(o, t -> 1.0 / (1 + t)));
  }

  private void cycles() {
    add(CosineAnnealingLR.class, "plain", o -> new CosineAnnealingLR(o, 50));
    add(CosineAnnealingLR.class, "options", o -> new CosineAnnealingLR(o, 13, 0.02));
    Class<CosineAnnealingWarmRestarts> restarts = CosineAnnealingWarmRestarts.class;
    add(restarts, "plain", o -> new CosineAnnealingWarmRestarts(o, 12));
    add(restarts, "options", o -> new CosineAnnealingWarmRestarts(o, 5, 2, 0.01));
    add(OneCycleLR.class, "plain", o -> new OneCycleLR(o, 0.5, 51));
    var three = new OneCycleLR.Options(0.4, Anneal.LINEAR, true, 0.7, 0.9, 10, 100, true);
    add(OneCycleLR.class, "three phases, linear", o -> new OneCycleLR(o, 0.4, 60, three));
    var still = OneCycleLR.options().cycleMomentum(false);
    add(OneCycleLR.class, "the momentum stays", o -> new OneCycleLR(o, 0.4, 52, still));
    var plain = CyclicLR.options();
    add(CyclicLR.class, "plain", o -> new CyclicLR(o, 0.01, 0.2, plain.stepSizeUp(8)));
    var half = new CyclicLR.Options(5, 3, CyclicLR.Mode.TRIANGULAR2, 1, true, 0.7, 0.95);
    add(CyclicLR.class, "half as high", o -> new CyclicLR(o, 0.01, 0.2, half));
    var falling =
        plain.stepSizeUp(6).mode(CyclicLR.Mode.EXP_RANGE).gamma(0.95).cycleMomentum(false);
    add(CyclicLR.class, "exponential", o -> new CyclicLR(o, 0.02, 0.3, falling));
  }

  private void others() {
    add(SWALR.class, "plain", o -> new SWALR(o, 0.02));
    add(SWALR.class, "linear", o -> new SWALR(o, 0.5, 20, Anneal.LINEAR));
    add(
        SequentialLR.class,
        "warm-up, cosine",
        o ->
            new SequentialLR(
                List.of(new LinearLR(o, 0.1, 1, 10), new CosineAnnealingLR(o, 40)), List.of(10)));
    add(
        SequentialLR.class,
        "three",
        o ->
            new SequentialLR(
                List.of(
                    new ConstantLR(o, 0.1, 5), new ExponentialLR(o, 0.9), new StepLR(o, 6, 0.5)),
                List.of(5, 25)));
    add(
        ChainedScheduler.class,
        "two",
        o -> new ChainedScheduler(List.of(new ConstantLR(o, 0.1, 7), new ExponentialLR(o, 0.95))));
    add(ReduceLROnPlateau.class, "plain", ReduceLROnPlateau::new);
    var plateau =
        new ReduceLROnPlateau.Options(
            ReduceLROnPlateau.Mode.MAX,
            0.6,
            2,
            0.02,
            ReduceLROnPlateau.ThresholdMode.ABS,
            3,
            0.01,
            1e-3);
    add(ReduceLROnPlateau.class, "options", o -> new ReduceLROnPlateau(o, plateau));
  }
}
