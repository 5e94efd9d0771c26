package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.data.Dataset;
import chainrule.optim.SGD;
import chainrule.train.Trainer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule evaluate}. */
@Command(
    name = "evaluate",
    description = "Measure a saved model on rows whose answers are known.",
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule evaluate runs/digits/model.safetensors --data digits",
      "  chainrule evaluate flowers.safetensors --data more-flowers.csv --json"
    })
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private @Nullable Main main;

  @Parameters(
      index = "0",
      paramLabel = "MODEL",
      description = "A file model.safetensors, or a folder that has one.")
  private @Nullable Path model;

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--json", description = "Print a JSON object and nothing else.")
  private boolean json;

  @Override
  public Integer call() {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    Labelled labelled = Labelled.of(Objects.requireNonNull(model), data, rows);
    Dataset set = labelled.set();
    Trainer trainer =
        new Trainer(
            labelled.model(),
            labelled.loss(),
            new SGD(labelled.model().parameters(), SGD.options()));
    TestResult result = TestResult.of(trainer, set, labelled.run().saved().preprocessing());
    if (json) {
      Map<String, Object> map = new LinkedHashMap<>(result.toMap());
      map.put("rows", set.size());
      map.put("data", set.name());
      map.put("model", model.toString());
      terminal.out().println(JsonText.of(map));
    } else {
      terminal.field("data", "%s, %s rows".formatted(set.name(), Terminal.count(set.size())));
      terminal.field("result", terminal.bold(result.headline()));
      if (result.isClassification()) {
        ClassTable.print(terminal, result.evaluation(), set.classNames());
      }
    }
    return Main.DONE;
  }
}
