package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.NumpyRandom;
import chainrule.nn.Losses;
import chainrule.nn.Metrics;
import chainrule.optim.SGD;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * CS231n's three spiral arms: a linear classifier cannot part them, a net with one hidden layer
 * can.
 *
 * <p>Source: CS231n, <a href="https://cs231n.github.io/neural-networks-case-study/">Putting it
 * together: minimal neural network case study</a>.
 */
final class Spirals {
  static final Experiment EXPERIMENT =
      new Experiment(
          "spirals",
          "CS231n, minimal neural network case study",
          "linear: loss 0.786302, 49 %; two layers: 0.245, 98 %",
          "5 s",
          "5 s",
          List.of(),
          Spirals::run);

  private static final int ARM = 100;
  private static final int ARMS = 3;
  private static final int HIDDEN = 100;
  private static final int GRID = 90;
  private static final double REG = 1e-3;

  private final double[][] points = new double[ARM * ARMS][];
  private final int[] arms = new int[ARM * ARMS];

  private Spirals(NumpyRandom random) {
    for (int arm = 0; arm < ARMS; arm++) {
      double[] noise = random.randn(ARM);
      for (int i = 0; i < ARM; i++) {
        double radius = i / (ARM - 1.0);
        double angle = arm * 4 + 4 * i / (ARM - 1.0) + noise[i] * 0.2;
        points[arm * ARM + i] =
            new double[] {radius * StrictMath.sin(angle), radius * StrictMath.cos(angle)};
        arms[arm * ARM + i] = arm;
      }
    }
  }

  private static Parameter small(NumpyRandom random, String name, int in, int out) {
    return Tensor.of(random.randn(in * out), in, out).mul(0.01).requiresGrad(name);
  }

  private static Parameter zeros(String name, int n) {
    return Tensor.zeros(DType.F64, n).requiresGrad(name);
  }

  private static void run(Lab lab) {
    var random = new NumpyRandom(0);
    var spirals = new Spirals(random);
    Parameter w = small(random, "W", 2, ARMS);
    Parameter b = zeros("b", ARMS);
    double[] linear =
        spirals.train(lab, "linear", 200, List.of(w), List.of(b), x -> x.matmul(w).add(b));
    lab.near("linear, loss of iteration 190", 0.786302, linear[190], 5e-7);
    lab.near("linear, accuracy", 0.49, linear[200], 0.005);

    Parameter w1 = small(random, "W", 2, HIDDEN);
    Parameter b1 = zeros("b", HIDDEN);
    Parameter w2 = small(random, "W2", HIDDEN, ARMS);
    Parameter b2 = zeros("b2", ARMS);
    double[] deep =
        spirals.train(
            lab,
            "two layers",
            10_000,
            List.of(w1, w2),
            List.of(b1, b2),
            x -> x.matmul(w1).add(b1).relu().matmul(w2).add(b2));
    lab.near("two layers, loss of iteration 9000", 0.245, deep[9000], 0.001);
    lab.near("two layers, accuracy", 0.98, deep[10_000], 0.005);
  }

  /** The loss of every iteration, and at the end the accuracy. */
  private double[] train(
      Lab lab,
      String name,
      int steps,
      List<Parameter> weights,
      List<Parameter> biases,
      Function<Tensor, Tensor> scores) {
    lab.progress(name);
    List<Parameter> all = new ArrayList<>(weights);
    all.addAll(biases);
    SGD sgd = new SGD(all, SGD.options().lr(1));
    Compiled step =
        Nets.step(
            sgd,
            in -> {
              Tensor squares =
                  weights.stream().map(p -> p.square().sum()).reduce(Tensor::add).orElseThrow();
              return Losses.crossEntropy(scores.apply(in.get(0)), in.get(1))
                  .add(squares.mul(0.5 * REG));
            });
    Tensor x = Tensor.of(points);
    Tensor y = Tensor.of(arms);
    double[] losses = new double[steps + 1];
    for (int k = 0; k < steps; k++) {
      losses[k] = step.number(x, y);
    }
    losses[steps] = Metrics.accuracy(scores.apply(x).detach(), y);
    double[] range = Nets.range(points);
    List<double[]> dots = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      dots.add(new double[] {points[i][0], points[i][1], arms[i]});
    }
    Tensor grid = scores.apply(Nets.grid(range, GRID)).detach();
    lab.draw(new Plot.Plane(name, range, grid.argmax(1).toIntArray(), dots));
    return losses;
  }
}
