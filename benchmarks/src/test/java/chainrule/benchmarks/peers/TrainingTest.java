package chainrule.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The trainings begin as PyTorch's do, from the same numbers. */
class TrainingTest {
  // made by the generator's other implementation, in Python
  private static final float[] UNIFORM = {0.273578405f, 0.90624243f, 0.60128325f};
  private static final float[] WEIGHTS = {0.0064594364f, 0.02532524f, -0.013131679f};
  private static final float[] MOONS = {1.051653862f, 0.036938917f, 1.003060937f, 0.13951984f};
  private static final int[] LABELS = {7, 4, 5, 4, 9, 9, 8, 8};
  private static final int[] CHARACTERS = {64, 25, 52, 15, 45, 6};

  @Test
  void theGeneratorsFirstNumbersAreThoseOfEveryLanguage() {
    assertThat(Generator.uniform(1, 3)).containsExactly(UNIFORM);
    assertThat(Generator.uniform(1, 1, 2)).containsExactly(UNIFORM[1], UNIFORM[2]);
    assertThat(new InitialWeights().next(784, 3)).containsExactly(WEIGHTS);
    assertThat(Training.MLP64.labels(0)).startsWith(LABELS);
    assertThat(Arrays.copyOf(Training.MOONS.inputs(0), 4)).containsExactly(MOONS);
    assertThat(Training.GPT.characters(1, 0)).startsWith(CHARACTERS);
  }

  @Test
  void aBatchGoesOnWhereTheLastEnds() {
    assertThat(Training.NIELSEN.inputs(3)[0]).isEqualTo(Generator.uniform(1, 3 * 7840 + 1)[23520]);
    int[] read = Training.GPT.characters(0, 0);
    int[] foretold = Training.GPT.characters(0, 1);
    assertThat(Arrays.copyOfRange(read, 1, 64)).containsExactly(Arrays.copyOf(foretold, 63));
  }

  @TestFactory
  Stream<DynamicTest> ourFirstNumbersAreThoseExpected() {
    return Stream.of(Training.values())
        .map(t -> DynamicTest.dynamicTest(t.call(), () -> beginsAsExpected(t)));
  }

  private static void beginsAsExpected(Training training) {
    try (Engine.Task task =
        training == Training.INFER1 ? new OurInference() : new OurTraining(training)) {
      float[] first = task.result();
      assertThat(FirstLosses.agree(training, doubles(first)))
          .as(
              Arrays.toString(first)
                  + " where "
                  + Arrays.toString(FirstLosses.expected(training))
                  + " is expected")
          .isTrue();
      assertThat(task.again()).isTrue();
      assertThat(task.result()).containsExactly(first);
    }
  }

  @Test
  void lossesThatAreNotThoseExpectedDoNotAgree() {
    double[] losses = FirstLosses.expected(Training.MLP64);
    assertThat(FirstLosses.agree(Training.MLP64, losses)).isTrue();
    assertThat(FirstLosses.agree(Training.MLP64, Arrays.copyOf(losses, 4))).isFalse();
    losses[1] *= 1.0002;
    assertThat(FirstLosses.agree(Training.MLP64, losses)).isFalse();
    assertThat(FirstLosses.admitted(Peer.TENSORFLOW, Training.MLP64, losses)).isFalse();
    assertThat(FirstLosses.admitted(Peer.LIBTORCH, Training.MLP64, losses)).isTrue();
    losses[0] *= 1.0002;
    assertThat(FirstLosses.admitted(Peer.LIBTORCH, Training.MLP64, losses)).isFalse();
    losses[0] = Double.NaN;
    assertThat(FirstLosses.admitted(Peer.LIBTORCH, Training.MLP64, losses)).isFalse();
  }

  private static double[] doubles(float[] x) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[i]);
    return y;
  }
}
