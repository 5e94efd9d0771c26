package chainrule.cli;

import chainrule.optim.Adadelta;
import chainrule.optim.Adagrad;
import chainrule.optim.Adam;
import chainrule.optim.AdamW;
import chainrule.optim.Adamax;
import chainrule.optim.LAMB;
import chainrule.optim.LBFGS;
import chainrule.optim.Lion;
import chainrule.optim.NAdam;
import chainrule.optim.Optimizer;
import chainrule.optim.RAdam;
import chainrule.optim.RMSprop;
import chainrule.optim.Rprop;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What the words of {@code --optimizer} stand for, and what suits each. */
final class Optimizers {
  static final List<String> NAMES =
      List.of(
          "adadelta",
          "adagrad",
          "adam",
          "adamax",
          "adamw",
          "amsgrad",
          "lamb",
          "lbfgs",
          "lion",
          "momentum",
          "nadam",
          "nesterov",
          "radam",
          "rmsprop",
          "rprop",
          "sgd");

  private static final Set<String> DECOUPLED = Set.of("adamw", "lamb", "lion");
  private static final Set<String> FULL_BATCH = Set.of("lbfgs", "rprop");
  private static final double MOMENTUM = 0.9;

  private Optimizers() {}

  /** The optimizer's name, checked. */
  static String name(String name) {
    return Choices.known("--optimizer", name, NAMES);
  }

  /** The optimizer of that name. */
  static Optimizer of(String name, Collection<Parameter> p, double lr, double decay) {
    SGD.Options sgd = SGD.options().lr(lr).weightDecay(decay);
    Adam.Options adam = Adam.options().lr(lr).weightDecay(decay);
    return switch (name) {
      case "sgd" -> new SGD(p, sgd);
      case "momentum" -> new SGD(p, sgd.momentum(MOMENTUM));
      case "nesterov" -> new SGD(p, sgd.momentum(MOMENTUM).nesterov(true));
      case "adagrad" -> new Adagrad(p, Adagrad.options().lr(lr).weightDecay(decay));
      case "adadelta" -> new Adadelta(p, Adadelta.options().lr(lr).weightDecay(decay));
      case "rmsprop" -> new RMSprop(p, RMSprop.options().lr(lr).weightDecay(decay));
      case "adam" -> new Adam(p, adam);
      case "amsgrad" -> new Adam(p, adam.amsgrad(true));
      case "adamax" -> new Adamax(p, Adamax.options().lr(lr).weightDecay(decay));
      case "nadam" -> new NAdam(p, NAdam.options().lr(lr).weightDecay(decay));
      case "radam" -> new RAdam(p, RAdam.options().lr(lr).weightDecay(decay));
      case "lamb" -> new LAMB(p, LAMB.options().lr(lr).weightDecay(decay));
      case "lion" -> new Lion(p, Lion.options().lr(lr).weightDecay(decay));
      case "rprop" -> new Rprop(p, Rprop.options().lr(lr));
      case "lbfgs" ->
          new LBFGS(p, LBFGS.options().lr(lr).lineSearchFn(LBFGS.LineSearch.STRONG_WOLFE));
      default -> new AdamW(p, AdamW.options().lr(lr).weightDecay(decay));
    };
  }

  /** A learning rate in the optimizer's own measure; the recipe's is Adam's. */
  static double usualRate(String optimizer, Recipe recipe) {
    return switch (optimizer) {
      case "sgd" -> 0.1;
      case "momentum", "nesterov" -> 0.03;
      case "adagrad" -> 0.05;
      case "adadelta", "lbfgs" -> 1;
      case "rmsprop" -> recipe.lr() / 5;
      case "lion" -> recipe.lr() / 10;
      case "rprop" -> 0.01;
      default -> recipe.lr();
    };
  }

  /**
   * The recipe's weight decay, which is meant for those that do not pass it through their means.
   */
  static double usualDecay(String optimizer, Recipe recipe) {
    return DECOUPLED.contains(optimizer) ? recipe.weightDecay() : 0;
  }

  /** Whether a step wants all rows. */
  static boolean fullBatch(String optimizer) {
    return FULL_BATCH.contains(optimizer);
  }
}
