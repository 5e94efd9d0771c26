package chainrule.examples.reproduce;

import chainrule.compile.Compiled;
import chainrule.examples.random.PythonRandom;
import chainrule.optim.ElementwiseOptimizer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A layered net of logistic units as in Rumelhart, Hinton and Williams (1986): weights and biases
 * uniform in ±r, error {@code ½ Σ (y − d)²} over all cases, one update after each sweep.
 */
final class Logistic {
  private final List<Parameter> weights = new ArrayList<>();
  private final List<Parameter> biases = new ArrayList<>();
  private final boolean skips;

  /** A net from Python's seed. */
  Logistic(long seed, double r, int... sizes) {
    this(seed, r, false, sizes);
  }

  /**
   * A net from Python's seed.
   *
   * @param skips whether every layer also sees the inputs
   */
  Logistic(long seed, double r, boolean skips, int... sizes) {
    this.skips = skips;
    RandomGenerator random = new PythonRandom(seed);
    for (int i = 1; i < sizes.length; i++) {
      int in = sizes[i - 1] + (skips && i > 1 ? sizes[0] : 0);
      weights.add(uniform(random, r, sizes[i], in));
      biases.add(uniform(random, r, sizes[i]));
    }
  }

  static Parameter uniform(RandomGenerator random, double r, int... shape) {
    int n = shape.length == 1 ? shape[0] : shape[0] * shape[1];
    double[] drawn = new double[n];
    for (int i = 0; i < n; i++) {
      drawn[i] = random.nextDouble(-r, r);
    }
    return Tensor.of(drawn, shape).requiresGrad();
  }

  List<Parameter> parameters() {
    List<Parameter> all = new ArrayList<>(weights);
    all.addAll(biases);
    return Collections.unmodifiableList(all);
  }

  Tensor weight(int layer) {
    return weights.get(layer).value();
  }

  Tensor bias(int layer) {
    return biases.get(layer).value();
  }

  /** What the last layer says. */
  Tensor outputs(Tensor x) {
    Tensor h = x;
    for (int i = 0; i < weights.size(); i++) {
      Tensor in = skips && i > 0 ? Tensor.cat(1, h, x) : h;
      h = in.linear(weights.get(i), biases.get(i)).sigmoid();
    }
    return h;
  }

  /** One sweep after another; returns the error of each. */
  Compiled sweeps(DeltaRule rule) {
    return sweep(parameters(), rule, this::outputs);
  }

  /** A sweep over all cases by any function of the inputs. */
  static Compiled sweep(List<Parameter> parameters, DeltaRule rule, UnaryOperator<Tensor> outputs) {
    return Nets.step(
        new ElementwiseOptimizer(parameters, rule),
        in -> outputs.apply(in.get(0)).sub(in.get(1)).square().sum().mul(0.5));
  }

  /** How many cases have every output on the right side of ½. */
  static int agreeing(Tensor said, Tensor wanted) {
    double[] y = said.toDoubleArray();
    double[] d = wanted.toDoubleArray();
    int width = said.size(1);
    int right = 0;
    for (int row = 0; row < said.size(0); row++) {
      boolean all = true;
      for (int i = row * width; i < (row + 1) * width; i++) {
        all &= y[i] > 0.5 == d[i] > 0.5;
      }
      right += all ? 1 : 0;
    }
    return right;
  }

  int right(Tensor x, Tensor wanted) {
    return agreeing(outputs(x).detach(), wanted);
  }

  /** All patterns of bits, the highest first, as rows. */
  static double[][] patterns(int bits) {
    double[][] rows = new double[1 << bits][bits];
    for (int k = 0; k < rows.length; k++) {
      for (int i = 0; i < bits; i++) {
        rows[k][i] = k >> (bits - 1 - i) & 1;
      }
    }
    return rows;
  }
}
