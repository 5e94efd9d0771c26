package chainrule.golden;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.autograd.Autograd;
import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.nn.Losses;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Softmax and cross-entropy: known figures, and the fused form against its steps. */
class CrossEntropyTest {
  private static final Offset<Double> EXACT = Offset.offset(1e-12);

  /** −ln softmax(x)[1], step by step as one first writes it. */
  private static <E extends Num<E>> E stepByStep(List<E> logits) {
    E total = logits.getFirst().exp();
    for (E x : logits.subList(1, logits.size())) {
      total = total.add(x.exp());
    }
    return logits.get(1).exp().div(total).log().neg();
  }

  @ParameterizedTest
  @EnumSource
  void theGradientIsProbabilitiesMinusTheTruth(Engine engine) {
    double[] logits = {Math.log(0.2), Math.log(0.3), Math.log(0.5)};
    Engine.Answer answer = engine.ask(CrossEntropyTest::stepByStep, logits);
    assertThat(answer.value()).isCloseTo(-Math.log(0.3), EXACT);
    assertThat(answer.gradients()).containsExactly(new double[] {0.2, -0.7, 0.5}, EXACT);

    Parameter x = Tensor.of(logits, 1, 3).requiresGrad();
    Tensor fused = Losses.crossEntropy(x, Tensor.of(new int[] {1}));
    assertThat(fused.item()).isCloseTo(answer.value(), EXACT);
    assertThat(Autograd.grad(fused, x).toDoubleArray())
        .containsExactly(new double[] {0.2, -0.7, 0.5}, EXACT);
  }

  @ParameterizedTest
  @CsvSource({"10, 2.302585", "27, 3.295837", "65, 4.174387"})
  void lossAtChance(int classes, double expected) {
    double[] same = new double[classes];
    for (Engine engine : Engine.values()) {
      double loss = engine.ask(CrossEntropyTest::stepByStep, same).value();
      assertThat(loss).as(engine.name()).isCloseTo(expected, Offset.offset(5e-7));
    }
    Tensor fused = Losses.crossEntropy(Tensor.of(same, 1, classes), Tensor.of(new int[] {1}));
    assertThat(fused.item()).isCloseTo(expected, Offset.offset(5e-7));
  }

  @Test
  void theFusedFormIsItsStepsInEveryRow() {
    int rows = 8;
    int classes = 5;
    double[] logits = Tensor.randn(DType.F64, new Philox(3), rows, classes).toDoubleArray();
    int[] labels = new int[rows];
    Arrays.fill(labels, 1);
    Parameter x = Tensor.of(logits, rows, classes).requiresGrad();
    Tensor fused = Losses.crossEntropy(x, Tensor.of(labels));
    double[] fusedGradient = Autograd.grad(fused, x).toDoubleArray();

    for (Engine engine : Engine.values()) {
      double mean = 0;
      for (int row = 0; row < rows; row++) {
        double[] one = Arrays.copyOfRange(logits, row * classes, (row + 1) * classes);
        Engine.Answer answer = engine.ask(CrossEntropyTest::stepByStep, one);
        mean += answer.value() / rows;
        for (int i = 0; i < classes; i++) {
          assertThat(fusedGradient[row * classes + i])
              .as("%s, row %d, class %d", engine, row, i)
              .isCloseTo(answer.gradients()[i] / rows, EXACT);
        }
      }
      assertThat(fused.item()).isCloseTo(mean, EXACT);
    }
  }
}
