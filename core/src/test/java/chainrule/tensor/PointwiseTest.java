package chainrule.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Binary;
import chainrule.math.Composite;
import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Fused chains of elementwise functions have the bits of their steps, whatever the numbers. */
class PointwiseTest {
  private static final List<DType> TYPES = List.of(DType.F32, DType.F64);

  private static final double[] SPECIAL = {
    Double.NaN, 0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-40, -1e-40, 1, -1, 6
  };

  /** More than one block, with everything awkward in it. */
  private static Tensor numbers(DType dtype, String purpose) {
    var random = new Philox(5, purpose);
    double[] data = new double[53 * 47];
    for (int i = 0; i < data.length; i++) {
      int pick = random.nextInt(30);
      data[i] = pick < SPECIAL.length ? SPECIAL[pick] : 3 * random.nextGaussian();
    }
    return Tensor.of(data, 53, 47).to(dtype);
  }

  /** The rule run as a program, and in tensors as when a graph is being created. */
  private static void samePulls(Op op, Tensor... x) {
    Tensor y = Tensor.apply(op, x);
    Tensor g = numbers(y.dtype(), "g");
    for (int mask = 1; mask < 1 << x.length; mask++) {
      boolean[] wanted = new boolean[x.length];
      for (int i = 0; i < x.length; i++) {
        wanted[i] = (mask & 1 << i) != 0;
      }
      Supplier<@Nullable Tensor[]> rule = () -> op.backward(g, y, x, wanted);
      @Nullable Tensor[] program = Tape.noGrad(rule);
      @Nullable Tensor[] tensors = rule.get();
      for (int i = 0; i < x.length; i++) {
        Tensor a = program[i];
        Tensor b = tensors[i];
        if (wanted[i]) {
          assertThat(a != null && b != null && a.sameBits(b)).as(op.name() + " " + i).isTrue();
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> backwardRulesOfTheTable() {
    var tests = new ArrayList<DynamicTest>();
    for (DType dtype : TYPES) {
      for (Unary f : Unary.values()) {
        if (!f.flat()) {
          tests.add(
              DynamicTest.dynamicTest(
                  f.call() + " " + dtype,
                  () -> samePulls(new Elementwise.Map(f), numbers(dtype, "x"))));
        }
      }
      for (Binary f : Binary.values()) {
        if (!f.flat()) {
          tests.add(
              DynamicTest.dynamicTest(
                  f.call() + " " + dtype,
                  () ->
                      samePulls(new Elementwise.Zip(f), numbers(dtype, "a"), numbers(dtype, "b"))));
        }
      }
    }
    return tests.stream();
  }

  private static List<Tensor> valueAndGradient(Composite f, Tensor at) {
    Tensor x = at.requiresGrad();
    Tensor y = f.of(x);
    Tensor g = numbers(at.dtype(), "g");
    return List.of(y, Autograd.grad(y, List.of(x), GradOptions.DEFAULT.seed(g)).getFirst());
  }

  @TestFactory
  Stream<DynamicTest> composites() {
    return Stream.of(Composite.values())
        .flatMap(
            f ->
                TYPES.stream()
                    .map(
                        dtype ->
                            DynamicTest.dynamicTest(
                                f.call() + " " + dtype,
                                () -> {
                                  Tensor x = numbers(dtype, f.name());
                                  List<Tensor> fused = valueAndGradient(f, x);
                                  List<Tensor> steps =
                                      Tape.expressions(() -> valueAndGradient(f, x));
                                  assertThat(fused.get(0).sameBits(steps.get(0))).isTrue();
                                  assertThat(fused.get(1).sameBits(steps.get(1))).isTrue();
                                })));
  }

  private static <E extends Num<E>> E gate(E a, E b, E c) {
    return a.mul(b.sigmoid()).sub(a.mul(c).tanh()).add(a.square().mul(c.add(1)));
  }

  @Test
  void severalTensorsBroadcast() {
    Pointwise gate = Pointwise.of("gate", 3, x -> gate(x.get(0), x.get(1), x.get(2)));
    for (DType dtype : TYPES) {
      Parameter a = numbers(dtype, "a").requiresGrad();
      Parameter b = numbers(dtype, "b").slice(0, 0, 1).reshape(47).requiresGrad();
      Parameter c = numbers(dtype, "c").slice(1, 0, 1).requiresGrad();
      Tensor fused = gate.apply(a, b, c);
      Tensor steps = gate(a, b, c);
      assertThat(fused.sameBits(steps)).isTrue();
      GradOptions seed = GradOptions.DEFAULT.seed(numbers(dtype, "g"));
      List<Tensor> one = Autograd.grad(fused, List.of(a, b, c), seed);
      List<Tensor> many = Autograd.grad(steps, List.of(a, b, c), seed);
      for (int i = 0; i < 3; i++) {
        assertThat(one.get(i).shape()).isEqualTo(many.get(i).shape());
        assertThat(i > 0 || one.get(i).sameBits(many.get(i))).isTrue();
      }
    }
  }

  @Test
  void oneOperationStandsInTheGraphAndKeepsOnlyItsInputs() {
    Tensor y = numbers(DType.F32, "x").requiresGrad().gelu();
    Node node = y.node();
    assertThat(node).isNotNull();
    assertThat(node.name()).isEqualTo("gelu");
    assertThat(node.value()).isEmpty();
    assertThat(node.input(0)).isPresent();
  }

  @Test
  void parametersArePartOfTheName() {
    Parameter x = Tensor.of(-1.0, 2.0).requiresGrad();
    assertThat(x.leakyRelu(0.01).node()).hasToString("leakyRelu 0.01 2");
    assertThat(x.clamp(-0.5, 1).node()).hasToString("clamp −0.5 1 2");
    for (int i = 0; i < 1000; i++) { // more values than are remembered
      assertThat(x.elu(i).get(0)).isEqualTo(StrictMath.expm1(-1) * i);
    }
  }

  @Test
  void whatDoesNotDependHasNoGradient() {
    Parameter a = Tensor.of(1.5, -2.5).requiresGrad();
    Parameter b = Tensor.of(3.0, 4.0).requiresGrad();
    Pointwise floor = Pointwise.of(1, x -> x.getFirst().floor());
    assertThat(floor.apply(a).isTracked()).isFalse();
    Pointwise first = Pointwise.of(2, x -> x.get(0).square().add(x.get(1).floor()));
    GradOptions options = GradOptions.DEFAULT.allowUnused(true);
    Tensor y = first.apply(a, b).sum();
    assertThat(Autograd.grad(y, List.of(a, b), options).getFirst().get(0)).isEqualTo(3);
    Tensor again =
        Autograd.grad(first.apply(a, b).sum(), List.of(a), options.createGraph(true)).getFirst();
    assertThat(Autograd.grad(again.sum(), a).get(1)).isEqualTo(2);
    Pointwise constant = Pointwise.of(1, x -> x.getFirst().constant(2));
    assertThat(constant.apply(a).toDoubleArray()).containsExactly(2, 2);
    Pointwise same = Pointwise.of(1, x -> x.getFirst());
    assertThat(Autograd.grad(same.apply(a).sum(), a).toDoubleArray()).containsExactly(1, 1);
  }

  @Test
  void wrongUseIsRefused() {
    Pointwise product = Pointwise.of("product", 2, x -> x.get(0).mul(x.get(1)));
    assertThatThrownBy(() -> product.apply(Tensor.of(1.0)))
        .hasMessage("product: takes 2 tensors, got 1");
    assertThatThrownBy(() -> product.apply(Tensor.of(1.0, 2.0), Tensor.of(1.0, 2.0, 3.0)))
        .hasMessageStartingWith("product: 2 and 3 do not broadcast");
    assertThatThrownBy(() -> product.apply(Tensor.of(1.0), Tensor.of(1f)))
        .isInstanceOf(DTypeException.class);
    assertThatThrownBy(() -> Pointwise.of("none", 0, x -> x.getFirst()))
        .hasMessage("none: a function of 1 to 30 tensors is wanted, not of 0");
  }
}
