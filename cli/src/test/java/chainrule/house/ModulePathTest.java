package chainrule.house;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules are real ones: the program starts from the module path too. */
class ModulePathTest {
  @Test
  void theProgramTrainsAndReportsFromTheModulePath(@TempDir Path folder)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--module-path",
                Modules.path().stream()
                    .map(p -> p.toAbsolutePath().toString())
                    .collect(joining(File.pathSeparator)),
                "--module",
                "chainrule.cli/chainrule.cli.Main",
                "train",
                "xor",
                "--epochs",
                "1",
                "--out",
                "run")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(folder.resolve("run").resolve("report.html")).content().contains("Chart.js v");
  }

  @Test
  void everyModuleHasADescriptorAndNoInternalPackageIsExported() {
    assertThat(Modules.ours())
        .extracting(m -> m.descriptor().name())
        .contains("chainrule.core", "chainrule.nn", "chainrule.cli");
    for (var module : Modules.ours()) {
      assertThat(module.descriptor().isAutomatic()).as(module.descriptor().name()).isFalse();
      List<String> exports =
          module.descriptor().exports().stream()
              .filter(e -> !e.isQualified())
              .map(e -> e.source())
              .toList();
      assertThat(exports).noneMatch(name -> name.contains(".internal"));
    }
  }
}
