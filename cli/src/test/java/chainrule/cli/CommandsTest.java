package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Json;
import chainrule.formats.Models;
import chainrule.nn.Conv2d;
import chainrule.nn.Flatten;
import chainrule.nn.Linear;
import chainrule.nn.MaxPool2d;
import chainrule.nn.ReLU;
import chainrule.nn.Sequential;
import chainrule.nn.Unflatten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, doctor, gradcheck and graph. */
class CommandsTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "evaluate",
        "predict",
        "summary",
        "gradcheck",
        "conformance",
        "graph",
        "explain",
        "health",
        "reproduce",
        "doctor"
      })
  void everyCommandHasHelpAndAVersion(String command) {
    Cli help = Cli.run(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: chainrule " + command);
    Cli version = Cli.run(command, "--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).startsWith("chainrule ").contains("Java 25");
  }

  @Test
  void theProgramHasHelp() {
    Cli help = Cli.run("--help");
    assertThat(help.out()).contains("Commands").contains("gradcheck").contains("doctor");
  }

  @Test
  void theDoctorSaysWhatComputes() {
    Cli people = Cli.run("doctor");
    assertThat(people.code()).isZero();
    assertThat(people.out()).containsPattern("java +25").containsPattern("kernels +\\w+: ");
    Map<?, ?> json = (Map<?, ?>) Json.parse("doctor", Cli.run("doctor", "--json").out());
    assertThat(json.get("good")).isEqualTo(true);
    assertThat(json.get("fma").toString()).contains("hardware");
  }

  @Test
  void gradcheckHasARowForEachOperation() {
    Cli cli = Cli.run("gradcheck", "tanh");
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .startsWith("op ")
        .containsPattern("tanh +\\d\\.\\de-\\d+ +\\d\\.\\de-\\d+ +\\d+ of \\d+\n")
        .contains("laws: all hold");
    List<String> lines = Cli.run("gradcheck", "tanh", "--json").out().strip().lines().toList();
    Map<?, ?> row = (Map<?, ?>) Json.parse("row", lines.getFirst());
    assertThat(((Number) row.get("order1")).doubleValue()).isBetween(0.0, 1e-7);
    Map<?, ?> end = (Map<?, ?>) Json.parse("end", lines.getLast());
    assertThat(end.get("passed")).isEqualTo(true);
  }

  @Test
  void summaryShowsAnArchitectureAndAModel() throws IOException {
    Path file = dir.resolve("net.json");
    var model =
        new Sequential(
            new Conv2d(1, 4, 3), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(676, 10));
    Files.writeString(file, Models.architecture(model));
    Cli cli = Cli.run("summary", file.toString(), "--input", "1x28x28");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .containsPattern("0 Conv2d +N×4×26×26 +40 ")
        .contains("parameters   6,810 (27.2 kB)");
    Map<?, ?> json =
        (Map<?, ?>)
            Json.parse(
                "json", Cli.run("summary", file.toString(), "--input", "1x28x28", "--json").out());
    assertThat(json.get("parameters")).isEqualTo(6810L);
    assertThat((List<?>) json.get("layers")).hasSize(6);

    Path saved = dir.resolve("net.safetensors");
    Models.save(new Sequential(new Flatten(), new Linear(6, 3)), saved);
    assertThat(Cli.run("summary", saved.toString()).out()).contains("N×3", "21 (84 B)");
    Models.save(new Sequential(new Unflatten(1, 1, 2, 3), new Conv2d(1, 2, 2)), saved);
    assertThat(Cli.run("summary", saved.toString()).out()).contains("N×2×1×2");
  }

  @Test
  void summaryAsksForTheShapeThatItCannotKnow() throws IOException {
    Path file = dir.resolve("net.json");
    Files.writeString(file, Models.architecture(new Sequential(new Conv2d(1, 4, 3))));
    for (List<String> wrong :
        List.of(
            List.of("summary", file.toString(), "what is a sample?"),
            List.of("summary", file.toString(), "--input", "1xtwo", "sizes from 1 up are wanted"),
            List.of("summary", file.toString(), "--input", "1x0x3", "sizes from 1 up are wanted"),
            List.of("summary", file.toString(), "--input", "2x9x9", "must be N×1×H×W, got 1×2×9×9"),
            List.of("summary", dir.resolve("no.json").toString(), "there is no such file"))) {
      Cli cli = Cli.run(wrong.subList(0, wrong.size() - 1).toArray(String[]::new));
      assertThat(cli.code()).isEqualTo(2);
      assertThat(cli.out()).isEmpty();
      assertThat(cli.err()).contains(wrong.getLast());
    }
    String huge = "{\"type\":\"Linear\",\"config\":{\"in\":%d,\"out\":%d,\"bias\":false}}";
    Files.writeString(file, huge.formatted(2_000_000_000, 2_000_000_000));
    assertThat(Cli.run("summary", file.toString()).err())
        .contains("'weight' would have 4000000000000000000 numbers");
    Files.writeString(file, "{\"type\":\"Linar\"}");
    assertThat(Cli.run("summary", file.toString()).err()).contains("'Linar' is not known");
  }

  @Test
  void conformanceHoldsTheKernelsToEachOther() {
    Cli cli = Cli.run("conformance");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .startsWith("layers ")
        .containsPattern("\nLinear / plain +✓ .*✓\n")
        .contains("\nlosses ", "\noptimizers ", "cells: all hold")
        .doesNotContain("only one set of kernels");
    assertThat(cli.code()).isZero();
  }

  @Test
  void conformancePrintsJson() {
    Cli cli = Cli.run("conformance", "linear / plain", "--json");
    List<String> lines = cli.out().strip().lines().toList();
    String linear = lines.stream().filter(line -> line.contains("\"Linear\"")).toList().getFirst();
    Map<?, ?> row = (Map<?, ?>) Json.parse("row", linear);
    assertThat(row.get("subject")).isEqualTo("Linear");
    assertThat(((Map<?, ?>) row.get("cells")).keySet())
        .hasToString(
            "[forward, input gradient, weight gradient, order 1, order 2, train, eval,"
                + " saved, compiled, options, kernels]");
    Map<?, ?> end = (Map<?, ?>) Json.parse("end", lines.getLast());
    assertThat(end.get("passed")).isEqualTo(true);
    assertThat(cli.code()).isZero();
  }

  @Test
  void graphPrintsTheGradientsOfTheNeuron() {
    Cli cli =
        Cli.run(
            "graph",
            "tanh(x1*w1 + x2*w2 + b)",
            "x1=2",
            "x2=0",
            "w1=-3",
            "w2=1",
            "b=6.8813735870195432");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .containsPattern("value +0\\.70710678118654")
        .containsPattern("x1 .*-1\\.5|x1 .*-1\\.49999");
  }

  @Test
  void graphDrawsExpressionsAndNetworks() throws IOException {
    Path svg = dir.resolve("neuron.svg");
    Cli cli = Cli.run("graph", "tanh(x*w + b)", "x=2", "w=-3", "b=1", "--out", svg.toString());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).contains("nodes");
    assertThat(Files.readString(svg)).contains("<svg").contains("tanh");
    assertThat(Cli.run("graph", "x^2", "x=3", "--format", "dot").out()).contains("digraph");
    Path json = dir.resolve("net.json");
    Cli net = Cli.run("graph", "--inputs", "2", "--hidden", "3,2", "--out", json.toString());
    assertThat(net.code()).isZero();
    assertThat(Json.parse("net", Files.readString(json))).isInstanceOf(Map.class);
  }
}
