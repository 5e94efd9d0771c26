package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.compile.Compiled;
import chainrule.examples.random.PythonRandom;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Exclusive or, parity, the encoder, and a recurrent net beside its unrolled twin.
 *
 * <p>Source: Rumelhart, Hinton and Williams, <i>Learning internal representations by error
 * propagation</i>, in <i>Parallel distributed processing</i> 1 (1986), chapter 8.
 */
final class RumelhartSmall {
  static final Experiment EXPERIMENT =
      new Experiment(
          "xor-parity-encoder",
          "Rumelhart, Hinton & Williams (1986), PDP volume 1, chapter 8",
          "XOR by 2-2-1 and by 2-1-1 with skips, parity of 4 bits, the 8-3-8 encoder: all right",
          "5 s",
          "5 s",
          List.of(),
          RumelhartSmall::run);

  private static final int SEEDS = 10;
  private static final double[][] TWO = Logistic.patterns(2);
  private static final double[][] FOUR = Logistic.patterns(4);

  private RumelhartSmall() {}

  private static Tensor odd(double[][] patterns) {
    double[] sums = Arrays.stream(patterns).mapToDouble(p -> Arrays.stream(p).sum() % 2).toArray();
    return Tensor.of(sums, sums.length, 1);
  }

  private static void run(Lab lab) {
    Tensor two = Tensor.of(TWO);
    Tensor four = Tensor.of(FOUR);
    Tensor eight = Tensor.eye(DType.F64, 8);
    learn(lab, "XOR, 2-2-1", two, odd(TWO), 5_000, 0.5, s -> new Logistic(s, 0.5, 2, 2, 1));
    learn(
        lab,
        "XOR, 2-1-1 with skips",
        two,
        odd(TWO),
        5_000,
        0.5,
        s -> new Logistic(s, 0.5, true, 2, 1, 1));
    learn(
        lab,
        "parity of 4 bits, 4-4-1",
        four,
        odd(FOUR),
        20_000,
        0.25,
        s -> new Logistic(s, 0.5, 4, 4, 1));
    Logistic encoder =
        learn(lab, "encoder 8-3-8", eight, eight, 5_000, 0.25, s -> new Logistic(s, 0.5, 8, 3, 8));
    double[] codes = eight.linear(encoder.weight(0), encoder.bias(0)).sigmoid().toDoubleArray();
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      rows.add(Arrays.copyOfRange(codes, 3 * i, 3 * i + 3));
    }
    lab.draw(
        new Plot.Pictures(
            "The encoder's codes: three hidden units for each of eight inputs",
            3,
            List.of("1", "2", "3", "4", "5", "6", "7", "8"),
            rows));
    twin(lab);
  }

  /** Trains from several starts; the first that gives every case right is the one shown. */
  private static Logistic learn(
      Lab lab,
      String name,
      Tensor x,
      Tensor y,
      int sweeps,
      double lr,
      IntFunction<Logistic> start) {
    Logistic shown = start.apply(0);
    List<Plot.Curve> curves = new ArrayList<>();
    int best = 0;
    int solved = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Logistic net = start.apply(seed);
      Compiled sweep = net.sweeps(new DeltaRule(lr, 0.9, 0));
      double[] errors = new double[sweeps];
      for (int k = 0; k < sweeps; k++) {
        errors[k] = sweep.number(x, y);
      }
      curves.add(Plot.Curve.of("seed " + seed, errors));
      int right = net.right(x, y);
      solved += right == x.size(0) ? 1 : 0;
      if (right > best) {
        best = right;
        shown = net;
      }
    }
    lab.exact(name + ", right of " + x.size(0), x.size(0), best);
    lab.note("%s: %d of %d starts give every case right", name, solved, SEEDS);
    lab.draw(new Plot.Curves(name + ", error", "sweep", "½ Σ (y − d)²", true, curves));
    return shown;
  }

  /**
   * A net that feeds itself three times is a net of three layers with the same weights: its
   * gradient is the sum of theirs (figure 5 of the chapter).
   */
  private static void twin(Lab lab) {
    var random = new PythonRandom(1);
    int units = 4;
    Parameter shared = Logistic.uniform(random, 1, units, units);
    Tensor input = Logistic.uniform(random, 1, 1, units).detach();
    Tensor recurrent = input;
    for (int t = 0; t < 3; t++) {
      recurrent = recurrent.matmul(shared).sigmoid();
    }
    double[] once = Autograd.grad(recurrent.square().sum(), shared).toDoubleArray();
    List<Parameter> copies = new ArrayList<>();
    Tensor unrolled = input;
    for (int t = 0; t < 3; t++) {
      Parameter copy = shared.value().requiresGrad();
      copies.add(copy);
      unrolled = unrolled.matmul(copy).sigmoid();
    }
    double[] summed =
        Autograd.grad(unrolled.square().sum(), copies).stream()
            .reduce(Tensor::add)
            .orElseThrow()
            .toDoubleArray();
    lab.all("a recurrent net's gradient and its unrolled twin's sum", summed, once, Lab.EXACT);
  }
}
