package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.cli.report.Report;
import chainrule.data.Dataset;
import chainrule.data.Preprocessing;
import chainrule.formats.Models;
import chainrule.formats.SavedModel;
import chainrule.nn.Module;
import chainrule.optim.Optimizer;
import chainrule.train.Evaluation;
import chainrule.train.FitOptions;
import chainrule.train.History;
import chainrule.train.TrainListener;
import chainrule.train.Trainer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One training: from data and settings to the files in a folder. */
final class TrainRun {
  private final Terminal terminal;
  private final Interrupt interrupt;
  private final Loaded data;
  private final TrainSettings settings;
  private final boolean json;

  private final Dataset train;
  private final @Nullable Dataset validation;
  private final Module model;
  private final Optimizer optimizer;
  private final Trainer trainer;

  TrainRun(
      Terminal terminal, Interrupt interrupt, Loaded data, TrainSettings settings, boolean json) {
    this.terminal = terminal;
    this.interrupt = interrupt;
    this.data = data;
    this.settings = settings;
    this.json = json;
    if (settings.validationShare() > 0) {
      Dataset.Split split = data.train().split(settings.validationShare(), settings.seed());
      this.train = split.train();
      this.validation = split.test();
    } else {
      this.train = data.train();
      this.validation = null;
    }
    this.model = Networks.of(settings.network(), train, outputs());
    model.init(settings.seed());
    this.optimizer = settings.steps().make(model.parameters());
    this.trainer =
        new Trainer(model, Choices.loss(settings.loss(), data.isClassification()), optimizer);
  }

  private int inputs() {
    return train.sampleShape().size();
  }

  /** What a row is: {@code 784}, or for a network that sees an image {@code 28×28}. */
  private String rows() {
    boolean flat = settings.network().model().equals(Networks.MLP);
    return flat || train.imageShape().isEmpty()
        ? Integer.toString(inputs())
        : train.imageShape().get().toString();
  }

  private int outputs() {
    return data.isClassification() ? train.classNames().size() : 1;
  }

  /** Trains, measures, saves, and says so. */
  int run(RunFolder folder) {
    folder.make();
    try {
      return train(folder);
    } finally {
      folder.abandon();
    }
  }

  private int train(RunFolder folder) {
    long start = System.nanoTime();
    if (!json) {
      header();
    }
    Progress progress = new Progress(terminal);
    FitOptions options =
        Trainer.epochs(settings.epochs())
            .batch(settings.batch())
            .seed(settings.seed())
            .patience(settings.patience())
            .bestWeights(settings.bestWeights())
            .stop(interrupt::requested)
            .listener(json ? new JsonLines() : progress);
    options = settings.steps().addTo(options, optimizer, train.size());
    History history;
    try {
      history = trainer.fit(train, validation, options);
    } finally {
      if (!json) {
        progress.clear();
      }
    }
    TestResult result = TestResult.of(trainer, data);
    double seconds = (System.nanoTime() - start) / 1e9;
    save(folder, history, result, seconds);
    if (json) {
      terminal.out().println(JsonText.of(summary(folder, history, result)));
      terminal.out().flush();
    } else {
      footer(folder, history, result, seconds);
    }
    return history.outcome() == History.Outcome.INTERRUPTED ? Main.INTERRUPTED : Main.DONE;
  }

  /** A JSON object for every epoch. */
  private final class JsonLines implements TrainListener {
    @Override
    public void epochDone(EpochEvent event) {
      terminal.out().println(JsonText.of(object(event.epoch())));
      terminal.out().flush();
    }

    private Map<String, Object> object(History.Epoch epoch) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("epoch", epoch.epoch());
      map.put("trainLoss", epoch.trainLoss());
      if (data.isClassification()) {
        map.put("trainAccuracy", epoch.trainAccuracy());
      }
      if (validation != null) {
        map.put("valLoss", epoch.valLoss());
      }
      if (validation != null && data.isClassification()) {
        map.put("valAccuracy", epoch.valAccuracy());
      }
      map.put("lr", epoch.lr());
      map.put("seconds", epoch.seconds());
      map.put("samplesPerSecond", epoch.samplesPerSecond());
      return map;
    }

    @Override
    public void warning(String sentence) {
      terminal.err().println("warning: " + sentence);
      terminal.err().flush();
    }
  }

  private void header() {
    String kind =
        data.isClassification() ? train.classNames().size() + " classes" : "a number to predict";
    String rows =
        "%s rows to learn from%s, %s held out"
            .formatted(
                Terminal.count(train.size()),
                validation == null ? "" : ", " + Terminal.count(validation.size()) + " to watch",
                Terminal.count(data.test().size()));
    terminal
        .out()
        .println(terminal.bold("chainrule " + Version.number()) + " · train " + settings.name());
    terminal.field("data", "%s: %s inputs, %s; %s".formatted(train.name(), inputs(), kind, rows));
    for (String notice : data.notices()) {
      terminal.field("", notice);
    }
    terminal.field(
        "network",
        "%s; %s parameters"
            .formatted(
                settings.network().text(rows(), outputs()),
                Terminal.count(model.parameterCount())));
    terminal.field(
        "training",
        "%s, %s; %d epochs, batch %d, seed %d"
            .formatted(
                settings.loss(),
                settings.steps().text(),
                settings.epochs(),
                settings.batch(),
                settings.seed()));
    terminal.field("machine", Environment.text());
  }

  private void save(RunFolder folder, History history, TestResult result, double seconds) {
    Preprocessing steps = data.preprocessing();
    Models.save(
        new SavedModel(model, steps, train.classNames(), ModelNotes.toMap(data, settings)),
        folder.model());
    folder.write("history.csv", history.toCsv());
    folder.write("history.json", history.toJson());
    Map<String, Object> config = new LinkedHashMap<>(settings.toMap());
    config.put("rows", Map.of("train", train.size(), "test", data.test().size()));
    config.put("parameters", model.parameterCount());
    config.put("environment", Environment.toMap());
    folder.write("config.json", JsonText.of(config) + "\n");
    Map<String, Object> page =
        new RunReport(data, train, settings, model, history, result, seconds).toMap();
    folder.write("report.html", Report.html(settings.name() + " · Chainrule", page));
  }

  private Map<String, Object> summary(RunFolder folder, History history, TestResult result) {
    Map<String, Object> map = new LinkedHashMap<>(result.toMap());
    map.put("epochs", history.epochs().size());
    map.put("seed", settings.seed());
    map.put("samplesPerSecond", history.samplesPerSecond());
    map.put("model", folder.model().toString());
    map.put("report", folder.report().toString());
    map.put("data", train.name());
    map.put("parameters", model.parameterCount());
    if (!data.notices().isEmpty()) {
      map.put("notices", data.notices());
    }
    map.put("outcome", history.outcome().name().toLowerCase(Locale.ROOT));
    return map;
  }

  private void footer(RunFolder folder, History history, TestResult result, double seconds) {
    terminal.out().println();
    if (history.outcome() == History.Outcome.INTERRUPTED) {
      terminal.out().println("interrupted; what was learned until then is kept");
    } else if (history.outcome() == History.Outcome.STOPPED_EARLY) {
      terminal
          .out()
          .println(
              "stopped early: the validation loss was lowest after epoch " + history.bestEpoch());
    }
    Evaluation evaluation = result.evaluation();
    terminal.field("held out", terminal.bold(result.headline()));
    if (data.isClassification()) {
      ClassTable.print(terminal, evaluation, train.classNames());
    }
    terminal.field(
        "time", "%.1f s, %s rows/s".formatted(seconds, Terminal.count(history.samplesPerSecond())));
    terminal.field(
        "saved", folder.path() + ": model.safetensors, config.json, history.csv, history.json");
    terminal.field("report", folder.report().toString());
  }
}
