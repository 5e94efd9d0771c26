package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code chainrule reproduce}: lists, runs, skips, reports. */
class ReproduceCommandTest {
  @TempDir Path dir;

  @Test
  void withoutANameItLists() {
    Cli list = Cli.run("reproduce");
    assertThat(list.code()).isZero();
    assertThat(list.out())
        .contains("micrograd")
        .contains("source    Karpathy, micrograd (2020), demo.ipynb")
        .contains("takes     about");
  }

  @Test
  void itRunsAndWritesAReportAndAPage() throws IOException {
    Path page = dir.resolve("page.md");
    Cli run =
        Cli.run(
            "reproduce", "small-graphs", "--out", dir.toString(), "--markdown", page.toString());
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    assertThat(run.out())
        .contains("expected 24.70408163265306, got 24.70408163265306, difference 0.0")
        .contains("all reproduced")
        .doesNotContain("MISS");
    assertThat(Files.readString(dir.resolve("report.html")))
        .contains("<h2>small-graphs</h2>")
        .contains("24.70408163265306");
    assertThat(Files.readString(page)).contains("## small-graphs").contains("| reproduced |");
  }

  @Test
  void jsonHasALineForEachFigure() {
    Cli run = Cli.run("reproduce", "fused-backward", "--json", "--out", dir.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("\"reproduced\":true").doesNotContain("\"reproduced\":false");
    assertThat(run.lastLine()).contains("\"missed\":0");
  }

  @Test
  void withoutDataAnExperimentIsSkippedWithTheRemedy() {
    Cli run = Cli.run("reproduce", "makemore-bigram", "--out", dir.toString());
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("skipped: names.txt").contains("--data-dir DIR");
  }

  @Test
  void wrongUseIsToldInASentence() {
    assertThat(Cli.run("reproduce", "microgard").err()).contains("did you mean micrograd?");
    assertThat(Cli.run("reproduce", "micrograd", "--quick").code()).isEqualTo(2);
    assertThat(Cli.run("reproduce", "--quick", "--data-dir", "/no/such").err())
        .contains("there is no such folder");
  }

  @ParameterizedTest
  @CsvSource({"scalar, 1", "vector, 1", "vector, 2"})
  void theDigitsAreTheSameOnAllKernelsAndThreads(String kernels, int threads) throws Exception {
    assertThat(digits(kernels, threads)).isNotEmpty().isEqualTo(digits("scalar", 2));
  }

  /** The figures of two experiments in all digits, from a process of their own. */
  private List<String> digits(String kernels, int threads) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (kernels.equals("vector")) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    command.add("-Dchainrule.kernels=" + kernels);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("reproduce", "spirals", "optimizers", "--json"));
    command.addAll(List.of("--threads", Integer.toString(threads), "--out", dir.toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out.lines().filter(line -> line.contains("\"figure\"")).toList();
  }
}
