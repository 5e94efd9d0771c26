package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Json;
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
      strings = {"train", "evaluate", "predict", "gradcheck", "conformance", "graph", "doctor"})
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
    Map<?, ?> row = (Map<?, ?>) Json.parse("row", lines.getFirst());
    assertThat(row.get("subject")).isEqualTo("Linear");
    assertThat(((Map<?, ?>) row.get("cells")).keySet())
        .hasToString(
            "[forward, input gradient, weight gradient, order 1, order 2, train, eval,"
                + " saved, options, kernels]");
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
