package chainrule.cli;

import chainrule.data.Preprocessing;
import chainrule.formats.AtomicFiles;
import chainrule.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule predict}. */
@Command(
    name = "predict",
    description = {
      "Let a saved model predict rows.",
      "",
      "Prints CSV, a line for each row in its order: for classes the label, its probability and the"
          + " probability of every class; for numbers the value."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule predict flowers.safetensors --data rows.csv",
      "  chainrule predict runs/digits/model.safetensors --data digits --out answers.csv"
    })
final class PredictCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A file model.safetensors, or a folder that has one.")
  private @Nullable Path model;

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--out", paramLabel = "FILE", description = "Write there instead of printing.")
  private @Nullable Path out;

  @Override
  public Integer call() {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    SavedRun run = SavedRun.load(Objects.requireNonNull(model));
    Tensor outputs =
        run.saved().model().predict(run.inputs(Sources.chosen(null, data), data, rows));
    String csv = run.isClassification() ? classes(run, outputs) : numbers(run, outputs);
    if (out != null) {
      AtomicFiles.writeText(out, csv);
    } else {
      terminal.out().print(csv);
      terminal.out().flush();
    }
    return Main.DONE;
  }

  private static String classes(SavedRun run, Tensor outputs) {
    List<String> names = run.saved().classNames();
    String loss = Choices.lossName(run.notes().loss(), true);
    Tensor likely = Choices.probabilities(outputs, loss);
    int[] said = likely.argmax(1).toIntArray();
    StringBuilder csv = new StringBuilder("prediction,probability");
    names.forEach(name -> csv.append(',').append(cell("P(" + name + ")")));
    csv.append('\n');
    float[] p = likely.toFloatArray();
    for (int row = 0; row < said.length; row++) {
      csv.append(cell(names.get(said[row]))).append(',').append(p[row * names.size() + said[row]]);
      for (int c = 0; c < names.size(); c++) {
        csv.append(',').append(p[row * names.size() + c]);
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  private static String numbers(SavedRun run, Tensor outputs) {
    Preprocessing steps = run.saved().preprocessing();
    Tensor values = steps == null ? outputs : steps.decodeTarget(outputs);
    StringBuilder csv = new StringBuilder("prediction\n");
    for (float value : values.toFloatArray()) {
      csv.append(value).append('\n');
    }
    return csv.toString();
  }

  private static String cell(String text) {
    return text.matches("[^\",;\t\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
