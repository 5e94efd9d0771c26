package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Losses;
import chainrule.nn.Module;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Cross-entropy and batch norm: the backward pass that is simplified on paper, the engine's fused
 * one, and single numbers step by step give the same gradient.
 *
 * <p>Sources: Karpathy, <i>Becoming a backprop ninja</i> (2022), exercises 2 and 3; Ioffe and
 * Szegedy, <i>Batch normalization</i> (2015), section 3.
 */
final class FusedBackward {
  static final Experiment EXPERIMENT =
      new Experiment(
          "fused-backward",
          "Karpathy, becoming a backprop ninja (2022); Ioffe & Szegedy (2015), section 3",
          "fused cross-entropy and batch norm equal their steps to 1e-12; losses at chance",
          "1 s",
          "1 s",
          List.of(),
          FusedBackward::run);

  private static final double EPS = 1e-5;
  private static final int N = 6;
  private static final int C = 3;
  private static final Tensor X = Tensor.randn(DType.F64, new Philox(5, "x"), N, C);
  private static final Tensor DY = Tensor.randn(DType.F64, new Philox(5, "dy"), N, C);
  private static final Tensor GAIN = Tensor.randn(DType.F64, new Philox(5, "gain"), C);

  private FusedBackward() {}

  private static void run(Lab lab) {
    probabilitiesMinusTheTruth(lab);
    chance(lab, 10, 2.302585);
    chance(lab, 27, 3.295837);
    chance(lab, 65, 4.174387);
    everyRow(lab);
    for (int correction : new int[] {0, 1}) {
      batchNorm(lab, correction);
    }
    layer(lab);
  }

  // ---------------------------------------------------------------- cross-entropy

  /** −ln softmax(x)[1], step by step as one first writes it. */
  private static <E extends Num<E>> E stepByStep(List<E> logits) {
    E total = logits.getFirst().exp();
    for (E x : logits.subList(1, logits.size())) {
      total = total.add(x.exp());
    }
    return logits.get(1).exp().div(total).log().neg();
  }

  /** The gradient of cross-entropy after softmax: the probabilities, 1 less for the true class. */
  private static void probabilitiesMinusTheTruth(Lab lab) {
    double[] logits = {Math.log(0.2), Math.log(0.3), Math.log(0.5)};
    double[] expected = {0.2, -0.7, 0.5};
    for (Engine engine : Engine.values()) {
      Engine.Answer answer = engine.ask(FusedBackward::stepByStep, logits);
      lab.exact("−ln 0.3, " + engine.label(), -Math.log(0.3), answer.value());
      lab.all("its gradient (.2, −.7, .5)", expected, answer.gradients(), Lab.EXACT);
    }
    Parameter x = Tensor.of(logits, 1, 3).requiresGrad();
    Tensor fused = Losses.crossEntropy(x, Tensor.of(new int[] {1}));
    lab.exact("−ln 0.3, fused", -Math.log(0.3), fused.item());
    lab.all(
        "its gradient (.2, −.7, .5)", expected, Autograd.grad(fused, x).toDoubleArray(), Lab.EXACT);
  }

  private static void chance(Lab lab, int classes, double expected) {
    double[] same = new double[classes];
    for (Engine engine : Engine.values()) {
      double loss = engine.ask(FusedBackward::stepByStep, same).value();
      lab.near("chance of " + classes + ", " + engine.label(), expected, loss, 5e-7);
    }
    Tensor fused = Losses.crossEntropy(Tensor.of(same, 1, classes), Tensor.of(new int[] {1}));
    lab.near("chance of " + classes + ", fused", expected, fused.item(), 5e-7);
  }

  private static void everyRow(Lab lab) {
    int rows = 8;
    int classes = 5;
    double[] logits = Tensor.randn(DType.F64, new Philox(3), rows, classes).toDoubleArray();
    int[] labels = new int[rows];
    Arrays.fill(labels, 1);
    Parameter x = Tensor.of(logits, rows, classes).requiresGrad();
    Tensor fused = Losses.crossEntropy(x, Tensor.of(labels));
    double[] gradient = Autograd.grad(fused, x).toDoubleArray();
    for (Engine engine : Engine.values()) {
      double mean = 0;
      double[] steps = new double[rows * classes];
      for (int row = 0; row < rows; row++) {
        double[] one = Arrays.copyOfRange(logits, row * classes, (row + 1) * classes);
        Engine.Answer answer = engine.ask(FusedBackward::stepByStep, one);
        mean += answer.value() / rows;
        for (int i = 0; i < classes; i++) {
          steps[row * classes + i] = answer.gradients()[i] / rows;
        }
      }
      lab.exact("fused loss of 8 rows, " + engine.label(), mean, fused.item());
      lab.all("its gradient in every row, " + engine.label(), steps, gradient, Lab.EXACT);
    }
  }

  // ---------------------------------------------------------------- batch norm

  private static Tensor normalise(Tensor x, int correction) {
    int[] rows = {0};
    Tensor mean = x.mean(rows, true);
    return x.sub(mean).mul(x.var(rows, true, correction).add(EPS).rsqrt());
  }

  /**
   * {@code dx = gain·s/n·(n·dy − Σdy − n/(n − correction)·x̂·Σ(dy·x̂))} with s = 1/√(var + ε), the
   * whole backward pass simplified on paper.
   */
  private static Tensor onPaper(int correction) {
    Tensor hat = normalise(X, correction);
    Tensor s = X.var(new int[] {0}, true, correction).add(EPS).rsqrt();
    Tensor inner =
        DY.mul(N)
            .sub(DY.sum(0, true))
            .sub(hat.mul(DY.mul(hat).sum(0, true)).mul(N / (double) (N - correction)));
    return GAIN.mul(s).div(N).mul(inner);
  }

  /** Σ dy·gain·x̂ of one column, in single numbers; the inputs are the column. */
  private static <E extends Num<E>> E column(List<E> x, int column, int correction) {
    E mean = x.getFirst().constant(0);
    for (E v : x) {
      mean = mean.add(v);
    }
    mean = mean.div(N);
    E var = mean.constant(0);
    for (E v : x) {
      var = var.add(v.sub(mean).square());
    }
    E scale = var.div(N - correction).add(EPS).rsqrt();
    E objective = mean.constant(0);
    for (int row = 0; row < N; row++) {
      double weight = DY.get(row, column) * GAIN.get(column);
      objective = objective.add(x.get(row).sub(mean).mul(scale).mul(weight));
    }
    return objective;
  }

  private static void batchNorm(Lab lab, int correction) {
    String name = "batch norm, variance by n − " + correction + ", on paper and ";
    Tensor paper = onPaper(correction);
    Parameter x = X.requiresGrad();
    Tensor objective = normalise(x, correction).mul(GAIN).mul(DY).sum();
    double[] steps = Autograd.grad(objective, x).toDoubleArray();
    lab.all(name + "by tensors", paper.toDoubleArray(), steps, Lab.EXACT);
    for (Engine engine : Engine.values()) {
      for (int column = 0; column < C; column++) {
        int c = column;
        var sum =
            new Engine.Function() {
              @Override
              public <E extends Num<E>> E of(List<E> inputs) {
                return column(inputs, c, correction);
              }
            };
        double[] gradient = engine.ask(sum, X.pick(1, c).toDoubleArray()).gradients();
        double[] expected = paper.pick(1, c).toDoubleArray();
        lab.all(name + engine.label() + ", column " + c, expected, gradient, Lab.EXACT);
      }
    }
  }

  private static void layer(Lab lab) {
    var layer = Module.in(DType.F64, () -> new BatchNorm1d(C, EPS, 0.1));
    Objects.requireNonNull(layer.namedParameters().get("weight")).set(GAIN);
    Parameter x = X.requiresGrad();
    var inputs = new ArrayList<Tensor>(List.of(x));
    inputs.addAll(layer.parameters());
    List<Tensor> gradients = Autograd.grad(layer.forward(x).mul(DY).sum(), inputs);
    Tensor hat = Tape.noGrad(() -> normalise(X, 0));
    List<Tensor> expected = List.of(onPaper(0), DY.mul(hat).sum(0), DY.sum(0));
    List<String> names = List.of("input", "gain", "bias");
    for (int i = 0; i < 3; i++) {
      lab.all(
          "the layer's gradient towards its " + names.get(i),
          expected.get(i).toDoubleArray(),
          gradients.get(i).toDoubleArray(),
          Lab.EXACT);
    }
  }
}
