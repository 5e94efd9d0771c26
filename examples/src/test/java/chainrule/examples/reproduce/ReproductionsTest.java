package chainrule.examples.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Experiments that take seconds give the published figures. */
class ReproductionsTest {
  private static final Path DATA =
      Path.of(System.getProperty("chainrule.data", "../../shared/data"));

  private static final Set<String> SECONDS =
      Set.of(
          "small-graphs",
          "parameter-counts",
          "fused-backward",
          "micrograd",
          "symmetry",
          "xor-parity-encoder",
          "optimizers",
          "makemore-backprop",
          "makemore-init",
          "microgpt");

  @TestFactory
  Stream<DynamicTest> theFiguresAreThePublishedOnes() {
    return Reproductions.all().stream()
        .filter(e -> SECONDS.contains(e.name()))
        .map(e -> DynamicTest.dynamicTest(e.name(), () -> reproduces(e)));
  }

  private static void reproduces(Experiment experiment) throws IOException {
    for (String file : experiment.data()) {
      assumeTrue(
          Files.exists(DATA.resolve(file)),
          () -> "skipped: " + DATA.resolve(file) + " is not there; -Dchainrule.data says where");
    }
    var lab = new Lab(DATA, false, progress -> {}, figure -> {});
    experiment.body().run(lab);
    assertThat(lab.figures()).isNotEmpty().allMatch(Figure::reproduced);
  }

  /** The figures of the spirals and the optimizers in all digits, whatever computes. */
  @ParameterizedTest
  @CsvSource({"scalar, 1", "scalar, 2", "vector, 1", "vector, 2"})
  void theDigitsAreTheSameOnAllKernelsAndThreads(String kernels, int threads) throws Exception {
    assertThat(digits(kernels, threads)).isNotEmpty().isEqualTo(digits("scalar", 2));
  }

  private static String digits(String kernels, int threads) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (kernels.equals("vector")) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.add("-Dchainrule.kernels=" + kernels);
    command.add("-Dchainrule.threads=" + threads);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Digits.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return out;
  }

  @Test
  void everyNameIsTakenOnce() {
    List<String> names = Reproductions.all().stream().map(Experiment::name).toList();
    assertThat(new HashSet<>(names)).hasSameSizeAs(names).containsAll(SECONDS);
  }
}
