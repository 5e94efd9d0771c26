package chainrule.examples.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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

  @Test
  void everyNameIsTakenOnce() {
    List<String> names = Reproductions.all().stream().map(Experiment::name).toList();
    assertThat(new HashSet<>(names)).hasSameSizeAs(names).containsAll(SECONDS);
  }
}
