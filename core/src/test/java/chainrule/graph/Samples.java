package chainrule.graph;

import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** Computations that several tests look at. */
final class Samples {
  private Samples() {}

  /** The tanh neuron of the micrograd lecture. */
  record Neuron(Parameter x1, Parameter x2, Parameter w1, Parameter w2, Parameter b, Tensor o) {
    static Neuron make() {
      Parameter x1 = Tensor.scalar(2.0).requiresGrad("x1");
      Parameter x2 = Tensor.scalar(0.0).requiresGrad("x2");
      Parameter w1 = Tensor.scalar(-3.0).requiresGrad("w1");
      Parameter w2 = Tensor.scalar(1.0).requiresGrad("w2");
      Parameter b = Tensor.scalar(6.8813735870195432).requiresGrad("b");
      return new Neuron(x1, x2, w1, w2, b, x1.mul(w1).add(x2.mul(w2)).add(b).tanh());
    }
  }

  /** A stack of equal layers, each a weight, a bias and a tanh, under {@code blocks.i}. */
  static Tensor blocks(int n, int width) {
    RandomGenerator random = new chainrule.math.Philox(5);
    Tensor x = Tensor.randn(DType.F64, random, 3, width);
    List<UnaryOperator<Tensor>> layers = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Parameter w = Tensor.randn(DType.F64, random, width, width).requiresGrad("w" + i);
      Parameter b = Tensor.randn(DType.F64, random, width).requiresGrad("b" + i);
      String name = "blocks." + i;
      layers.add(
          h ->
              Tape.layer(
                  name, () -> Tape.layer("fc", () -> h.matmul(w, false, true).add(b)).tanh()));
    }
    Tensor h = x;
    for (UnaryOperator<Tensor> layer : layers) {
      h = layer.apply(h);
    }
    return h.square().mean();
  }

  /** A random scalar computation of {@code n} operations that stays of moderate size. */
  static Tensor random(RandomGenerator random, List<Parameter> leaves, int n) {
    List<Tensor> values = new ArrayList<>(leaves);
    for (int i = 0; i < n; i++) {
      Tensor a = values.get(pick(random, values.size()));
      Tensor b = values.get(pick(random, values.size()));
      values.add(
          switch (random.nextInt(9)) {
            case 0 -> a.add(b);
            case 1 -> a.sub(b);
            case 2 -> a.mul(b).tanh();
            case 3 -> a.div(b.square().add(1));
            case 4 -> a.sin();
            case 5 -> a.mul(0.7);
            case 6 -> a.maximum(b);
            case 7 -> a.gt(b).select(a.sigmoid(), b.cos());
            default -> a.tanh();
          });
    }
    return values.getLast();
  }

  /** Late values more often than early ones, so that the graph is deep. */
  private static int pick(RandomGenerator random, int n) {
    return Math.max(random.nextInt(n), random.nextInt(n));
  }
}
