package chainrule.golden;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.math.Num;
import chainrule.scalar.Value;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Worked examples from books, courses and READMEs: values and gradients. */
class SmallGraphsTest {
  private record Case(
      String name, Engine.Function f, double[] inputs, double value, double[] gradients) {}

  private static double[] at(double... numbers) {
    return numbers;
  }

  private static final List<Case> CASES =
      List.of(
          new Case("one weight", SmallGraphsTest::oneWeight, at(0.5, 0, 1), 0.25, at(1, 1, 0.5)),
          new Case(
              "micrograd's README",
              SmallGraphsTest::micrograd,
              at(-4, 2),
              24.70408163265306,
              at(138.8338192419825, 645.5772594752186)),
          new Case("micrograd's sanity check", SmallGraphsTest::sanity, at(-4), -20, at(46)),
          new Case(
              "(a·b + c)·f", SmallGraphsTest::product, at(2, -3, 10, -2), -8, at(6, -4, -2, 4)),
          new Case(
              "tanh neuron",
              SmallGraphsTest::tanhNeuron,
              at(2, 0, -3, 1, 6.8813735870195432),
              0.7071067811865476,
              at(-1.5, 0.5, 1, 0, 0.5)),
          new Case(
              "tanh neuron, tanh spelled with exp",
              SmallGraphsTest::tanhBySteps,
              at(2, 0, -3, 1, 6.8813735870195432),
              0.7071067811865476,
              at(-1.5, 0.5, 1, 0, 0.5)),
          new Case("a + a", SmallGraphsTest::twice, at(3), 6, at(2)),
          new Case("a·b·(a + b)", SmallGraphsTest::shared, at(-2, 3), -6, at(-3, -8)),
          new Case("b = a + a, c = b + b", SmallGraphsTest::fourTimes, at(1), 4, at(4)),
          new Case("x³", SmallGraphsTest::cube, at(3), 27, at(27)),
          new Case("aᵇ", SmallGraphsTest::power, at(2, 3), 8, at(12, 5.545177444479562)),
          new Case("(x + y)·z", SmallGraphsTest::circuit, at(-2, 5, -4), -12, at(-4, -4, 3)),
          new Case(
              "sigmoid neuron",
              SmallGraphsTest::sigmoidNeuron,
              at(2, -3, -3, -1, -2),
              0.7310585786300049,
              at(
                  -0.19661193324148185,
                  -0.3932238664829637,
                  0.19661193324148185,
                  0.3932238664829637,
                  -0.5898357997244456)),
          new Case(
              "2·(x·y + max(z, w))",
              SmallGraphsTest::maximum,
              at(3, -4, 2, -1),
              -20,
              at(-8, 6, 2, 0)));

  @TestFactory
  Stream<DynamicTest> theFiguresAreThePublishedOnes() {
    return CASES.stream()
        .flatMap(
            c ->
                Arrays.stream(Engine.values())
                    .map(
                        engine ->
                            DynamicTest.dynamicTest(
                                c.name + " / " + engine, () -> check(c, engine))));
  }

  private static void check(Case c, Engine engine) {
    Engine.Answer answer = engine.ask(c.f, c.inputs);
    assertThat(answer.value()).isCloseTo(c.value, relative(c.value));
    for (int i = 0; i < c.gradients.length; i++) {
      double expected = c.gradients[i];
      assertThat(answer.gradients()[i])
          .as("gradient %d", i)
          .isCloseTo(expected, relative(expected));
    }
  }

  private static Offset<Double> relative(double expected) {
    return Offset.offset(1e-12 * Math.max(1e-3, Math.abs(expected)));
  }

  // ---------------------------------------------------------------- the functions

  private static <E extends Num<E>> E oneWeight(List<E> p) {
    E z = p.get(0).mul(p.get(2)).add(p.get(1)); // W·x + b
    return z.sub(0).square();
  }

  private static <E extends Num<E>> E micrograd(List<E> p) {
    E a = p.get(0);
    E b = p.get(1);
    E c = a.add(b);
    E d = a.mul(b).add(b.pow(3));
    c = c.add(c.add(1));
    c = c.add(c.add(1).add(a.neg()));
    d = d.add(d.mul(2).add(b.add(a).relu()));
    d = d.add(d.mul(3).add(b.sub(a).relu()));
    E f = c.sub(d).pow(2);
    return f.div(2).add(f.constant(10).div(f));
  }

  private static <E extends Num<E>> E sanity(List<E> p) {
    E x = p.getFirst();
    E z = x.mul(2).add(2).add(x);
    E q = z.relu().add(z.mul(x));
    E h = z.mul(z).relu();
    return h.add(q).add(q.mul(x));
  }

  private static <E extends Num<E>> E product(List<E> p) {
    return p.get(0).mul(p.get(1)).add(p.get(2)).mul(p.get(3));
  }

  private static <E extends Num<E>> E neuron(List<E> p) {
    return p.get(0).mul(p.get(2)).add(p.get(1).mul(p.get(3))).add(p.get(4));
  }

  private static <E extends Num<E>> E tanhNeuron(List<E> p) {
    return neuron(p).tanh();
  }

  private static <E extends Num<E>> E tanhBySteps(List<E> p) {
    E e = neuron(p).mul(2).exp();
    return e.sub(1).div(e.add(1));
  }

  private static <E extends Num<E>> E twice(List<E> p) {
    return p.getFirst().add(p.getFirst());
  }

  private static <E extends Num<E>> E shared(List<E> p) {
    return p.get(0).mul(p.get(1)).mul(p.get(0).add(p.get(1)));
  }

  private static <E extends Num<E>> E fourTimes(List<E> p) {
    E b = p.getFirst().add(p.getFirst());
    return b.add(b);
  }

  private static <E extends Num<E>> E cube(List<E> p) {
    E x = p.getFirst();
    return x.mul(x).mul(x);
  }

  private static <E extends Num<E>> E power(List<E> p) {
    return p.get(0).pow(p.get(1));
  }

  private static <E extends Num<E>> E circuit(List<E> p) {
    return p.get(0).add(p.get(1)).mul(p.get(2));
  }

  private static <E extends Num<E>> E sigmoidNeuron(List<E> p) {
    return p.get(0).mul(p.get(3)).add(p.get(1).mul(p.get(4))).add(p.get(2)).sigmoid();
  }

  private static <E extends Num<E>> E maximum(List<E> p) {
    return p.get(0).mul(p.get(1)).add(p.get(2).maximum(p.get(3))).mul(2);
  }

  // ---------------------------------------------------------------- and what follows from them

  @ParameterizedTest
  @EnumSource
  void oneStepDownhillMovesTheWeightToZeroPointFour(Engine engine) {
    double gradient = engine.ask(SmallGraphsTest::oneWeight, 0.5, 0, 1).gradients()[0];
    assertThat(0.5 - 0.1 * gradient).isEqualTo(0.4);
  }

  @ParameterizedTest
  @EnumSource
  void aStepAlongTheGradientRaisesTheProduct(Engine engine) {
    double[] inputs = {2, -3, 10, -2};
    double[] gradients = engine.ask(SmallGraphsTest::product, inputs).gradients();
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] += 0.01 * gradients[i];
    }
    double raised = engine.ask(SmallGraphsTest::product, inputs).value();
    assertThat(raised).isCloseTo(-7.286496, relative(7.286496));
  }

  @ParameterizedTest
  @EnumSource
  void aNegativeBaseHasNoDerivativeTowardsTheExponent(Engine engine) {
    Engine.Answer answer = engine.ask(SmallGraphsTest::power, -2, 3);
    assertThat(answer.value()).isEqualTo(-8);
    assertThat(answer.gradients()[0]).isCloseTo(12, relative(12));
    assertThat(answer.gradients()[1]).isNaN();
  }

  @Test
  void backwardAccumulatesInTheLeavesOfTheScalarEngineAndNowhereElse() {
    Value x = Value.of(3);
    Value y = x.mul(x).mul(x);
    y.backward();
    assertThat(x.grad()).isEqualTo(27);
    y.backward();
    assertThat(x.grad()).isEqualTo(54);
    x.zeroGrad();
    y.backward();
    assertThat(x.grad()).isEqualTo(27);
  }

  @Test
  void backwardAccumulatesInTheLeavesOfTheTensorEngineAndGradDoesNot() {
    Parameter x = Tensor.scalar(3.0).requiresGrad();
    Tensor y = x.mul(x).mul(x);
    assertThat(Autograd.grad(y, x).item()).isEqualTo(27);
    assertThat(Autograd.grad(y, x).item()).isEqualTo(27);
    assertThat(x.grad()).isNull();
    y.backward();
    assertThat(gradient(x)).isEqualTo(27);
    y.backward();
    assertThat(gradient(x)).isEqualTo(54);
    x.zeroGrad();
    y.backward();
    assertThat(gradient(x)).isEqualTo(27);
  }

  private static double gradient(Parameter p) {
    return Objects.requireNonNull(p.grad()).item();
  }
}
