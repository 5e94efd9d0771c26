package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.math.Philox;
import chainrule.tensor.Buffer;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ModuleTest {
  /** Two layers, a layer used twice, and a counter of rows. */
  private static final class Net extends Module {
    private final Linear fc1 = child("fc1", new Linear(3, 4));
    private final Linear fc2 = child("fc2", new Linear(4, 4));
    private final Linear again = child("again", fc2);
    private final Buffer rows = buffer("rows", Tensor.scalar(0f));
    private final List<String> paths = new ArrayList<>();

    @Override
    protected Tensor compute(Tensor x) {
      if (training()) {
        rows.update(rows.value().add(x.size(0)));
      }
      paths.add(Tape.path());
      return again.forward(fc2.forward(fc1.forward(x).relu()));
    }
  }

  private static Tensor weight(Module m, String path) {
    return Objects.requireNonNull(m.namedParameters().get(path)).value();
  }

  @Test
  void pathsJoinNamesAndSharedModulesCountOnce() {
    Net net = new Net();
    assertEquals(
        List.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"),
        List.copyOf(net.namedParameters().keySet()));
    assertEquals(4 * 3 + 4 + 4 * 4 + 4, net.parameterCount());
    assertEquals(List.of("", "fc1", "fc2"), List.copyOf(net.namedModules().keySet()));
    assertEquals("fc1.weight", net.fc1.weight().name());
    Sequential outer = new Sequential(new ReLU(), net);
    assertEquals("1.fc1.weight", net.fc1.weight().name());
    assertEquals("1.fc2", net.fc2.path());
    assertEquals("weight", List.copyOf(net.fc1.namedParameters().keySet()).getFirst());
    assertEquals(4, outer.parameters().size());
  }

  @Test
  void parameterCountsOfKnownNetworks() {
    assertEquals(13_002, mlp(784, 16, 16, 10).parameterCount());
    assertEquals(337, mlp(2, 16, 16, 1).parameterCount());
    assertEquals(41, mlp(3, 4, 4, 1).parameterCount());
    Module makemore =
        new Module() {
          private final Parameter table = param("table", Inits.normal(0, 1), 27, 10);
          private final Module body = child("body", mlp(30, 200, 27));

          @Override
          protected Tensor compute(Tensor x) {
            return body.forward(table.indexSelect(0, x).reshape(-1, 30));
          }
        };
    assertEquals(11_897, makemore.parameterCount());
    assertEquals(27, makemore.forward(Tensor.arange(6)).size(1));
  }

  static Sequential mlp(int... sizes) {
    List<Module> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      layers.add(new Linear(sizes[i - 1], sizes[i]));
      if (i < sizes.length - 1) {
        layers.add(new Tanh());
      }
    }
    return new Sequential(layers);
  }

  @Test
  void equalLayersOfOneParentDiffer() {
    Sequential model = new Sequential(new Linear(4, 4), new Linear(4, 4));
    assertFalse(weight(model, "0.weight").sameBits(weight(model, "1.weight")));
    Sequential nested = new Sequential(mlp(4, 4), mlp(4, 4));
    assertFalse(weight(nested, "0.0.weight").sameBits(weight(nested, "1.0.weight")));
  }

  @Test
  void weightsDependOnSeedAndPathAlone() {
    Module a = mlp(5, 6, 7);
    Module b = mlp(5, 6, 7);
    assertTrue(weight(a, "2.weight").sameBits(weight(b, "2.weight")));
    Tensor atZero = weight(a, "2.weight");
    assertTrue(atZero.sameBits(weight(a.init(0), "2.weight")));
    a.init(8);
    assertFalse(atZero.sameBits(weight(a, "2.weight")));
    assertTrue(weight(a, "2.weight").sameBits(weight(b.init(8), "2.weight")));
    Module longer = new Sequential(new Linear(5, 6), new ReLU(), new Linear(6, 7), new Tanh());
    assertTrue(weight(a, "2.weight").sameBits(weight(longer.init(8), "2.weight")));
    double bound = 1 / Math.sqrt(6);
    Tensor drawn = Tensor.uniform(DType.F32, new Philox(8, "init/2.weight"), -bound, bound, 7, 6);
    assertTrue(drawn.sameBits(weight(a, "2.weight")));
  }

  @Test
  void touchedLayersKeepTheirWeights() {
    Linear set = new Linear(2, 2);
    set.weight().set(Tensor.eye(DType.F32, 2));
    Linear seeded = new Linear(2, 2);
    seeded.init(5);
    Tensor before = seeded.weight().value();
    Sequential model = new Sequential(set, seeded);
    assertTrue(Tensor.eye(DType.F32, 2).sameBits(weight(model, "0.weight")));
    assertTrue(before.sameBits(weight(model, "1.weight")));
  }

  @Test
  void namesAreTakenOnce() {
    class Twice extends Module {
      Twice(String second) {
        param("weight", Inits.zeros(), 2);
        child(second, new ReLU());
      }

      @Override
      protected Tensor compute(Tensor x) {
        return x;
      }
    }
    var e = assertThrows(IllegalArgumentException.class, () -> new Twice("weight"));
    assertEquals("Twice: the name 'weight' is registered twice", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Twice(""));
    assertThrows(IllegalArgumentException.class, () -> new Twice("a.b"));
  }

  @Test
  void aModuleCannotContainItself() {
    class Own extends Module {
      Own() {
        child("self", this);
      }

      @Override
      protected Tensor compute(Tensor x) {
        return x;
      }
    }
    assertThrows(IllegalArgumentException.class, Own::new);
  }

  @Test
  void tiedParametersAreOne() {
    class Tied extends Module {
      final Parameter weight = param("weight", Inits.lecunNormal(), 3, 3);
      final Parameter out = param("out", weight);

      @Override
      protected Tensor compute(Tensor x) {
        return x.matmul(weight).matmul(out, false, true);
      }
    }
    Tied tied = new Tied();
    assertSame(tied.weight, tied.out);
    assertEquals(9, tied.parameterCount());
    assertEquals(List.of("weight"), List.copyOf(tied.stateDict().keySet()));
    tied.forward(Tensor.eye(DType.F32, 3)).sum().backward();
    assertEquals(9, Objects.requireNonNull(tied.weight.grad()).size());
  }

  @Test
  void stateDictRoundTrip() {
    Net a = new Net();
    a.init(1);
    a.forward(Tensor.ones(5, 3));
    Net b = new Net();
    assertEquals(
        List.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "rows"),
        List.copyOf(a.stateDict().keySet()));
    b.loadStateDict(a.stateDict());
    a.stateDict().forEach((k, v) -> assertTrue(v.sameBits(b.stateDict().get(k)), k));
    assertEquals(5, b.rows.value().item());
    b.init(0);
    assertEquals(0, b.rows.value().item());
  }

  @Test
  void snapshotsDoNotFollowTraining() {
    Linear layer = new Linear(2, 2);
    Tensor before = layer.stateDict().get("weight");
    float[] numbers = before.toFloatArray();
    layer.weight().set(Tensor.zeros(2, 2));
    assertTrue(Tensor.of(numbers, 2, 2).sameBits(before));
  }

  @Test
  void aStateThatDoesNotFitChangesNothing() {
    Net net = new Net();
    Map<String, Tensor> before = net.stateDict();
    Map<String, Tensor> dict = new LinkedHashMap<>(new Net().init(3).stateDict());
    dict.remove("fc1.bias");
    dict.put("fc2.weight", Tensor.zeros(4, 5));
    dict.put("fc2.bias", Tensor.zeros(DType.F64, 4));
    dict.put("fc3.bias", Tensor.zeros(4));
    var e = assertThrows(IllegalArgumentException.class, () -> net.loadStateDict(dict));
    assertEquals(
        "loadStateDict: 'fc1.bias' is missing; 'fc2.weight' is F32 4×5 where the model has F32"
            + " 4×4; 'fc2.bias' is F64 4 where the model has F32 4; 'fc3.bias' is not in the model",
        e.getMessage());
    before.forEach((k, v) -> assertTrue(v.sameBits(net.stateDict().get(k)), k));
  }

  @Test
  void modesAndFreezingReachTheTree() {
    Net net = new Net();
    assertTrue(net.fc2.training());
    assertSame(net, net.eval());
    assertFalse(net.fc2.training());
    net.train();
    assertTrue(net.fc1.training());
    net.freeze();
    assertTrue(net.parameters().stream().noneMatch(Parameter::trainable));
    assertFalse(net.forward(Tensor.ones(1, 3)).isTracked());
    net.fc2.unfreeze();
    net.forward(Tensor.ones(1, 3)).sum().backward();
    assertEquals(null, net.fc1.weight().grad());
    assertEquals(16, Objects.requireNonNull(net.fc2.weight().grad()).size());
  }

  @Test
  void predictionsAreWithoutGraphInEvaluationMode() {
    Net net = new Net();
    net.fc2.eval();
    Tensor x = Tensor.randn(DType.F32, new Philox(1), 2500, 3);
    Tensor y = net.predict(x);
    assertEquals(0, net.rows.value().item());
    assertEquals(3, net.paths.size());
    assertFalse(y.isTracked());
    assertTrue(net.training());
    assertFalse(net.fc2.training());
    assertTrue(y.slice(0, 2100, 2101).sameBits(net.predict(x.slice(0, 2100, 2101))));
    assertTrue(y.sameBits(net.forward(x).detach()));
  }

  @Test
  void threadsPredictWithOneModelInTrainingMode() throws InterruptedException {
    Sequential model = new Sequential(new Linear(4, 4), new Dropout(0.5), new BatchNorm1d(4));
    Tensor x = Tensor.ones(8, 4);
    Tensor expected = model.predict(x);
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int k = 0; k < 200; k++) {
                  wrong.addAndGet(model.predict(x).sameBits(expected) ? 0 : 1);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, wrong.get());
    assertTrue(model.training());
  }

  @Test
  void opsBelongToTheLayer() {
    Net net = new Net();
    Tensor y = new Sequential(net).forward(Tensor.ones(2, 3));
    assertEquals(List.of("0"), net.paths);
    assertEquals("0.fc2", Objects.requireNonNull(y.node()).group());
  }

  @Test
  void twoInputsEnterTheLayerToo() {
    class Scores extends Module {
      Tensor forward(Tensor query, Tensor key) {
        return scoped(() -> query.matmul(key, false, true));
      }

      @Override
      protected Tensor compute(Tensor x) {
        return forward(x, x);
      }
    }
    class Outer extends Module {
      final Scores scores = child("scores", new Scores());

      @Override
      protected Tensor compute(Tensor x) {
        return scores.forward(x, x.mul(2));
      }
    }
    Parameter x = Tensor.ones(2, 3).requiresGrad();
    Tensor y = new Sequential(new Outer()).forward(x);
    assertEquals("0.scores", Objects.requireNonNull(y.node()).group());
    assertEquals("", Objects.requireNonNull(new Scores().forward(x, x).node()).group());
    assertEquals(6, y.max().item());
  }

  @Test
  void doublesOnRequest() {
    Sequential model =
        Module.in(DType.F64, () -> new Sequential(new Linear(2, 3), new BatchNorm1d(3)));
    model.stateDict().forEach((k, v) -> assertEquals(DType.F64, v.dtype(), k));
    model.init(4);
    model.stateDict().forEach((k, v) -> assertEquals(DType.F64, v.dtype(), k));
    assertEquals(DType.F32, new Linear(2, 3).weight().dtype());
  }

  @Test
  void textShowsTheTree() {
    assertEquals(
        """
        Sequential(
          (0): Linear(in=2, out=3, bias=true)
          (1): Residual(
            (body): LeakyReLU(slope=0.01)
          )
        )\
        """,
        new Sequential(new Linear(2, 3), new Residual(new LeakyReLU())).toString());
  }
}
