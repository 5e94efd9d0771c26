package chainrule.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.examples.random.PythonRandom;
import chainrule.nn.Losses;
import chainrule.scalar.Value;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * micrograd's demo, digit for digit: 100 points of two moons, a 2-16-16-1 ReLU net, the max-margin
 * loss with L2 regularisation, 100 steps of full-batch gradient descent from Python's seed 1337.
 */
class MicrogradDemoTest {
  private static final Path REFS =
      Path.of(System.getProperty("chainrule.refs", "../../shared/refs"));
  private static final Pattern LINE =
      Pattern.compile("step (\\d+) loss ([-0-9.e]+), accuracy ([0-9.]+)%");
  private static final double ALPHA = 1e-4;

  private record Step(double loss, double accuracy) {}

  private static double[][] points = {};
  private static double[] labels = {};
  private static List<Step> published = List.of();

  @BeforeAll
  static void read() throws IOException {
    Path moons = REFS.resolve("moons_1337.csv");
    Path losses = REFS.resolve("micrograd_moons_100_losses.txt");
    assumeTrue(
        Files.exists(moons) && Files.exists(losses),
        () -> "skipped: " + moons + " or " + losses + " is not there; -Dchainrule.refs says where");
    double[][] rows =
        Files.readAllLines(moons).stream()
            .map(l -> Arrays.stream(l.split(",")).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    points = Arrays.stream(rows).map(r -> new double[] {r[0], r[1]}).toArray(double[][]::new);
    labels = Arrays.stream(rows).mapToDouble(r -> r[2]).toArray();
    published = Files.readAllLines(losses).stream().map(MicrogradDemoTest::step).toList();
    assertThat(published).hasSize(100);
    assertThat(published.getFirst()).isEqualTo(new Step(0.8958441028683222, 0.5));
    assertThat(published.getLast()).isEqualTo(new Step(0.010978370135492717, 1));
  }

  private static Step step(String line) {
    Matcher m = LINE.matcher(line);
    assertThat(m.matches()).as(line).isTrue();
    return new Step(Double.parseDouble(m.group(2)), Double.parseDouble(m.group(3)) / 100);
  }

  private static void check(int k, double loss, double right) {
    Step expected = published.get(k);
    assertThat(loss).as("loss of step %d", k).isCloseTo(expected.loss, Offset.offset(1e-12));
    assertThat(right / points.length)
        .as("accuracy of step %d", k)
        .isCloseTo(expected.accuracy, Offset.offset(1e-12));
  }

  private static double lr(int k) {
    return 1.0 - 0.9 * k / 100;
  }

  @Test
  void theScalarEngineRepeatsAllHundredLosses() {
    var model = new ScalarMlp(new PythonRandom(1337), 2, 16, 16, 1);
    for (int k = 0; k < 100; k++) {
      List<Value> parameters = model.leaves();
      Value margin = Value.of(0);
      int right = 0;
      for (int i = 0; i < points.length; i++) {
        Value score = model.forward(points[i]);
        margin = margin.add(score.mul(-labels[i]).add(1).relu());
        right += labels[i] > 0 == score.data() > 0 ? 1 : 0;
      }
      Value squares = Value.of(0);
      for (Value p : parameters) {
        squares = squares.add(p.mul(p));
      }
      Value total = margin.mul(1.0 / points.length).add(squares.mul(ALPHA));
      check(k, total.data(), right);
      total.backward();
      model.step(lr(k));
    }
  }

  @Test
  void theTensorEngineRepeatsAllHundredLosses() {
    var start = new ScalarMlp(new PythonRandom(1337), 2, 16, 16, 1);
    List<Parameter> parameters = new ArrayList<>();
    for (int layer = 1; layer <= 3; layer++) {
      Tensor rows = Tensor.of(start.layer(layer));
      int in = rows.size(1) - 1;
      parameters.add(rows.slice(1, 0, in).requiresGrad("weight" + layer));
      parameters.add(rows.pick(1, in).requiresGrad("bias" + layer));
    }
    Tensor x = Tensor.of(points);
    Tensor y = Tensor.of(labels).unsqueeze(1);
    for (int k = 0; k < 100; k++) {
      Tensor scores = x;
      for (int layer = 0; layer < 3; layer++) {
        Tensor sums =
            scores
                .matmul(parameters.get(2 * layer), false, true)
                .add(parameters.get(2 * layer + 1));
        scores = layer < 2 ? sums.relu() : sums;
      }
      Tensor squares =
          parameters.stream().map(p -> p.square().sum()).reduce(Tensor::add).orElseThrow();
      Tensor total = Losses.hinge(scores, y).add(squares.mul(ALPHA));
      check(k, total.item(), scores.detach().gt(0).eq(y.gt(0)).sum().item());
      parameters.forEach(Parameter::zeroGrad);
      total.backward();
      double lr = lr(k);
      for (Parameter p : parameters) {
        Tensor g = Objects.requireNonNull(p.grad());
        p.set(Tape.noGrad(() -> p.value().sub(g.mul(lr))));
      }
    }
  }
}
