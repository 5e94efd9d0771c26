package chainrule.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OptimizerTest {
  private static final Map<String, Function<List<Parameter>, Optimizer>> ALL =
      Map.ofEntries(
          entry("sgd", p -> new SGD(p, SGD.options().lr(0.1))),
          entry("momentum", p -> new SGD(p, SGD.options().momentum(0.9).weightDecay(1e-3))),
          entry("nesterov", p -> new SGD(p, SGD.options().momentum(0.9).nesterov(true))),
          entry("dampened", p -> new SGD(p, SGD.options().momentum(0.9).dampening(0.3))),
          entry("adagrad", p -> new Adagrad(p, Adagrad.options().initialAccumulatorValue(0.1))),
          entry("adadelta", p -> new Adadelta(p, Adadelta.options().weightDecay(1e-3))),
          entry("rmsprop", p -> new RMSprop(p, RMSprop.options())),
          entry("centred", p -> new RMSprop(p, RMSprop.options().centered(true).momentum(0.9))),
          entry("adam", p -> new Adam(p, Adam.options().lr(0.1).weightDecay(1e-3))),
          entry("amsgrad", p -> new Adam(p, Adam.options().amsgrad(true).maximize(true))),
          entry("adamW", p -> new AdamW(p, AdamW.options().lr(0.1))),
          entry("adamax", p -> new Adamax(p, Adamax.options())),
          entry("nadam", p -> new NAdam(p, NAdam.options())),
          entry("radam", p -> new RAdam(p, RAdam.options())),
          entry("lion", p -> new Lion(p, Lion.options().weightDecay(0.1))),
          entry("rprop", p -> new Rprop(p, Rprop.options())),
          entry("lamb", p -> new LAMB(p, LAMB.options().weightDecay(0.01))));

  private static Map.Entry<String, Function<List<Parameter>, Optimizer>> entry(
      String name, Function<List<Parameter>, Optimizer> make) {
    return Map.entry(name, make);
  }

  private static List<Parameter> parameters() {
    Philox random = new Philox(3);
    return List.of(
        Tensor.randn(DType.F32, random, 7, 5).requiresGrad(),
        Tensor.randn(DType.F32, random, 5).requiresGrad());
  }

  private static void train(List<Parameter> p, Optimizer optimizer, int from, int to) {
    for (int k = from; k < to; k++) {
      Tensor x = Tensor.randn(DType.F32, new Philox(k), 11, 7);
      optimizer.zeroGrad();
      x.matmul(p.get(0)).add(p.get(1)).tanh().sub(0.5).square().mean().backward();
      optimizer.step();
    }
  }

  @TestFactory
  Stream<DynamicTest> fiveAndFiveStepsAreTen() {
    return ALL.entrySet().stream()
        .map(
            e ->
                DynamicTest.dynamicTest(
                    e.getKey(),
                    () -> {
                      List<Parameter> straight = parameters();
                      train(straight, e.getValue().apply(straight), 0, 10);

                      List<Parameter> first = parameters();
                      Optimizer before = e.getValue().apply(first);
                      train(first, before, 0, 5);
                      List<Parameter> second = new ArrayList<>();
                      first.forEach(p -> second.add(p.value().requiresGrad()));
                      Optimizer after = e.getValue().apply(second);
                      after.lr(7);
                      after.loadStateDict(before.stateDict());
                      train(second, after, 5, 10);

                      for (int i = 0; i < straight.size(); i++) {
                        assertTrue(straight.get(i).sameBits(second.get(i)));
                        assertFalse(straight.get(i).sameBits(first.get(i)));
                      }
                    }));
  }

  /** The same function of tensors, step by step: the specification. */
  private static final class ByTensors {
    final Optimizer optimizer;
    Tensor p;
    final List<Tensor> state = new ArrayList<>();

    ByTensors(Optimizer optimizer, Tensor p) {
      this.optimizer = optimizer;
      this.p = p;
      rule().slots().forEach(_ -> state.add(Tensor.zeros(p.dtype(), p.shape())));
    }

    UpdateRule rule() {
      return (UpdateRule) optimizer.paramGroups().getFirst().options();
    }

    void step(Tensor g, long t) {
      List<Tensor> scalars = new ArrayList<>();
      double[] numbers = new double[rule().scalars()];
      rule().scalars(t, numbers);
      for (double c : numbers) {
        scalars.add(p.constant(c));
      }
      List<Tensor> next = rule().update(p, g, List.copyOf(state), scalars);
      p = next.getFirst();
      for (int k = 0; k < state.size(); k++) {
        state.set(k, next.get(k + 1).flushSubnormals());
      }
    }
  }

  static Stream<Map.Entry<String, Function<List<Parameter>, Optimizer>>> elementwise() {
    return ALL.entrySet().stream()
        .filter(e -> e.getValue().apply(parameters()) instanceof ElementwiseOptimizer);
  }

  @TestFactory
  Stream<DynamicTest> aStepHasTheBitsOfTensors() {
    return elementwise()
        .flatMap(
            e ->
                Stream.of(DType.F32, DType.F64)
                    .map(
                        dtype ->
                            DynamicTest.dynamicTest(
                                e.getKey() + " " + dtype,
                                () -> sameAsTensors(e.getValue(), dtype))));
  }

  static void sameAsTensors(Function<List<Parameter>, Optimizer> make, DType dtype) {
    Philox random = new Philox(8);
    Parameter p = Tensor.randn(dtype, random, 61, 43).requiresGrad();
    Optimizer optimizer = make.apply(List.of(p));
    var plain = new ByTensors(optimizer, p.value());
    for (int t = 1; t <= 12; t++) {
      if (t == 5) {
        optimizer.lr(0.03);
      }
      double[] special = {0, -0.0, Float.MIN_NORMAL / 8, -Float.MIN_NORMAL, 1e-40, 1e30};
      double[] g = Tensor.randn(DType.F64, random, 61 * 43).toDoubleArray();
      System.arraycopy(special, 0, g, 7 * t, special.length);
      if (t == 11) {
        g[1] = Double.NaN;
        g[2] = Double.POSITIVE_INFINITY;
      }
      Tensor gradient = Tensor.of(g, 61, 43).to(dtype);
      p.grad(gradient);
      optimizer.step();
      plain.step(gradient, t);
      assertTrue(p.value().sameBits(plain.p), "step " + t);
      for (int k = 0; k < plain.state.size(); k++) {
        Tensor slot = optimizer.stateDict().get("0." + plain.rule().slots().get(k));
        assertTrue(slot.sameBits(plain.state.get(k)), "step " + t + ", state " + k);
      }
    }
  }

  @Test
  void snapshotsOfWeightsAndStateStay() {
    List<Parameter> p = parameters();
    Adam adam = new Adam(p, Adam.options());
    train(p, adam, 0, 3);
    Tensor weights = p.getFirst().value();
    Tensor m = adam.stateDict().get("0.m");
    Tensor weightsThen = Tensor.of(weights.toFloatArray(), 7, 5);
    Tensor mThen = Tensor.of(m.toFloatArray(), 7, 5);
    train(p, adam, 3, 6);
    assertTrue(weights.sameBits(weightsThen));
    assertTrue(m.sameBits(mThen));
    assertFalse(p.getFirst().sameBits(weights));
  }

  @Test
  void subnormalStateIsStoredAsZero() {
    Parameter p = Tensor.of(1f, 1f).requiresGrad();
    Adam adam = new Adam(List.of(p), Adam.options());
    p.mul(Tensor.of(1e-37f, 1e-38f)).sum().backward();
    adam.step();
    float[] m = adam.stateDict().get("0.m").toFloatArray();
    assertEquals(0f, m[0]);
    assertEquals(0f, m[1]);

    Parameter q = Tensor.of(1f, 1f).requiresGrad();
    SGD sgd = new SGD(List.of(q), SGD.options().momentum(0.5));
    q.mul(Tensor.of(Float.MIN_NORMAL, -Float.MIN_NORMAL / 2)).sum().backward();
    sgd.step();
    float[] b = sgd.stateDict().get("0.momentum").toFloatArray();
    assertEquals(Float.MIN_NORMAL, b[0]);
    assertEquals(0f, b[1]);
  }

  @Test
  void doublesAreNotFlushed() {
    Parameter p = Tensor.of(1.0).requiresGrad();
    SGD sgd = new SGD(List.of(p), SGD.options().momentum(0.5));
    p.mul(1e-310).sum().backward();
    sgd.step();
    assertEquals(1e-310, sgd.stateDict().get("0.momentum").get(0));
  }

  @Test
  void whatTheLossDoesNotReachIsReportedAndLeft() {
    Parameter used = Tensor.of(1.0).requiresGrad();
    Parameter apart = Tensor.of(2.0).requiresGrad();
    Parameter frozen = Tensor.of(3.0).requiresGrad();
    frozen.trainable(false);
    Adam adam = new Adam(List.of(used, apart, frozen), Adam.options().weightDecay(1));
    assertEquals(List.of(), adam.unreached());
    used.square().sum().backward();
    adam.step();
    assertEquals(List.of(apart), adam.unreached());
    assertEquals(2.0, apart.get(0));
    assertEquals(3.0, frozen.get(0));
    assertEquals(1, adam.stateDict().get("0.step").item());
    assertEquals(0, adam.stateDict().get("1.step").item());
  }

  @Test
  void aStepWithoutAnyGradientIsRefused() {
    SGD sgd = new SGD(parameters(), SGD.options());
    var e = assertThrows(GraphException.class, sgd::step);
    assertTrue(e.getMessage().contains("none of the 2 parameters has a gradient"));
  }

  @Test
  void sharedParametersAreUpdatedOnce() {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    SGD sgd = new SGD(List.of(p, p), SGD.options().lr(0.1));
    p.square().backward();
    sgd.step();
    assertEquals(0.8, p.item(), 1e-15);
    assertEquals(1, sgd.parameters().size());
  }

  @Test
  void theLearningRateCanMove() {
    Parameter p = Tensor.scalar(1.0).requiresGrad();
    SGD sgd = new SGD(List.of(p), SGD.options().lr(0.1));
    sgd.lr(0.25);
    p.square().backward();
    sgd.step();
    assertEquals(0.5, p.item());
    assertThrows(IllegalArgumentException.class, () -> sgd.lr(-1));
    assertEquals(0.25, sgd.lr());
  }

  @Test
  void aStateThatDoesNotFitChangesNothing() {
    List<Parameter> p = parameters();
    Adam adam = new Adam(p, Adam.options());
    train(p, adam, 0, 2);
    Map<String, Tensor> dict = new LinkedHashMap<>(adam.stateDict());
    Tensor m = adam.stateDict().get("0.m");
    dict.remove("1.v");
    dict.put("0.m", Tensor.zeros(3));
    dict.put("9.m", Tensor.zeros(3));
    var e = assertThrows(IllegalArgumentException.class, () -> adam.loadStateDict(dict));
    assertEquals(
        "loadStateDict of the optimizer: '0.m' is F32 3 where the optimizer has F32 7×5;"
            + " '1.v' is missing; '9.m' is not in the optimizer",
        e.getMessage());
    assertTrue(m.sameBits(adam.stateDict().get("0.m")));
  }

  @Test
  void noParametersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SGD(List.of(), SGD.options()));
  }
}
