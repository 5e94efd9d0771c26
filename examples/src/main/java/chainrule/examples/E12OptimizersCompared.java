package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.optim.Adagrad;
import chainrule.optim.Adam;
import chainrule.optim.LBFGS;
import chainrule.optim.Lion;
import chainrule.optim.Optimizer;
import chainrule.optim.RMSprop;
import chainrule.optim.Rprop;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * {@code 12-optimizers-compared}: nine optimizers in a valley that is a hundred times as steep
 * across as along, once along the axes and once turned.
 */
public final class E12OptimizersCompared {
  private static final int STEPS = 100;

  private E12OptimizersCompared() {}

  /** Prints how far from the bottom each of them is after a hundred steps. */
  public static void main(String[] args) {
    Map<String, Function<List<Parameter>, Optimizer>> all = new LinkedHashMap<>();
    SGD.Options sgd = SGD.options().lr(0.01);
    all.put("SGD", p -> new SGD(p, sgd));
    all.put("SGD, momentum 0.9", p -> new SGD(p, sgd.momentum(0.9)));
    all.put("SGD, Nesterov", p -> new SGD(p, sgd.momentum(0.9).nesterov(true)));
    all.put("Adagrad", p -> new Adagrad(p, Adagrad.options().lr(0.5)));
    all.put("RMSprop", p -> new RMSprop(p, RMSprop.options().lr(0.02)));
    all.put("Adam", p -> new Adam(p, Adam.options().lr(0.1)));
    all.put("Lion", p -> new Lion(p, Lion.options().lr(0.02)));
    all.put("Rprop", p -> new Rprop(p, Rprop.options().lr(0.1)));
    var wolfe = LBFGS.options().maxIter(1).lineSearchFn(LBFGS.LineSearch.STRONG_WOLFE);
    all.put("L-BFGS", p -> new LBFGS(p, wolfe));

    System.out.println(
        "f(u, v) = u²/2 + 50 v² from (1, 1); the distance to (0, 0) after 100 steps");
    System.out.println("                       along the axes   turned by 45°");
    all.forEach(
        (name, make) ->
            System.out.printf(
                ROOT, "%-18s %18.1e %15.1e%n", name, distance(make, 0), distance(make, 45)));

    System.out.println(
        """
        Plain steps must be short for the steep walls, so they creep along the bottom. Momentum
        rolls on. Adagrad, RMSprop, Adam and Rprop give every number a step of its own: that
        levels the valley where the walls stand along the axes, and not where it is turned.
        Lion takes steps of one size, so it ends as far away as its rate lets it. L-BFGS learns
        the curvature itself and does not care.\
        """);
  }

  private static double distance(Function<List<Parameter>, Optimizer> make, double degrees) {
    double c = Math.cos(Math.toRadians(degrees));
    double s = Math.sin(Math.toRadians(degrees));
    Tensor turn = Tensor.of(new double[][] {{c, s}, {-s, c}});
    Tensor steepness = Tensor.of(1.0, 100.0);
    Parameter p = Tensor.of(c - s, s + c).requiresGrad(); // (1, 1) in the valley's own axes
    Optimizer optimizer = make.apply(List.of(p));
    for (int i = 0; i < STEPS; i++) {
      optimizer.step(
          () -> {
            optimizer.zeroGrad();
            Tensor loss = turn.matmul(p).square().mul(steepness).sum().mul(0.5);
            loss.backward();
            return loss;
          });
    }
    return p.norm().item();
  }
}
