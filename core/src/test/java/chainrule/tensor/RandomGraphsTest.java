package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Dual;
import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.math.Real;
import chainrule.scalar.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Random expression graphs, read by every engine: the scalar engine is the oracle of the tensor
 * engine, and nested dual numbers of its second derivatives.
 */
class RandomGraphsTest {
  private static final int GRAPHS = 300;
  private static final int LEAVES = 4;
  private static final int STEPS = 40;
  private static final int ROWS = 3;

  /** The same graph for the same seed, whatever the numbers are. */
  private static <E extends Num<E>> E graph(long seed, List<E> leaves) {
    var random = new Philox(seed, "graph");
    var nodes = new ArrayList<>(leaves);
    for (int i = 0; i < STEPS; i++) {
      E a = nodes.get(random.nextInt(nodes.size()));
      E b = nodes.get(random.nextInt(nodes.size()));
      nodes.add(step(random.nextInt(18), a, b));
    }
    E total = nodes.getLast();
    for (int i = LEAVES; i < nodes.size(); i += 7) {
      total = total.add(nodes.get(i));
    }
    return total;
  }

  /** Results stay moderate, so that errors do too. */
  private static <E extends Num<E>> E step(int kind, E a, E b) {
    return switch (kind) {
      case 0 -> a.add(b);
      case 1 -> a.sub(b);
      case 2 -> a.mul(b).atan();
      case 3 -> a.div(b.square().add(1));
      case 4 -> a.tanh();
      case 5 -> a.sigmoid().mul(b);
      case 6 -> a.sin().add(b.cos());
      case 7 -> a.softplus();
      case 8 -> a.tanh().exp();
      case 9 -> a.square().add(0.5).sqrt();
      case 10 -> a.maximum(b);
      case 11 -> a.gt(b).select(a, b.neg());
      case 12 -> a.relu();
      case 13 -> a.abs();
      case 14 -> a.gelu();
      case 15 -> a.silu().minimum(b);
      case 16 -> a.square().add(0.1).log().mul(0.5);
      default -> a.tanh().add(2).pow(b.sigmoid());
    };
  }

  private static double[][] sample(long seed) {
    var random = new Philox(seed, "leaves");
    var x = new double[LEAVES][ROWS];
    for (double[] leaf : x) {
      Arrays.setAll(leaf, _ -> 2 * random.nextDouble() - 1);
    }
    return x;
  }

  private static void close(double actual, double expected, String where) {
    double size = Math.max(1, Math.abs(expected));
    assertThat(Math.abs(actual - expected) / size).as(where).isLessThan(1e-9);
  }

  @Test
  void theScalarEngineAndTheTensorEngineAgree() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      double[][] x = sample(seed);
      List<Parameter> leaves =
          Arrays.stream(x).map(data -> Tensor.of(data).requiresGrad()).toList();
      Tensor y = graph(seed, new ArrayList<Tensor>(leaves));
      var options = GradOptions.DEFAULT.allowUnused(true).seed(Tensor.ones(DType.F64, ROWS));
      List<Tensor> gradients = Autograd.grad(y, leaves, options);
      for (int row = 0; row < ROWS; row++) {
        int r = row;
        List<Value> numbers = Arrays.stream(x).map(data -> Value.of(data[r])).toList();
        Value root = graph(seed, numbers);
        root.backward();
        String where = "seed " + seed + ", row " + row;
        assertThat(y.get(row)).as(where).isEqualTo(root.data());
        for (int k = 0; k < LEAVES; k++) {
          close(gradients.get(k).get(row), numbers.get(k).grad(), where + ", leaf " + k);
        }
      }
    }
  }

  @Test
  void secondDerivativesAgreeWithNestedDualNumbers() {
    for (long seed = 0; seed < GRAPHS; seed++) {
      double[][] x = sample(seed);
      double[][] v = sample(seed + GRAPHS);
      long graph = seed;
      Tensor point = Tensor.of(first(x));
      Tensor direction = Tensor.of(first(v));
      Tensor product = Autograd.hvp(t -> graph(graph, columns(t)), point, direction);
      double tensor = product.mul(direction).sum().item();
      var duals = new ArrayList<Dual<Dual<Real>>>();
      for (int k = 0; k < LEAVES; k++) {
        var inner = new Dual<>(new Real(x[k][0]), new Real(v[k][0]));
        duals.add(new Dual<>(inner, new Dual<>(new Real(v[k][0]), new Real(0))));
      }
      close(tensor, graph(graph, duals).tangent().tangent().value(), "seed " + seed);
    }
  }

  private static double[] first(double[][] x) {
    return Arrays.stream(x).mapToDouble(row -> row[0]).toArray();
  }

  private static List<Tensor> columns(Tensor x) {
    return IntStream.range(0, LEAVES).mapToObj(k -> x.pick(0, k)).toList();
  }
}
