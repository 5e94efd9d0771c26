package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.PythonRandom;
import chainrule.nn.Losses;
import chainrule.optim.SGD;
import chainrule.scalar.Value;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * micrograd's demo, digit for digit: 100 points of two moons, a 2-16-16-1 ReLU net, the max-margin
 * loss with L2 regularisation, 100 steps of full-batch gradient descent from Python's seed 1337.
 *
 * <p>Source: Karpathy, <a href="https://github.com/karpathy/micrograd">micrograd</a> (2020), {@code
 * demo.ipynb}. It runs three times: one number at a time, by tensors, and compiled.
 */
final class Micrograd {
  static final Experiment EXPERIMENT =
      new Experiment(
          "micrograd",
          "Karpathy, micrograd (2020), demo.ipynb",
          "all 100 losses, 0.8958441028683222 to 0.010978370135492717, and all accuracies",
          "5 s",
          "5 s",
          List.of(),
          Micrograd::run);

  private static final int STEPS = 100;
  private static final double ALPHA = 1e-4;
  private static final int GRID = 80;

  private final double[][] points;
  private final double[] labels;
  private final Tensor x;
  private final Tensor y;

  private Micrograd() throws IOException {
    double[][] rows =
        Lab.published("moons_1337.csv").stream()
            .map(l -> Arrays.stream(l.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    points = Arrays.stream(rows).map(r -> Arrays.copyOf(r, 2)).toArray(double[][]::new);
    labels = Arrays.stream(rows).mapToDouble(r -> r[2]).toArray();
    x = Tensor.of(points);
    y = Tensor.of(labels).unsqueeze(1);
  }

  /** What a way of computing gave: losses, and shares of points on the right side. */
  private record Curve(double[] losses, double[] accuracies) {
    Curve() {
      this(new double[STEPS], new double[STEPS]);
    }
  }

  private static double lr(int k) {
    return 1.0 - 0.9 * k / STEPS;
  }

  private static void run(Lab lab) throws IOException {
    var demo = new Micrograd();
    List<String> lines = Lab.published("micrograd_moons_100_losses.txt");
    double[] losses = lines.stream().mapToDouble(l -> number(l, "loss ", ",")).toArray();
    double[] accuracies =
        lines.stream().mapToDouble(l -> number(l, "accuracy ", "%") / 100).toArray();
    lab.progress("scalar engine");
    Curve scalar = demo.scalars();
    lab.progress("tensor engine");
    Curve eager = demo.tensors(false, lab);
    lab.progress("compiled");
    Curve compiled = demo.tensors(true, lab);
    List<Curve> curves = List.of(scalar, eager, compiled);
    List<String> names = List.of("scalar engine", "tensor engine", "compiled step");
    for (int i = 0; i < curves.size(); i++) {
      Curve curve = curves.get(i);
      lab.exact(names.get(i) + ", first loss", losses[0], curve.losses[0]);
      lab.all(names.get(i) + ", 100 losses", losses, curve.losses, Lab.EXACT);
      lab.all(names.get(i) + ", 100 accuracies", accuracies, curve.accuracies, Lab.EXACT);
      lab.exact(names.get(i) + ", last loss", losses[STEPS - 1], curve.losses[STEPS - 1]);
    }
    lab.draw(
        new Plot.Curves(
            "Loss of every step",
            "step",
            "loss",
            true,
            List.of(
                Plot.Curve.of("published", losses), Plot.Curve.of("compiled", compiled.losses))));
    ScalarMlp model = new ScalarMlp(new PythonRandom(1337), 2, 16, 16, 1);
    MicrogradSpeed.measure(
        lab, () -> demo.scalarStep(model, 0.1, share -> {}), demo.compiledStep());
  }

  private static double number(String line, String before, String after) {
    int from = line.indexOf(before) + before.length();
    return Double.parseDouble(line.substring(from, line.indexOf(after, from)));
  }

  // ---------------------------------------------------------------- one number at a time

  private Curve scalars() {
    var curve = new Curve();
    var model = new ScalarMlp(new PythonRandom(1337), 2, 16, 16, 1);
    for (int k = 0; k < STEPS; k++) {
      int step = k;
      curve.losses[k] = scalarStep(model, lr(k), right -> curve.accuracies[step] = right);
    }
    return curve;
  }

  private interface Accuracy {
    void is(double share);
  }

  private double scalarStep(ScalarMlp model, double lr, Accuracy accuracy) {
    List<Value> parameters = model.leaves();
    Value margin = Value.of(0);
    int right = 0;
    for (int i = 0; i < points.length; i++) {
      Value score = model.forward(points[i]);
      margin = margin.add(score.mul(-labels[i]).add(1).relu());
      right += labels[i] > 0 == score.data() > 0 ? 1 : 0;
    }
    Value squares = Value.of(0);
    for (Value p : parameters) {
      squares = squares.add(p.mul(p));
    }
    Value total = margin.mul(1.0 / points.length).add(squares.mul(ALPHA));
    total.backward();
    model.step(lr);
    accuracy.is((double) right / points.length);
    return total.data();
  }

  // ---------------------------------------------------------------- by tensors

  private static List<Parameter> start() {
    var start = new ScalarMlp(new PythonRandom(1337), 2, 16, 16, 1);
    List<Parameter> parameters = new ArrayList<>();
    for (int layer = 1; layer <= 3; layer++) {
      Tensor rows = Tensor.of(start.layer(layer));
      int in = rows.size(1) - 1;
      parameters.add(rows.slice(1, 0, in).requiresGrad("weight" + layer));
      parameters.add(rows.pick(1, in).requiresGrad("bias" + layer));
    }
    return parameters;
  }

  private static Tensor scores(List<Parameter> parameters, Tensor in) {
    Tensor h = in;
    for (int layer = 0; layer < 3; layer++) {
      Tensor sums = h.linear(parameters.get(2 * layer), parameters.get(2 * layer + 1));
      h = layer < 2 ? sums.relu() : sums;
    }
    return h;
  }

  /** The loss and the share of points on the right side; updates the parameters. */
  private List<Tensor> step(List<Parameter> parameters, SGD sgd, List<Tensor> in) {
    Tensor[] right = new Tensor[1];
    Supplier<Tensor> closure =
        () -> {
          sgd.zeroGrad();
          Tensor scores = scores(parameters, in.get(0));
          right[0] = scores.detach().gt(0).eq(in.get(1).gt(0)).mean();
          Tensor squares =
              parameters.stream().map(p -> p.square().sum()).reduce(Tensor::add).orElseThrow();
          Tensor loss = Losses.hinge(scores, in.get(1)).add(squares.mul(ALPHA));
          loss.backward();
          return loss;
        };
    return List.of(sgd.step(closure).detach(), right[0]);
  }

  private Curve tensors(boolean compile, Lab lab) {
    var curve = new Curve();
    List<Parameter> parameters = start();
    SGD sgd = new SGD(parameters, SGD.options().lr(1));
    Compiled compiled = Compiled.of(in -> step(parameters, sgd, in), sgd::structure);
    for (int k = 0; k < STEPS; k++) {
      sgd.lr(lr(k));
      List<Tensor> out = compile ? compiled.run(x, y) : step(parameters, sgd, List.of(x, y));
      curve.losses[k] = out.get(0).item();
      curve.accuracies[k] = out.get(1).item();
    }
    if (compile) {
      lab.draw(plane(parameters));
    }
    return curve;
  }

  private Runnable compiledStep() {
    List<Parameter> parameters = start();
    SGD sgd = new SGD(parameters, SGD.options().lr(0.1));
    Compiled step =
        Compiled.of(in -> List.of(step(parameters, sgd, in).getFirst()), sgd::structure);
    return () -> step.number(x, y);
  }

  private Plot plane(List<Parameter> parameters) {
    double[] range = Nets.range(points);
    Tensor grid = Nets.grid(range, GRID);
    int[] side = Nets.sides(scores(parameters, grid));
    List<double[]> dots = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      dots.add(new double[] {points[i][0], points[i][1], labels[i] > 0 ? 1 : 0});
    }
    return new Plot.Plane("The two sides after 100 steps", range, side, dots);
  }
}
