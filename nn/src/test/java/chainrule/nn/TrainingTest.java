package chainrule.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.math.Philox;
import chainrule.optim.Adam;
import chainrule.optim.AdamW;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class TrainingTest {
  private static final Tensor X = Tensor.of(new float[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});
  private static final Tensor XOR = Tensor.of(new int[] {0, 1, 1, 0}, 4);

  private static Sequential train(long seed, Function<Module, Optimizer> optimizer, int steps) {
    Sequential model = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2));
    model.init(seed);
    Optimizer opt = optimizer.apply(model);
    for (int i = 0; i < steps; i++) {
      opt.zeroGrad();
      Losses.crossEntropy(model.forward(X), XOR).backward();
      opt.step();
    }
    return model;
  }

  @Test
  void everyOptimizerLearnsXorFromEverySeed() {
    List<Function<Module, Optimizer>> optimizers =
        List.of(
            m -> new SGD(m.parameters(), SGD.options().lr(0.3).momentum(0.9)),
            m -> new Adam(m.parameters(), Adam.options().lr(0.05)),
            m -> new AdamW(m.parameters(), AdamW.options().lr(0.05)));
    for (var optimizer : optimizers) {
      for (long seed = 1; seed <= 5; seed++) {
        Tensor scores = train(seed, optimizer, 300).predict(X);
        assertArrayEquals(XOR.toIntArray(), scores.argmax(1).toIntArray());
        assertTrue(Losses.crossEntropy(scores, XOR).item() < 0.05);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Function<Module, Optimizer> adam = m -> new Adam(m.parameters(), Adam.options());
    var a = train(3, adam, 50).stateDict();
    var b = train(3, adam, 50).stateDict();
    a.forEach((k, v) -> assertTrue(v.sameBits(b.get(k)), k));
  }

  @Test
  void aLineIsFoundByRegression() {
    Tensor x = Tensor.randn(DType.F32, new Philox(4), 64, 2);
    Tensor y = x.matmul(Tensor.of(new float[][] {{2}, {-3}})).add(0.5);
    Linear line = new Linear(2, 1);
    SGD sgd = new SGD(line.parameters(), SGD.options().lr(0.1));
    for (int i = 0; i < 200; i++) {
      sgd.zeroGrad();
      Losses.mse(line.forward(x), y).backward();
      sgd.step();
    }
    assertArrayEquals(new float[] {2, -3}, line.weight().toFloatArray(), 1e-4f);
    assertEquals(1, Metrics.r2(line.predict(x), y), 1e-6);
  }
}
