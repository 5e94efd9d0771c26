package chainrule.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Philox;
import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A gradient is the sum over paths of products of local derivatives. */
class ExplanationTest {
  @Test
  void theNeuronSpelledWithExp() {
    Samples.Neuron n = Samples.Neuron.make();
    Tensor e = n.x1().mul(n.w1()).add(n.x2().mul(n.w2())).add(n.b()).mul(2).exp();
    Tensor o = e.sub(1).div(e.add(1));
    Explanation why = GraphView.of(o).explain(n.w1());
    assertThat(why.formula()).isEqualTo("y = (v1 − 1)/(v1 + 1)\nv1 = e^((x1·w1 + x2·w2 + b)·2)");
    assertThat(why.pathCount()).isEqualTo(2);
    assertThat(why.paths())
        .extracting(p -> p.steps().stream().map(Explanation.Step::operation).toList())
        .containsExactly(
            List.of("mul", "add", "add", "mul", "exp", "sub", "div"),
            List.of("mul", "add", "add", "mul", "exp", "add", "div"));
    assertThat(why.paths().getFirst().steps().getLast().formula()).isEqualTo("1/b");
    assertThat(why.share(why.paths().getFirst())).isCloseTo(3.414213562373095, within(1e-12));
    assertThat(why.toString())
        .contains("at w1 = −3: y = 0.707106781186547", "∂y/∂w1 = 1")
        .contains("2 paths:")
        .contains(
            "w1 → mul → add → add → mul → exp → sub → div:  2 · 1 · 1 · 2 · 5.828 · 1 · 0.1464");
  }

  @Test
  void productsAddUpToTheGradientOnAThousandRandomGraphs() {
    for (int seed = 0; seed < 1000; seed++) {
      var random = new Philox(seed);
      List<Parameter> leaves = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        leaves.add(Tensor.scalar(random.nextGaussian()).requiresGrad("p" + i));
      }
      Tensor y = Samples.random(random, leaves, 4 + random.nextInt(14));
      if (!y.isTracked()) {
        continue;
      }
      for (Parameter leaf : leaves) {
        if (!GraphView.of(y).nodes().stream().anyMatch(n -> n.name().equals(leaf.name()))) {
          continue;
        }
        Explanation why = GraphView.of(y).explain(leaf);
        double gradient = Autograd.grad(y, leaf, GradOptions.DEFAULT.allowUnused(true)).item();
        double size = 1;
        double sum = why.remainder();
        for (Explanation.Path path : why.paths()) {
          sum += path.product();
          size += Math.abs(path.product());
        }
        assertThat(why.gradient()).as("seed %d", seed).isEqualTo(gradient);
        assertThat(sum).as("seed %d, %s", seed, leaf).isCloseTo(gradient, within(1e-12 * size));
        assertThat((double) why.paths().size()).as("seed %d", seed).isEqualTo(why.pathCount());
        assertThat(why.remainder()).isZero();
        assertThat(why.paths())
            .isSortedAccordingTo((a, b) -> Double.compare(round(b.product()), round(a.product())));
        assertThat(leaf.grad()).isNull();
      }
    }
  }

  /** Products that differ by rounding alone may come in any order. */
  private static double round(double product) {
    return Math.abs(product) < 1e-300 ? 0 : (float) Math.abs(product);
  }

  @Test
  void ofTooManyPathsTheLargestAreFound() {
    Parameter x = Tensor.scalar(0.7).requiresGrad("x");
    Tensor y = x;
    for (int i = 0; i < 60; i++) {
      y = y.mul(0.9).add(y.mul(0.1)); // two ways per step: 2⁶⁰ paths, the largest 0.9⁶⁰
    }
    Explanation why = GraphView.of(y).explain(x);
    assertThat(why.pathCount()).isEqualTo(0x1p60);
    assertThat(why.paths()).hasSize(Explanation.LARGEST);
    assertThat(why.paths().getFirst().product()).isCloseTo(Math.pow(0.9, 60), within(1e-15));
    assertThat(why.paths().get(1).product()).isCloseTo(Math.pow(0.9, 59) * 0.1, within(1e-15));
    double sum = why.paths().stream().mapToDouble(Explanation.Path::product).sum();
    assertThat(why.gradient()).isCloseTo(1, within(1e-12));
    assertThat(why.remainder()).isCloseTo(1 - sum, within(1e-12));
    assertThat(why.toString()).contains("1.153e18 paths, the largest 20:", "all others: 0.9");
  }

  @Test
  void theSameTensorTwiceMakesTwoPaths() {
    Parameter x = Tensor.scalar(3.0).requiresGrad("x");
    Explanation why = GraphView.of(x.mul(x)).explain(x);
    assertThat(why.paths()).extracting(Explanation.Path::product).containsExactly(3.0, 3.0);
    assertThat(why.gradient()).isEqualTo(6);
    assertThat(GraphView.of(x).explain(x).paths())
        .containsExactly(new Explanation.Path(List.of(), 1));
  }

  @Test
  void whatItCannotExplainItSays() {
    Parameter v = Tensor.of(1.0, 2.0).requiresGrad("v");
    Parameter x = Tensor.scalar(1.0).requiresGrad("x");
    Tensor y = v.mul(x).sum();
    assertThatThrownBy(() -> GraphView.of(y).explain(v))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("v 2 has 2 elements");
    assertThatThrownBy(() -> GraphView.of(y).explain(x))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("mul 2 has 2 elements");
    Parameter other = Tensor.scalar(1.0).requiresGrad("other");
    assertThatThrownBy(() -> GraphView.of(y).explain(other))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("does not depend on other");
    assertThatThrownBy(() -> GraphView.of(y).explain(Tensor.scalar(1.0)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("is a constant");
  }
}
