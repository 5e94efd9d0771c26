package chainrule.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The numbered programs run, print the figures they teach, and stay short. */
@ResourceLock(Resources.SYSTEM_OUT)
class ExamplesTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("chainrule.root", ".."))
          .resolve("examples/src/main/java/chainrule/examples");

  private static String run(String name) throws Exception {
    PrintStream before = System.out;
    var printed = new ByteArrayOutputStream();
    try (var out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      Examples.run(name);
    } finally {
      System.setOut(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    return text;
  }

  /** The number that the pattern's only group finds. */
  private static double figure(String text, String pattern) {
    Matcher m = Pattern.compile(pattern).matcher(text);
    assertThat(m.find()).as("%s in%n%s", pattern, text).isTrue();
    return Double.parseDouble(m.group(1));
  }

  @Test
  void theirNamesAreInOrder() {
    assertThat(Examples.names())
        .containsExactly(
            "01-one-weight",
            "02-scalar-graph",
            "03-tensors",
            "04-gradients-of-gradients",
            "05-your-own-op",
            "06-mlp-from-numpy",
            "07-fit-predict",
            "08-digits",
            "10-lstm",
            "11-transformer",
            "12-optimizers-compared",
            "13-schedules");
  }

  @Test
  void oneWeight() throws Exception {
    assertThat(run("01-one-weight").lines().map(String::strip))
        .contains(
            "z     = W·x + b  = 0.5·1.0 + 0.0  = 0.5",
            "loss  = (z − y)² = (0.5 − 0.0)²   = 0.25",
            "dL/dz = 2·(z − y)                 = 1.0",
            "dz/dW = x                         = 1.0",
            "dL/dW = dL/dz · dz/dW             = 1.0",
            "dL/dW = 1.0   dL/db = 1.0",
            "W     ← W − lr·dL/dW = 0.5 − 0.1·1.0 = 0.4",
            "loss  was 0.25, is 0.16");
  }

  @Test
  void scalarGraph() throws Exception {
    String text = run("02-scalar-graph");
    assertThat(figure(text, "x1 +2.0000 +(-?[0-9.]+)")).isEqualTo(-1.5);
    assertThat(figure(text, "w1 +-3.0000 +(-?[0-9.]+)")).isEqualTo(1);
    assertThat(figure(text, "x2 +0.0000 +(-?[0-9.]+)")).isEqualTo(0.5);
    assertThat(figure(text, "n5 +([0-9.]+)")).isEqualTo(0.7071);
    assertThat(figure(text, "df/da +=.*?(-?[0-9.]+)")).isEqualTo(-3);
    assertThat(figure(text, "dz/dx = ([0-9.]+)")).isEqualTo(4);
  }

  @Test
  void tensors() throws Exception {
    String text = run("03-tensors");
    assertThat(text)
        .contains("[[101., 102., 103.],", "[[14., 32.],", "[26.75, 34.75, 42.75]]")
        .contains("matmul: (2×3) × (2×3): inner 3 ≠ 2; did you mean transposeB?");
    assertThat(figure(text, "loss = .*? ([0-9.]+)\\R")).isEqualTo(43.25);
  }

  @Test
  void gradientsOfGradients() throws Exception {
    String text = run("04-gradients-of-gradients");
    assertThat(text)
        .contains("order 1   32.0", "order 2   48.0", "order 3   48.0", "order 4   24.0")
        .contains("[1330., 480., 480., 200.]", "slope along v, forward mode   -259.6");
    assertThat(figure(text, "Hessian · v, built +\\[([0-9.]+), 580.]")).isEqualTo(1570);
    assertThat(figure(text, "two sweeps +\\[([0-9.]+), 580.]")).isEqualTo(1570);
    assertThat(figure(text, "step 6 .*height (\\S+)")).isLessThan(1e-15);
  }

  @Test
  void yourOwnOp() throws Exception {
    String text = run("05-your-own-op");
    assertThat(text).contains("[999.3069,   0.4338,       0.,   0.4338, 999.3069]");
    assertThat(figure(text, "its values: +error (\\S+)")).isLessThan(1e-7);
    assertThat(figure(text, "its slope: +error (\\S+)")).isLessThan(1e-6);
  }

  @Test
  void mlpFromNumpy() throws Exception {
    String text = run("06-mlp-from-numpy");
    for (String name : List.of("W1", "b1", "W2", "b2")) {
      assertThat(figure(text, name + " .* (\\S+)\\R")).as(name).isLessThan(1e-15);
    }
    assertThat(figure(text, "steps: \\[([0-9.]+),")).isLessThan(0.1);
    assertThat(figure(text, "steps: \\[[^,]+, +([0-9.]+),")).isGreaterThan(0.9);
  }

  @Test
  void fitAndPredict() throws Exception {
    String text = run("07-fit-predict");
    assertThat(figure(text, "test: .* accuracy ([0-9.]+)")).isGreaterThanOrEqualTo(0.97);
    assertThat(text).contains("belong to moons [0, 1, 1]", "the same answers to the bit: true");
  }

  @Test
  void digits() throws Exception {
    String text = run("08-digits");
    assertThat(text).contains("4810 parameters");
    assertThat(figure(text, "epoch 20 .* accuracy ([0-9.]+)")).isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void lstm() throws Exception {
    String text = run("10-lstm");
    assertThat(figure(text, "step +600 +([0-9.]+)")).isGreaterThan(0.12);
    assertThat(figure(text, "step +600 +[0-9.]+ +([0-9.]+)")).isLessThan(0.02);
    assertThat(figure(text, "step +600 +[0-9.]+ +[0-9.]+ +([0-9.]+)")).isLessThan(0.02);
  }

  @Test
  void transformer() throws Exception {
    String text = run("11-transformer");
    assertThat(figure(text, "step +300 .* ([0-9.]+)\\R")).isGreaterThanOrEqualTo(0.9);
    assertThat(text)
        .contains("unsorted  [[8, 5, 5, 0, 2, 7, 3, 3, 5, 9]]")
        .contains("sorted    [[0, 2, 3, 3, 5, 5, 5, 7, 8, 9]]");
  }

  @Test
  void optimizersCompared() throws Exception {
    String text = run("12-optimizers-compared");
    assertThat(figure(text, "SGD +(\\S+)")).isGreaterThan(0.1);
    assertThat(figure(text, "Adam +\\S+ +(\\S+)")).isGreaterThan(0.1);
    assertThat(figure(text, "L-BFGS +\\S+ +(\\S+)")).isLessThan(1e-4);
  }

  @Test
  void schedules() throws Exception {
    String text = run("13-schedules");
    assertThat(figure(text, "constant .* (\\S+)\\R")).isLessThan(0.5);
    assertThat(figure(text, "warm-up, cosine .* (\\S+)\\R")).isGreaterThan(0.95);
    assertThat(figure(text, "one cycle .* (\\S+)\\R")).isGreaterThan(0.95);
  }

  @Test
  void eachIsAtMostEightyLines() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      List<Path> programs =
          files.filter(f -> f.getFileName().toString().matches("E\\d\\d.*\\.java")).toList();
      assertThat(programs).hasSize(12);
      for (Path program : programs) {
        assertThat(Files.readAllLines(program)).as(program.toString()).hasSizeLessThanOrEqualTo(80);
      }
    }
  }
}
