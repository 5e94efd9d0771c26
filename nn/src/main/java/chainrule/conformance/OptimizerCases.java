package chainrule.conformance;

import chainrule.optim.Adam;
import chainrule.optim.AdamW;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The optimizers. */
final class OptimizerCases {
  private final List<Case> cases = new ArrayList<>();

  private OptimizerCases() {}

  static List<Case> all() {
    var cases = new OptimizerCases();
    cases.descent();
    cases.adams();
    return cases.cases;
  }

  private <O extends Record> void add(
      Class<? extends Optimizer> type,
      String name,
      O options,
      BiFunction<List<Parameter>, O, Optimizer> build) {
    cases.add(new OptimizerCase(type, name, options, p -> build.apply(p, options)));
  }

  private void descent() {
    var sgd = SGD.options().lr(0.1);
    add(SGD.class, "plain", sgd, SGD::new);
    add(SGD.class, "momentum", sgd.momentum(0.9), SGD::new);
    add(SGD.class, "nesterov", sgd.momentum(0.8).nesterov(true), SGD::new);
    add(SGD.class, "weight decay", sgd.weightDecay(0.05), SGD::new);
    add(
        SGD.class,
        "momentum, weight decay",
        sgd.lr(0.05).momentum(0.9).weightDecay(0.01),
        SGD::new);
  }

  private void adams() {
    add(Adam.class, "plain", Adam.options(), Adam::new);
    add(Adam.class, "lr, betas, eps", Adam.options().lr(0.1).betas(0.8, 0.95).eps(1e-3), Adam::new);
    add(Adam.class, "weight decay", Adam.options().lr(0.05).weightDecay(0.1), Adam::new);
    add(AdamW.class, "plain", AdamW.options(), AdamW::new);
    add(
        AdamW.class,
        "lr, betas, eps",
        AdamW.options().lr(0.1).betas(0.8, 0.95).eps(1e-3),
        AdamW::new);
    add(AdamW.class, "weight decay", AdamW.options().lr(0.05).weightDecay(0.1), AdamW::new);
  }
}
