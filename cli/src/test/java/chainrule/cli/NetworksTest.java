package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every network of the command line trains, and is measured again from its file. */
class NetworksTest {
  @TempDir private Path dir;

  @TestFactory
  Stream<DynamicTest> everyNetworkIsTrainedSavedAndMeasured() {
    return Stream.of(
            "mlp --hidden 16,16 --norm batch --residual",
            "mlp --norm layer",
            "cnn --hidden 16",
            "cnn --hidden 16 --norm batch --residual --dropout 0.1",
            "lstm --hidden 16,16 --residual",
            "gru --hidden 16 --norm layer --dropout 0.1",
            "transformer --hidden 16,16",
            "transformer --hidden 16 --dropout 0.1")
        .map(words -> DynamicTest.dynamicTest(words, () -> train(words)));
  }

  private void train(String words) {
    Path out = dir.resolve(words.replaceAll("\\W+", "-"));
    List<String> command =
        new ArrayList<>(List.of("train", "digits", "--epochs", "1", "--json", "--model"));
    command.addAll(Arrays.asList(words.split(" ")));
    command.addAll(List.of("--out", out.toString()));
    Cli cli = Cli.run(command.toArray(String[]::new));
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    String accuracy = figure(cli.out(), "testAccuracy");
    assertThat(Double.parseDouble(accuracy)).isGreaterThan(0.15);
    Cli again =
        Cli.run(
            "evaluate", out.resolve("model.safetensors").toString(), "--data", "digits", "--json");
    assertThat(again.err()).isEmpty();
    assertThat(figure(again.out(), "testAccuracy")).isEqualTo(accuracy);
  }

  private static String figure(String json, String key) {
    String[] parts = json.split("\"" + key + "\" *: *", -1);
    return parts[parts.length - 1].split("[,}]", -1)[0];
  }

  @Test
  void aRowIsReadAsASequence() {
    Path out = dir.resolve("iris");
    Cli cli =
        Cli.run(
            "train",
            "iris",
            "--epochs",
            "2",
            "--model",
            "gru",
            "--hidden",
            "8",
            "--out",
            out.toString());
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("gru: 4 → 8 → 3");
  }

  @Test
  void anArchitectureIsReadFromAFile() throws IOException {
    Path file = dir.resolve("net.json");
    Files.writeString(
        file,
        """
        {"type": "Sequential", "children": {
          "0": {"type": "Flatten", "config": {"from": 1}},
          "1": {"type": "Linear", "config": {"in": 64, "out": 12, "bias": true}},
          "2": {"type": "Tanh"},
          "3": {"type": "Linear", "config": {"in": 12, "out": 10, "bias": true}}}}
        """);
    String[] command = {
      "train",
      "digits",
      "--epochs",
      "1",
      "--model",
      file.toString(),
      "--out",
      dir.resolve("file").toString()
    };
    Cli cli = Cli.run(command);
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).contains("net.json: 8×8 → … → 10; 910 parameters");
    Files.writeString(file, Files.readString(file).replace("\"out\": 10", "\"out\": 9"));
    Cli wrong = Cli.run(command);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("gives 2×9 for 2 rows; the data wants 2×10");
  }

  @Test
  void whatDoesNotFitTheDataIsRefused() {
    assertThat(refusal("iris", "--model", "cnn")).contains("--model cnn is for images");
    assertThat(refusal("digits", "--model", "lenet")).contains("12×12 or more");
    assertThat(refusal("digits", "--model", "resnet")).contains("known are mlp, cnn");
    assertThat(refusal("digits", "--norm", "group")).contains("known are none, batch, layer");
    assertThat(refusal("digits", "--model", "transformer", "--hidden", "10,20"))
        .contains("a multiple of 4");
    assertThat(refusal("digits", "--model", "none.json")).contains("cannot be read");
    assertThat(refusal("digits", "--model", "none.json", "--residual")).contains("leave out");
  }

  private static String refusal(String... words) {
    List<String> command = new ArrayList<>(List.of("train"));
    command.addAll(Arrays.asList(words));
    Cli cli = Cli.run(command.toArray(String[]::new));
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err().lines()).hasSize(1);
    return cli.err();
  }
}
