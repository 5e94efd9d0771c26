package chainrule.conformance;

import chainrule.optim.Adadelta;
import chainrule.optim.Adagrad;
import chainrule.optim.Adam;
import chainrule.optim.AdamW;
import chainrule.optim.Adamax;
import chainrule.optim.ElementwiseOptimizer;
import chainrule.optim.LAMB;
import chainrule.optim.LBFGS;
import chainrule.optim.Lion;
import chainrule.optim.NAdam;
import chainrule.optim.Optimizer;
import chainrule.optim.RAdam;
import chainrule.optim.RMSprop;
import chainrule.optim.Rprop;
import chainrule.optim.SGD;
import chainrule.optim.UpdateRule;
import chainrule.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** The optimizers. */
final class OptimizerCases {
  private static final String ALL = "all options";

  private final List<Case> cases = new ArrayList<>();

  private OptimizerCases() {}

  static List<Case> all() {
    var cases = new OptimizerCases();
    cases.descent();
    cases.adams();
    cases.scaled();
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
        "momentum, weight decay, dampening",
        sgd.lr(0.05).momentum(0.9).weightDecay(0.01).dampening(0.3),
        SGD::new);
    add(SGD.class, "maximize", sgd.momentum(0.5).maximize(true), SGD::new);
    add(
        SGD.class,
        "groups",
        sgd,
        (p, options) -> {
          var optimizer = new SGD(p.subList(0, 1), options);
          optimizer.addParamGroup(p.subList(1, 2), options.lr(0.02).momentum(0.5));
          return optimizer;
        });
    add(
        ElementwiseOptimizer.class,
        "the rule of Adam",
        Adam.options().lr(0.05).weightDecay(0.1).maximize(true));
    add(ElementwiseOptimizer.class, "the rule of SGD", sgd.momentum(0.9));
    var rprop = Rprop.options();
    add(Rprop.class, "plain", rprop, Rprop::new);
    add(
        Rprop.class,
        ALL,
        rprop.lr(0.05).etas(0.6, 1.4).stepSizes(1e-3, 0.2).maximize(true),
        Rprop::new);
    add(LBFGS.class, "plain", LBFGS.options().lr(0.05).maxIter(2), LBFGS::new);
    add(
        LBFGS.class,
        "short history",
        LBFGS
            .options()
            .lr(0.1)
            .maxIter(3)
            .maxEval(2)
            .historySize(3)
            .toleranceGrad(1e-4)
            .toleranceChange(1e-6),
        LBFGS::new);
    add(
        LBFGS.class,
        "strong Wolfe",
        LBFGS.options().maxIter(1).toleranceGrad(1e-4).lineSearchFn(LBFGS.LineSearch.STRONG_WOLFE),
        LBFGS::new);
  }

  private <O extends Record & UpdateRule> void add(
      Class<ElementwiseOptimizer> type, String name, O rule) {
    add(type, name, rule, ElementwiseOptimizer::new);
  }

  private void adams() {
    var adam = Adam.options();
    add(Adam.class, "plain", adam, Adam::new);
    add(Adam.class, "lr, betas, eps", adam.lr(0.1).betas(0.8, 0.95).eps(1e-3), Adam::new);
    add(Adam.class, "weight decay", adam.lr(0.05).weightDecay(0.1), Adam::new);
    add(Adam.class, "amsgrad", adam.lr(0.05).betas(0.7, 0.8).amsgrad(true), Adam::new);
    add(Adam.class, "maximize", adam.lr(0.05).maximize(true), Adam::new);
    var adamW = AdamW.options();
    add(AdamW.class, "plain", adamW, AdamW::new);
    add(AdamW.class, "lr, betas, eps", adamW.lr(0.1).betas(0.8, 0.95).eps(1e-3), AdamW::new);
    add(AdamW.class, "weight decay", adamW.lr(0.05).weightDecay(0.1), AdamW::new);
    add(AdamW.class, "amsgrad", adamW.lr(0.05).betas(0.7, 0.8).amsgrad(true), AdamW::new);
    add(AdamW.class, "maximize", adamW.lr(0.05).maximize(true), AdamW::new);
    var nadam = NAdam.options();
    add(NAdam.class, "plain", nadam, NAdam::new);
    add(
        NAdam.class,
        ALL,
        nadam.lr(0.05).betas(0.8, 0.9).weightDecay(0.1).eps(1e-3).momentumDecay(0.02),
        NAdam::new);
    add(LAMB.class, "plain", LAMB.options(), LAMB::new);
    add(
        LAMB.class,
        ALL,
        LAMB.options().lr(0.05).betas(0.8, 0.9).weightDecay(0.1).eps(1e-3).maximize(true),
        LAMB::new);
    add(Lion.class, "plain", Lion.options(), Lion::new);
    add(
        Lion.class,
        ALL,
        Lion.options().lr(0.05).betas(0.8, 0.9).weightDecay(0.1).maximize(true),
        Lion::new);
    add(Adamax.class, "plain", Adamax.options(), Adamax::new);
    add(
        Adamax.class,
        ALL,
        Adamax.options().lr(0.1).betas(0.8, 0.9).eps(1e-3).weightDecay(0.1).maximize(true),
        Adamax::new);
    add(RAdam.class, "plain", RAdam.options(), RAdam::new);
    add(
        RAdam.class,
        ALL,
        RAdam.options().lr(0.1).betas(0.8, 0.9).eps(1e-3).weightDecay(0.1),
        RAdam::new);
  }

  private void scaled() {
    add(Adadelta.class, "plain", Adadelta.options(), Adadelta::new);
    add(
        Adadelta.class,
        ALL,
        Adadelta.options().lr(0.5).rho(0.8).eps(1e-3).weightDecay(0.1).maximize(true),
        Adadelta::new);
    add(Adagrad.class, "plain", Adagrad.options(), Adagrad::new);
    add(
        Adagrad.class,
        ALL,
        Adagrad.options()
            .lr(0.1)
            .lrDecay(0.05)
            .weightDecay(0.1)
            .initialAccumulatorValue(0.3)
            .eps(1e-3)
            .maximize(true),
        Adagrad::new);
    var rms = RMSprop.options();
    add(RMSprop.class, "plain", rms, RMSprop::new);
    add(RMSprop.class, "centred", rms.alpha(0.9).centered(true), RMSprop::new);
    add(RMSprop.class, "momentum", rms.lr(0.02).momentum(0.8), RMSprop::new);
    add(
        RMSprop.class,
        ALL,
        rms.lr(0.05)
            .alpha(0.8)
            .eps(1e-3)
            .weightDecay(0.1)
            .momentum(0.5)
            .centered(true)
            .maximize(true),
        RMSprop::new);
  }
}
