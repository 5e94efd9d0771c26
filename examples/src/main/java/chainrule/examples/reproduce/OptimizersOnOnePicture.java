package chainrule.examples.reproduce;

import chainrule.examples.random.NumpyRandom;
import chainrule.optim.Adam;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways down one surface: the mean squared error of a line through 40 points, as a function of
 * slope and height, from the same start.
 *
 * <p>Sources: LeCun, Bottou, Orr and Müller, <i>Efficient backprop</i> (1998), sections 4 and 5:
 * descent converges for rates below {@code 2/λ} of the largest curvature, and one example at a time
 * wanders about the bottom; Kingma and Ba, <i>Adam</i> (2015).
 */
final class OptimizersOnOnePicture {
  static final Experiment EXPERIMENT =
      new Experiment(
          "optimizers",
          "LeCun et al., efficient backprop (1998), sections 4 and 5; Kingma & Ba (2015)",
          "below the rate 2/λ descent converges, above it diverges; all but that reach the bottom",
          "1 s",
          "1 s",
          List.of(),
          OptimizersOnOnePicture::run);

  private static final int POINTS = 40;
  private static final int STEPS = 300;
  private static final int GRID = 60;
  private static final double[] START = {-2.5, 2.5};
  private static final double[] RANGE = {-3, 5, -3, 5};

  private final Tensor x;
  private final Tensor y;

  private OptimizersOnOnePicture() {
    var random = new NumpyRandom(0);
    double[] at = new double[POINTS];
    double[] height = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      at[i] = 0.6 + random.nextGaussian();
      height[i] = 1.5 * at[i] + 0.5 + 0.3 * random.nextGaussian();
    }
    x = Tensor.of(at);
    y = Tensor.of(height);
  }

  /** The loss of slope and height on some of the points. */
  private static Tensor loss(Tensor p, Tensor x, Tensor y) {
    return x.mul(p.slice(0, 0, 1)).add(p.slice(0, 1, 2)).sub(y).square().mean();
  }

  private Plot.Curve path(String name, Function<List<Parameter>, Optimizer> make, int batch) {
    Parameter p = Tensor.of(START).requiresGrad();
    Optimizer optimizer = make.apply(List.of(p));
    double[] across = new double[STEPS + 1];
    double[] up = new double[STEPS + 1];
    for (int k = 0; k <= STEPS; k++) {
      across[k] = p.get(0);
      up[k] = p.get(1);
      int from = k * batch % POINTS;
      optimizer.zeroGrad();
      loss(p, x.slice(0, from, from + batch), y.slice(0, from, from + batch)).backward();
      optimizer.step();
    }
    return new Plot.Curve(name, across, up);
  }

  private double at(double slope, double height) {
    return loss(Tensor.of(slope, height), x, y).item();
  }

  private static void run(Lab lab) {
    var valley = new OptimizersOnOnePicture();
    double m1 = valley.x.mean().item();
    double m2 = valley.x.square().mean().item();
    double root = Math.sqrt((m2 - 1) * (m2 - 1) + 4 * m1 * m1);
    double steepest = m2 + 1 + root; // the largest eigenvalue of the Hessian 2·[m2 m1; m1 1]
    double covariance = valley.x.mul(valley.y).mean().item() - m1 * valley.y.mean().item();
    double slope = covariance / (m2 - m1 * m1);
    double height = valley.y.mean().item() - slope * m1;
    double bottom = valley.at(slope, height);

    Map<String, Plot.Curve> ways = new LinkedHashMap<>();
    ways.put("full batch", valley.sgd(0.9 / steepest, 0, POINTS));
    ways.put("mini-batches of 8", valley.sgd(0.3 / steepest, 0, 8));
    ways.put("single examples", valley.sgd(0.05, 0, 1));
    ways.put("momentum", valley.sgd(0.2 / steepest, 0.8, POINTS));
    ways.put("Adam", valley.path("Adam", p -> new Adam(p, Adam.options().lr(0.1)), POINTS));
    Map<String, Plot.Curve> rates = new LinkedHashMap<>();
    rates.put("too small", valley.sgd(0.01 / steepest, 0, POINTS));
    rates.put("right", valley.sgd(1 / steepest, 0, POINTS));
    rates.put("too large", valley.sgd(2.05 / steepest, 0, POINTS));

    double[] heights = new double[GRID * GRID];
    double[] grid = Nets.grid(RANGE, GRID).toDoubleArray();
    Arrays.setAll(heights, i -> valley.at(grid[2 * i], grid[2 * i + 1]));
    lab.draw(new Plot.Paths("Ways down", RANGE, heights, named(ways)));
    lab.draw(new Plot.Paths("Learning rates", RANGE, heights, named(rates)));

    for (String exact : List.of("full batch", "momentum", "Adam")) {
      lab.atMost(exact + ", loss above the bottom", 1e-3, valley.last(ways.get(exact)) - bottom);
    }
    for (String noisy : List.of("mini-batches of 8", "single examples")) {
      lab.atMost(noisy + ", loss above the bottom", 0.1, valley.last(ways.get(noisy)) - bottom);
    }
    double before = valley.at(START[0], START[1]);
    lab.atLeast("rate 0.01/λ, still above", 0.01, valley.last(rates.get("too small")) - bottom);
    lab.atMost("rate 1/λ, above", 1e-3, valley.last(rates.get("right")) - bottom);
    lab.atLeast(
        "rate 2.05/λ, times the first loss", 1, valley.last(rates.get("too large")) / before);
  }

  private Plot.Curve sgd(double lr, double momentum, int batch) {
    return path("", p -> new SGD(p, SGD.options().lr(lr).momentum(momentum)), batch);
  }

  private double last(Plot.@Nullable Curve way) {
    Plot.Curve path = Objects.requireNonNull(way);
    return at(path.x()[STEPS], path.y()[STEPS]);
  }

  private static List<Plot.Curve> named(Map<String, Plot.Curve> paths) {
    List<Plot.Curve> named = new ArrayList<>();
    paths.forEach((name, p) -> named.add(new Plot.Curve(name, p.x(), p.y())));
    return named;
  }
}
