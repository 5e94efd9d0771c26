package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.data.Dataset;
import chainrule.nn.Module;
import chainrule.optim.UpdateRule;
import chainrule.train.Alarm;
import chainrule.train.Backprop;
import chainrule.train.Health;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule health}. */
@Command(
    name = "health",
    description = {
      "See how each layer of a trained network learns, and what to try where it does not.",
      "",
      "Activations, error signals, gradients and steps at the first 1,024 rows, in evaluation mode;"
          + " alarms for vanishing and exploding error signals, dead ReLUs, saturated units and"
          + " steps out of proportion."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule health runs/digits/model.safetensors --data digits",
      "  chainrule health runs/digits --rows train --json"
    })
final class HealthCommand implements Callable<Integer> {
  static final int ROWS = 1024;

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
    Dataset set = labelled.first(ROWS);
    Backprop pass = Backprop.of(labelled.model().eval(), labelled.loss(), set.x(), set.y());
    UpdateRule rule = rule(labelled.run().saved().training(), labelled.model());
    Health health = Health.of(labelled.model(), pass, rule);
    if (json) {
      Map<String, Object> map = toMap(health);
      map.put("rows", set.size());
      map.put("loss", pass.loss());
      terminal.out().println(JsonText.of(map));
    } else {
      print(terminal, labelled, set, pass, health);
    }
    terminal.out().flush();
    return Main.DONE;
  }

  /** The optimizer that the model's file names, as it was at its first step. */
  static @Nullable UpdateRule rule(Map<String, ?> training, Module model) {
    if (!(training.get("optimizer") instanceof String name)
        || !Optimizers.NAMES.contains(name)
        || !(training.get("lr") instanceof Number lr)) {
      return null;
    }
    double decay = training.get("weightDecay") instanceof Number n ? n.doubleValue() : 0;
    return Optimizers.of(name, model.parameters(), lr.doubleValue(), decay)
                .paramGroups()
                .getFirst()
                .options()
            instanceof UpdateRule rule
        ? rule
        : null;
  }

  private static void print(
      Terminal terminal, Labelled labelled, Dataset set, Backprop pass, Health health) {
    terminal.field("data", "%s, %s rows".formatted(set.name(), Terminal.count(set.size())));
    terminal.field("loss", "%s %s".formatted(labelled.lossName(), Terminal.number(pass.loss())));
    Page page = new Page(terminal);
    page.heading("Layer by layer, in the order of the forward pass");
    TextTable table =
        new TextTable(
            "layer",
            "output",
            "± std",
            "zero",
            "dead",
            "flat",
            "error",
            "weight",
            "gradient",
            "step/weight");
    for (Health.Layer layer : health.layers()) {
      table.row(
          (layer.path() + " " + layer.type()).strip(),
          number(layer.mean()),
          number(layer.std()),
          share(layer.zero()),
          share(layer.dead()),
          share(layer.saturated()),
          number(layer.error()),
          number(layer.weight()),
          number(layer.gradient()),
          number(layer.update()));
    }
    table.print(terminal);
    page.text(
        "output: mean and standard deviation over rows and units. zero: the share of outputs that"
            + " are 0. dead: units of a ReLU that are 0 for every row. flat: outputs at the ends of"
            + " tanh or σ. error: root mean square of the error signal that arrives at the outputs."
            + " weight, gradient: root mean squares. step/weight: the optimizer's first step at the"
            + " full learning rate, as a part of the weights; a thousandth is usual.");
    page.heading(alarms(health.alarms().size()));
    for (Alarm alarm : health.alarms()) {
      page.line("%s, layer %s: %s".formatted(word(alarm), alarm.layer(), alarm.finding()));
      page.line("    try " + alarm.remedy());
    }
  }

  private static String alarms(int count) {
    return count == 0
        ? "No alarm: error signals arrive everywhere, no unit is stuck, steps are in proportion."
        : count == 1 ? "1 alarm" : count + " alarms";
  }

  /** {@code vanishing}. */
  static String word(Alarm alarm) {
    return alarm.trouble().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String number(double x) {
    return Double.isNaN(x) ? "" : Math.abs(x) >= 1e-3 || x == 0 ? fixed(x) : tiny(x);
  }

  private static String fixed(double x) {
    return Math.abs(x) < 1000 ? String.format(Locale.ROOT, "%.3f", x) : tiny(x);
  }

  private static String tiny(double x) {
    return String.format(Locale.ROOT, "%.1e", x);
  }

  private static String share(double x) {
    return Double.isNaN(x) ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * x);
  }

  private static void put(Map<String, Object> map, String figure, double x) {
    if (!Double.isNaN(x)) {
      map.put(figure, x);
    }
  }

  /** The layers and alarms for programs and for the training report. */
  static Map<String, Object> toMap(Health health) {
    List<Object> layers = new ArrayList<>();
    for (Health.Layer layer : health.layers()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("layer", layer.path());
      map.put("type", layer.type());
      put(map, "mean", layer.mean());
      put(map, "std", layer.std());
      put(map, "zero", layer.zero());
      put(map, "dead", layer.dead());
      put(map, "saturated", layer.saturated());
      put(map, "error", layer.error());
      put(map, "weight", layer.weight());
      put(map, "gradient", layer.gradient());
      put(map, "update", layer.update());
      layers.add(map);
    }
    List<Object> alarms = new ArrayList<>();
    for (Alarm alarm : health.alarms()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("trouble", word(alarm));
      map.put("layer", alarm.layer());
      map.put("finding", alarm.finding());
      map.put("try", alarm.remedy());
      alarms.add(map);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("layers", layers);
    map.put("alarms", alarms);
    return map;
  }
}
