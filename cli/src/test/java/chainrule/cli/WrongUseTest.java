package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Wrong use and bad input: one sentence, exit code 2, and nothing left behind. */
class WrongUseTest {
  @TempDir Path dir;

  private record Case(String name, String sentence, List<String> args) {
    static Case of(String name, String sentence, String... args) {
      return new Case(name, sentence, List.of(args));
    }
  }

  private String csv(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name + ".csv"), text).toString();
  }

  private String idx(String folder, int magic, int count, int bytes) throws IOException {
    Path made = Files.createDirectories(dir.resolve(folder));
    ByteBuffer images = ByteBuffer.allocate(16 + bytes);
    images.putInt(magic).putInt(count).putInt(2).putInt(2);
    Files.write(made.resolve("train-images-idx3-ubyte"), images.array());
    Files.write(made.resolve("t10k-images-idx3-ubyte"), images.array());
    ByteBuffer labels = ByteBuffer.allocate(8 + Math.min(count, 100));
    labels.putInt(0x801).putInt(count);
    Files.write(made.resolve("train-labels-idx1-ubyte"), labels.array());
    Files.write(made.resolve("t10k-labels-idx1-ubyte"), labels.array());
    return made.toString();
  }

  private String model(String name, long declared, String header) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(declared < 0 ? text.length : declared).put(text);
    return Files.write(dir.resolve(name + ".safetensors"), file.array()).toString();
  }

  private List<Case> cases() throws IOException {
    String good = csv("good", "a,b,y\n1,2,p\n2,3,q\n3,4,p\n4,5,q\n5,6,p\n6,7,q\n");
    return List.of(
        Case.of("no command", "which command?"),
        Case.of("unknown command", "did you mean train?", "tarin"),
        Case.of("unknown option", "did you mean --epochs?", "train", "digits", "--epoch", "3"),
        Case.of(
            "no number",
            "'x' is not a whole number (chainrule",
            "train",
            "digits",
            "--epochs",
            "x"),
        Case.of("no data", "which data?", "train"),
        Case.of("two data sets", "give one", "train", "digits", "--data", "iris"),
        Case.of("no such data", "neither a file nor one of", "train", "digit"),
        Case.of("no such file", "no such file", "train", "--data", "x.csv", "--target", "y"),
        Case.of("no target", "--target with one of a, b, y", "train", good),
        Case.of("epochs", "--epochs 0", "train", "iris", "--epochs", "0"),
        Case.of("lr", "--lr -1.0", "train", "iris", "--lr", "-1"),
        Case.of("hidden", "'x' is not a whole number", "train", "iris", "--hidden", "8,x"),
        Case.of("activation", "known are elu", "train", "iris", "--activation", "step"),
        Case.of("optimizer", "known are adadelta", "train", "iris", "--optimizer", "lions"),
        Case.of("schedule", "known are constant", "train", "iris", "--schedule", "square"),
        Case.of(
            "two warm-ups",
            "begins low of itself",
            with(with("train", "iris", "--schedule", "onecycle"), "--warmup", "2")),
        Case.of("ema", "--ema 1.0: must be", "train", "iris", "--ema", "1"),
        Case.of(
            "decay of lbfgs",
            "lbfgs has none",
            with(with("train", "iris", "--optimizer", "lbfgs"), "--weight-decay", "1")),
        Case.of("loss", "use one of crossentropy", "train", "iris", "--loss", "mae"),
        Case.of("threads", "--threads 0", "train", "iris", "--threads", "0"),
        Case.of("mnist without a folder", "add --data-dir", "train", "mnist"),
        Case.of("target for digits", "for tables", "train", "digits", "--target", "x"),
        Case.of("columns of moons", "for tables", "train", "moons", "--drop", "x"),
        Case.of("noise for iris", "--noise is for moons", "train", "iris", "--noise", "1"),
        Case.of("points of digits", "--samples is for", "train", "digits", "--samples", "50"),
        Case.of("a folder for iris", "--data-dir is for", "train", "iris", "--data-dir", "."),
        Case.of("points", "from 10 to", "train", "moons", "--samples", "2000000000"),
        Case.of("empty", "empty.csv: the file is empty", table("empty", "")),
        Case.of(
            "ragged", "ragged.csv:3: the row has 2 cells", table("ragged", "a,b,y\n1,2,p\n3,q\n")),
        Case.of(
            "text in numbers",
            "text.csv:3: 'oops' in column 'a'",
            with(table("text", "a,y\n1,p\noops,q\n3,p\n4,q\n5,p\n6,q\n"), "--numeric", "a")),
        Case.of(
            "missing target column",
            "species",
            with("train", "--data", good, "--target", "species")),
        Case.of("one class", "one.csv", table("one", "a,y\n1,p\n2,p\n3,p\n4,p\n5,p\n")),
        Case.of(
            "infinite", "inf.csv:3", table("inf", "a,y\n1,p\nInfinity,q\n3,p\n4,q\n5,p\n6,q\n")),
        Case.of("wrong magic", "train-images-idx3-ubyte", mnist(idx("magic", 0x999, 1, 4))),
        Case.of("truncated", "train-images-idx3-ubyte", mnist(idx("short", 0x803, 3, 5))),
        Case.of("too many", "train-images-idx3-ubyte", mnist(idx("many", 0x803, 1 << 28, 4))),
        Case.of("one label", "every training row is of class '0'", mnist(idx("one", 0x803, 3, 12))),
        Case.of("no model", "no such file", "predict", "x.safetensors", "--data", good),
        Case.of("huge header", "huge.safetensors", predict(model("huge", 1L << 60, "{}"), good)),
        Case.of(
            "overlap",
            "overlap.safetensors",
            predict(
                model(
                    "overlap",
                    -1,
                    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"),
                good)),
        Case.of(
            "out of range",
            "range.safetensors",
            predict(
                model(
                    "range",
                    -1,
                    "{\"a\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,36]}}"),
                good)),
        Case.of("no json", "text.safetensors", predict(model("text", -1, "{no json"), good)),
        Case.of("graph", "give an expression", "graph"),
        Case.of("graph column", "column 7", "graph", "tanh(x", "x=1"),
        Case.of("graph value", "has no value", "graph", "x+y", "x=1"),
        Case.of("graph format", "svg, dot or json", "graph", "x*x", "x=1", "--out", "x.png"),
        Case.of("gradcheck", "did you mean", "gradcheck", "tanhh"),
        Case.of("conformance", "did you mean Conv2d", "conformance", "Konv2d"));
  }

  private String[] table(String name, String text) throws IOException {
    return new String[] {"train", "--data", csv(name, text), "--target", "y"};
  }

  private static String[] with(String... args) {
    return args;
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray(String[]::new);
  }

  private static String[] mnist(String folder) {
    return new String[] {"train", "mnist", "--data-dir", folder};
  }

  private static String[] predict(String model, String data) {
    return new String[] {"predict", model, "--data", data};
  }

  @TestFactory
  Stream<DynamicTest> oneSentenceAndExitCodeTwo() throws IOException {
    return cases().stream()
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.name(),
                    () -> {
                      Path out = dir.resolve("out");
                      boolean trains = wrong.args().contains("train");
                      String[] args =
                          with(
                              wrong.args().toArray(String[]::new),
                              trains ? new String[] {"--out", out.toString()} : new String[0]);
                      Cli cli = Cli.run(args);
                      assertThat(cli.err()).contains(wrong.sentence()).startsWith("chainrule: ");
                      assertThat(cli.err().strip().lines()).hasSize(1);
                      assertThat(cli.code()).isEqualTo(2);
                      assertThat(cli.out()).isEmpty();
                      assertThat(out).doesNotExist();
                    }));
  }

  @Test
  void aFolderInTheWayIsSeenBeforeTheTraining() throws IOException {
    Path out = Files.createDirectories(dir.resolve("out/report.html")).getParent();
    Cli cli = Cli.run("train", "iris", "--out", out.toString());
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).contains("report.html, which is to be written, is a folder there");
    assertThat(Cli.run("train", "iris", "--out", "").err()).contains("is empty");
  }

  @Test
  void debugShowsWhere() {
    Cli cli = Cli.run("train", "iris", "--hidden", "x", "--debug");
    assertThat(cli.code()).isEqualTo(2);
    assertThat(cli.err()).contains("at chainrule.cli.");
  }
}
