package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Two hidden units that see whether six bits are symmetrical about their middle, and what no net
 * without hidden units can do.
 *
 * <p>Source: Rumelhart, Hinton and Williams, <i>Learning representations by back-propagating
 * errors</i>, Nature 323 (1986), figure 1.
 */
final class RumelhartSymmetry {
  static final Experiment EXPERIMENT =
      new Experiment(
          "symmetry",
          "Rumelhart, Hinton & Williams (1986), figure 1",
          "at least 12 of 20 seeds within 6,000 sweeps, median 700 to 3,000 (the paper: 1,425)",
          "3 s",
          "3 s",
          List.of(),
          RumelhartSymmetry::run);

  private static final int SEEDS = 20;
  private static final int SWEEPS = 6_000;
  private static final int BITS = 6;
  private static final DeltaRule RULE = new DeltaRule(0.1, 0.9, 0);

  private static final Tensor X = Tensor.of(Logistic.patterns(BITS));
  private static final Tensor Y = Tensor.of(symmetrical(), 1 << BITS, 1);

  private RumelhartSymmetry() {}

  private static double[] symmetrical() {
    return Arrays.stream(Logistic.patterns(BITS))
        .mapToDouble(p -> p[0] == p[5] && p[1] == p[4] && p[2] == p[3] ? 1 : 0)
        .toArray();
  }

  private static void run(Lab lab) {
    List<Integer> solvedAt = new ArrayList<>();
    List<double[]> pictures = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Plot.Curve> curves = new ArrayList<>();
    List<Double> mirrors = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      var net = new Logistic(seed, 0.3, BITS, 2, 1);
      Compiled sweep = net.sweeps(RULE);
      double[] errors = new double[SWEEPS];
      int solved = 0;
      for (int k = 0; k < SWEEPS; k++) {
        errors[k] = sweep.number(X, Y);
        if (solved == 0 && k % 5 == 4 && net.right(X, Y) == 1 << BITS) {
          solved = k + 1;
        }
      }
      lab.progress("seed %d: %s", seed, solved == 0 ? "not solved" : "solved at sweep " + solved);
      if (solved > 0) {
        solvedAt.add(solved);
        double[] w = net.weight(0).toDoubleArray();
        mirrors.add(mirror(w));
        pictures.add(w);
        names.add(String.format(Locale.ROOT, "seed %d, %s", seed, sizes(w)));
      }
      if (curves.size() < 8) {
        curves.add(Plot.Curve.of("seed " + seed, errors));
      }
    }
    lab.atLeast("seeds of 20 that solve it within 6,000 sweeps", 12, solvedAt.size());
    solvedAt.sort(null);
    lab.between(
        "median sweeps to the solution",
        700,
        3_000,
        solvedAt.isEmpty() ? Double.NaN : solvedAt.get(solvedAt.size() / 2));
    mirrors.sort(null);
    lab.atMost(
        "mirror weights unequal by, of the largest; median",
        0.01,
        mirrors.isEmpty() ? Double.NaN : mirrors.get(mirrors.size() / 2));
    var linear = new Logistic(0, 0.3, BITS, 1);
    Compiled sweep = linear.sweeps(new DeltaRule(0.01, 0.9, 0));
    for (int k = 0; k < SWEEPS; k++) {
      sweep.number(X, Y);
    }
    lab.atMost("right of 64 without a hidden layer", 57, linear.right(X, Y));
    lab.draw(new Plot.Curves("Error of every sweep", "sweep", "½ Σ (y − d)²", true, curves));
    lab.draw(
        new Plot.Pictures(
            "Weights into the two hidden units, mirrored about the middle with opposite sign",
            BITS,
            names,
            pictures));
  }

  /** How far weights of mirrored places are from equal and opposite, of the unit's largest. */
  private static double mirror(double[] w) {
    double worst = 0;
    for (int unit = 0; unit < 2; unit++) {
      double largest = 0;
      double apart = 0;
      for (int i = 0; i < BITS; i++) {
        largest = Math.max(largest, Math.abs(w[unit * BITS + i]));
        apart = Math.max(apart, Math.abs(w[unit * BITS + i] + w[unit * BITS + BITS - 1 - i]));
      }
      worst = Math.max(worst, apart / largest);
    }
    return worst;
  }

  /** The first unit's three sizes, the least as 1. */
  private static String sizes(double[] w) {
    double[] size = {Math.abs(w[0]), Math.abs(w[1]), Math.abs(w[2])};
    Arrays.sort(size);
    return String.format(Locale.ROOT, "1 : %.1f : %.1f", size[1] / size[0], size[2] / size[0]);
  }
}
