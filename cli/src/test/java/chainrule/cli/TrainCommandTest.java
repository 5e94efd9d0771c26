package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, measuring and predicting from the command line, end to end. */
class TrainCommandTest {
  private static final List<String> FILES =
      List.of("config.json", "history.csv", "history.json", "model.safetensors", "report.html");

  @TempDir Path dir;

  private static Map<?, ?> json(String text) {
    return (Map<?, ?>) Json.parse("output", text);
  }

  private static double number(Map<?, ?> map, String key) {
    return ((Number) map.get(key)).doubleValue();
  }

  private List<String> files(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  private Path flowers(String file, int rows) throws IOException {
    Random random = new Random(5);
    StringBuilder csv = new StringBuilder("length,width,colour,species\n");
    for (int i = 0; i < rows; i++) {
      boolean rose = i % 2 == 0;
      double length = (rose ? 2 : 4) + random.nextGaussian() * 0.3;
      String width =
          i % 10 == 3 ? "NA" : Double.toString(length / 2 + random.nextGaussian() * 0.05);
      String colour = random.nextBoolean() ? "red" : "white";
      csv.append("%s,%s,%s,%s\n".formatted(length, width, colour, rose ? "rose" : "tulip"));
    }
    return Files.writeString(dir.resolve(file), csv);
  }

  @Test
  void jsonPrintsOneObjectForEachEpochAndOneAtTheEnd() throws IOException {
    Path out = dir.resolve("run");
    Cli cli = Cli.run("train", "moons", "--samples", "200", "--json", "--out", out.toString());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    List<String> lines = cli.out().strip().lines().toList();
    assertThat(lines).hasSize(61);
    assertThat(number(json(lines.getFirst()), "epoch")).isEqualTo(1);
    Map<?, ?> end = json(lines.getLast());
    assertThat(number(end, "testAccuracy")).isGreaterThan(0.9);
    assertThat(number(end, "testLoss")).isBetween(0.0, 0.4);
    assertThat(number(end, "epochs")).isEqualTo(60);
    assertThat(number(end, "seed")).isEqualTo(1);
    assertThat(number(end, "samplesPerSecond")).isPositive();
    assertThat(end.get("model")).isEqualTo(out.resolve("model.safetensors").toString());
    assertThat(files(out)).isEqualTo(FILES);
    assertThat(Files.readString(out.resolve("history.csv")).lines()).hasSize(61);
  }

  @Test
  void theSameSeedGivesTheSameModelFile() throws IOException {
    byte[][] models = new byte[3][];
    for (int i = 0; i < 3; i++) {
      Path out = dir.resolve("run" + i);
      String seed = i < 2 ? "7" : "8";
      Cli cli =
          Cli.run(
              "train",
              "circles",
              "--samples",
              "80",
              "--epochs",
              "3",
              "--seed",
              seed,
              "--out",
              out.toString());
      assertThat(cli.code()).isZero();
      models[i] = Files.readAllBytes(out.resolve("model.safetensors"));
    }
    assertThat(models[0]).isEqualTo(models[1]);
    assertThat(models[0]).isNotEqualTo(models[2]);
  }

  @Test
  void peopleReadAHeaderTheEpochsAndATable() {
    Cli cli =
        Cli.run(
            "train",
            "xor",
            "--samples",
            "100",
            "--epochs",
            "4",
            "--hidden",
            "8",
            "--optimizer",
            "nesterov",
            "--dropout",
            "0.1",
            "--out",
            dir.resolve("run").toString());
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("2 inputs, 2 classes; 80 rows to learn from, 20 held out")
        .contains("2 → 8 tanh → 2, dropout 0.1; 42 parameters")
        .contains("crossentropy, nesterov, lr 0.03 (cosine); 4 epochs, batch 32, seed 1")
        .contains("epoch 4/4  loss ")
        .containsPattern("held out +accuracy \\d+\\.\\d % \\(\\d+ of 20\\), loss ")
        .containsPattern("class +rows +precision +recall +F1\n")
        .contains("report.html")
        .doesNotContain("\u001b");
  }

  @Test
  void aTableOfFlowersIsLearnedEvaluatedAndPredicted() throws IOException {
    Path csv = flowers("flowers.csv", 120);
    Path out = dir.resolve("run");
    Cli train =
        Cli.run(
            "train",
            "--data",
            csv.toString(),
            "--target",
            "species",
            "--epochs",
            "60",
            "--json",
            "--out",
            out.toString());
    assertThat(train.err()).isEmpty();
    Map<?, ?> end = json(train.lastLine());
    assertThat(number(end, "testAccuracy")).isGreaterThanOrEqualTo(0.95);
    assertThat(end.get("notices").toString()).contains("12 missing cells filled");

    String model = out.resolve("model.safetensors").toString();
    Cli evaluate = Cli.run("evaluate", model, "--data", csv.toString(), "--json");
    assertThat(number(json(evaluate.lastLine()), "testAccuracy")).isGreaterThan(0.95);
    assertThat(number(json(evaluate.lastLine()), "rows")).isEqualTo(120);

    Path rows = dir.resolve("rows.csv");
    Files.writeString(rows, "colour,other,width,length\nred,x,1,2\nwhite,y,2,4.1\n");
    Cli predict = Cli.run("predict", model, "--data", rows.toString());
    assertThat(predict.out().lines().map(line -> line.split(",")[0]))
        .containsExactly("prediction", "rose", "tulip");
    assertThat(predict.out()).startsWith("prediction,probability,P(rose),P(tulip)\n");

    Files.writeString(rows, "colour,width,length\nred,1,2\n\nblue,2,4.1\n");
    Cli unseen = Cli.run("predict", model, "--data", rows.toString());
    assertThat(unseen.code()).isEqualTo(2);
    assertThat(unseen.err()).contains("rows.csv:4: 'blue' in column 'colour'");
    assertThat(unseen.out()).isEmpty();
    Path answers = dir.resolve("answers.csv");
    Cli ignored =
        Cli.run(
            "predict",
            model,
            "--data",
            rows.toString(),
            "--ignore-unknown",
            "--out",
            answers.toString());
    assertThat(ignored.code()).isZero();
    assertThat(Files.readString(answers).lines()).hasSize(3);

    Files.writeString(rows, "colour,width\nred,1\n");
    Cli missing = Cli.run("predict", model, "--data", rows.toString());
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("rows.csv:1:").contains("'length'");
  }

  @Test
  void aNumericTargetIsARegression() throws IOException {
    Path csv = flowers("flowers.csv", 150);
    Path out = dir.resolve("run");
    Cli train =
        Cli.run(
            "train",
            "--data",
            csv.toString(),
            "--target",
            "length",
            "--json",
            "--out",
            out.toString());
    Map<?, ?> end = json(train.lastLine());
    assertThat(number(end, "testR2")).isGreaterThan(0.9);
    assertThat(number(end, "testMae")).isBetween(0.0, 0.3);
    assertThat(end.containsKey("testAccuracy")).isFalse();
    String model = out.resolve("model.safetensors").toString();
    Cli predict = Cli.run("predict", model, "--data", csv.toString());
    List<String> lines = predict.out().lines().toList();
    assertThat(lines).hasSize(151);
    assertThat(Double.parseDouble(lines.get(1))).isBetween(1.0, 3.0);
    Cli classes =
        Cli.run(
            "train",
            "--data",
            csv.toString(),
            "--target",
            "width",
            "--categorical",
            "width",
            "--out",
            dir.resolve("none").toString());
    assertThat(classes.code()).isEqualTo(2);
    assertThat(dir.resolve("none")).doesNotExist();
  }

  @Test
  void savedModelsAreMeasuredOnTheRowsTheyHaveNotSeen() {
    Path out = dir.resolve("run");
    Cli train =
        Cli.run(
            "train", "iris", "--epochs", "20", "--seed", "3", "--json", "--out", out.toString());
    String model = out.resolve("model.safetensors").toString();
    Cli again = Cli.run("evaluate", model, "--json");
    assertThat(again.code()).isZero();
    assertThat(number(json(again.lastLine()), "testAccuracy"))
        .isEqualTo(number(json(train.lastLine()), "testAccuracy"));
    Cli table = Cli.run("evaluate", model, "--data", "iris", "--rows", "all");
    assertThat(table.out()).contains("iris, 150 rows").contains("versicolor");
    Cli wrong = Cli.run("evaluate", model, "--data", "moons");
    assertThat(wrong.code()).isEqualTo(2);
    Cli rows = Cli.run("predict", model, "--data", "iris");
    assertThat(rows.out().lines()).hasSize(31);
  }

  @Test
  void whatWasDrawnOrChosenForTheTrainingIsMeasuredAgain() {
    measuredAgain("testAccuracy", "moons", "--noise", "0.4", "--samples", "200");
    measuredAgain("testR2", "iris", "--target", "petal_width");
  }

  private void measuredAgain(String figure, String... what) {
    Path out = dir.resolve(what[0]);
    List<String> args = new ArrayList<>(List.of("train", "--epochs", "5", "--json", "--out"));
    args.add(out.toString());
    args.addAll(List.of(what));
    Cli train = Cli.run(args.toArray(String[]::new));
    Cli again = Cli.run("evaluate", out.resolve("model.safetensors").toString(), "--json");
    assertThat(again.err()).isEmpty();
    assertThat(number(json(again.lastLine()), figure))
        .isEqualTo(number(json(train.lastLine()), figure));
  }

  @Test
  void interruptedItSavesWhatWasLearned() throws IOException {
    Interrupt interrupt = new Interrupt();
    StringWriter printed = new StringWriter();
    PrintWriter out =
        new PrintWriter(printed) {
          @Override
          public void println(String line) {
            super.println(line);
            if (line.startsWith("epoch  10/100")) {
              interrupt.request();
            }
          }
        };
    StringWriter err = new StringWriter();
    Path folder = dir.resolve("run");
    String[] args = {
      "train", "moons", "--samples", "100", "--epochs", "100", "--out", folder.toString()
    };
    int code = Main.run(args, Terminal.plain(out, new PrintWriter(err)), interrupt);
    assertThat(err.toString()).isEmpty();
    assertThat(code).isEqualTo(130);
    assertThat(printed.toString()).contains("interrupted; what was learned until then is kept");
    assertThat(files(folder)).isEqualTo(FILES);
    assertThat(Files.readString(folder.resolve("history.csv")).lines()).hasSize(11);
  }

  @Test
  void anInterruptBeforeTheFirstBatchStillSavesAModel() throws IOException {
    Interrupt interrupt = new Interrupt();
    interrupt.request();
    Path folder = dir.resolve("run");
    Cli cli = Cli.run(interrupt, "train", "moons", "--samples", "60", "--out", folder.toString());
    assertThat(cli.code()).isEqualTo(130);
    assertThat(files(folder)).isEqualTo(FILES);
  }

  @Test
  void aTrainingThatDivergesSaysSoAndLeavesNothing() {
    Path folder = dir.resolve("run");
    Cli cli =
        Cli.run(
            "train",
            "iris",
            "--optimizer",
            "sgd",
            "--lr",
            "1e30",
            "--activation",
            "relu",
            "--hidden",
            "8,8",
            "--out",
            folder.toString());
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("the loss became").contains("try a smaller learning rate");
    assertThat(cli.err().lines()).hasSize(1);
    assertThat(folder).doesNotExist();
  }

  @Test
  void everyOptimizerLossAndActivationTrains() {
    List<String[]> pairs = new ArrayList<>();
    Optimizers.NAMES.forEach(name -> pairs.add(new String[] {"--optimizer", name}));
    Schedules.NAMES.forEach(name -> pairs.add(new String[] {"--schedule", name}));
    for (String loss : List.of("bce", "hinge", "squaredhinge", "multimargin", "mse")) {
      pairs.add(new String[] {"--loss", loss});
    }
    pairs.addAll(
        List.of(
            new String[] {"--activation", "gelu"},
            new String[] {"--activation", "leakyrelu"},
            new String[] {"--warmup", "1"},
            new String[] {"--accumulate", "2"},
            new String[] {"--ema", "0.9"},
            new String[] {"--clip", "0.5"},
            new String[] {"--hidden", "none"},
            new String[] {"--patience", "2"},
            new String[] {"--validation", "0.2"}));
    int run = 0;
    for (String[] pair : pairs) {
      Path out = dir.resolve("run" + run++);
      Cli cli =
          Cli.run(
              "train",
              "gaussians",
              "--samples",
              "90",
              "--epochs",
              "8",
              "--json",
              pair[0],
              pair[1],
              "--out",
              out.toString());
      assertThat(cli.err()).as(pair[1]).isEmpty();
      assertThat(cli.code()).as(pair[1]).isZero();
      Map<?, ?> end = json(cli.out().strip().lines().toList().getLast());
      assertThat(number(end, "testAccuracy")).as(pair[1]).isGreaterThan(0.6);
    }
  }
}
