package chainrule.golden;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.examples.random.PythonRandom;
import chainrule.nn.Linear;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.nn.Sigmoid;
import chainrule.nn.Tanh;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** How many numbers published networks have. */
class ParameterCountsTest {
  @Test
  void microgradsDemo() {
    assertThat(
            new Sequential(
                    new Linear(2, 16),
                    new ReLU(),
                    new Linear(16, 16),
                    new ReLU(),
                    new Linear(16, 1))
                .parameterCount())
        .isEqualTo(337);
    assertThat(new ScalarMlp(new PythonRandom(1), 2, 16, 16, 1).parameterCount()).isEqualTo(337);
  }

  @Test
  void theLecturesPerceptron() {
    assertThat(
            new Sequential(
                    new Linear(3, 4), new Tanh(), new Linear(4, 4), new Tanh(), new Linear(4, 1))
                .parameterCount())
        .isEqualTo(41);
    assertThat(new ScalarMlp(new PythonRandom(1), 3, 4, 4, 1).parameterCount()).isEqualTo(41);
  }

  @Test
  void twoHiddenLayersOfSixteen() {
    assertThat(
            new Sequential(
                    new Linear(784, 16),
                    new Sigmoid(),
                    new Linear(16, 16),
                    new Sigmoid(),
                    new Linear(16, 10))
                .parameterCount())
        .isEqualTo(13_002);
    assertThat(new ScalarMlp(new PythonRandom(1), 784, 16, 16, 10).parameterCount())
        .isEqualTo(13_002);
  }

  /** Three letters before, ten numbers a letter, 200 tanh units, 27 letters next. */
  private static final class Makemore extends Module {
    private final Parameter letters = param("letters", (d, r, s) -> Tensor.randn(d, r, s), 27, 10);
    private final Linear hidden = child("hidden", new Linear(30, 200));
    private final Linear next = child("next", new Linear(200, 27));

    @Override
    protected Tensor compute(Tensor x) {
      Tensor context = letters.indexSelect(0, x.flatten()).reshape(-1, 30);
      return next.forward(hidden.forward(context).tanh());
    }
  }

  @Test
  void makemore() {
    var model = new Makemore();
    assertThat(model.parameterCount()).isEqualTo(11_897);
    Tensor contexts = Tensor.of(new int[] {0, 0, 0, 0, 0, 5}, 2, 3);
    assertThat(model.forward(contexts).shape().toArray()).containsExactly(2, 27);
  }
}
