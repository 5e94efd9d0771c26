package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.nn.Loss;
import chainrule.nn.Module;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import chainrule.train.Backprop;
import chainrule.train.Confusion;
import chainrule.train.Health;
import chainrule.train.History;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The numbers of a training as the report's script draws them. */
final class RunReport {
  private static final int MISTAKES = 24;
  private static final int UNITS = 128;
  private static final int MATRIX = 60;
  private static final int HEAT_INPUTS = 60;
  private static final int TABLE_COLUMNS = 12;
  private static final int PLANE = 90;
  private static final int DOTS = 1000;

  private final Loaded data;
  private final Dataset train;
  private final TrainSettings settings;
  private final Module model;
  private final History history;
  private final TestResult result;
  private final double seconds;
  private final Map<String, Object> page = new LinkedHashMap<>();

  RunReport(
      Loaded data,
      Dataset train,
      TrainSettings settings,
      Module model,
      History history,
      TestResult result,
      double seconds) {
    this.data = data;
    this.train = train;
    this.settings = settings;
    this.model = model;
    this.history = history;
    this.result = result;
    this.seconds = seconds;
  }

  Map<String, Object> toMap() {
    boolean classes = data.isClassification();
    page.put("title", settings.name());
    page.put(
        "subtitle",
        "%s · %d inputs · %s · %s training and %s test rows"
            .formatted(
                train.name(),
                train.sampleShape().size(),
                classes ? train.classNames().size() + " classes" : "a number to predict",
                Terminal.count(train.size()),
                Terminal.count(data.test().size())));
    page.put("figures", figures());
    curves();
    page.put("gradients", gradients());
    if (classes) {
      page.put("classes", train.classNames());
      confusion();
      plane();
      mistakes();
    } else {
      fit();
      errors();
    }
    weights();
    page.put("health", HealthCommand.toMap(health()));
    page.put("configuration", configuration());
    return page;
  }

  private List<Object> figures() {
    List<Object> figures = new ArrayList<>();
    if (result.isClassification()) {
      figures.add(
          figure(
              "Test accuracy",
              Terminal.percent(result.evaluation().accuracy()),
              "%s of %s rows"
                  .formatted(
                      Terminal.count(result.correct()),
                      Terminal.count(result.evaluation().rows()))));
    } else {
      figures.add(figure("Test R²", Terminal.number(result.r2()), "1 is perfect"));
      figures.add(figure("Mean absolute error", Terminal.number(result.mae()), "on test rows"));
    }
    figures.add(figure("Test loss", Terminal.number(result.evaluation().loss()), settings.loss()));
    figures.add(
        figure(
            "Epochs",
            Integer.toString(history.epochs().size()),
            history.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    figures.add(
        figure(
            "Rows a second",
            Terminal.count(history.samplesPerSecond()),
            String.format(Locale.ROOT, "%.1f s in all", seconds)));
    figures.add(figure("Parameters", Terminal.count(model.parameterCount()), layerSizes()));
    return figures;
  }

  private String layerSizes() {
    int outputs = data.isClassification() ? train.classNames().size() : 1;
    return settings.network().sizes(Integer.toString(train.sampleShape().size()), outputs);
  }

  private static Map<String, Object> figure(String label, String value, String note) {
    return Map.of("label", label, "value", value, "note", note);
  }

  private void curves() {
    page.put("epochs", history.epochs().stream().map(History.Epoch::epoch).toList());
    page.put("trainLoss", column(History.Epoch::trainLoss));
    page.put("testLoss", result.evaluation().loss());
    if (data.isClassification()) {
      page.put("trainAccuracy", column(History.Epoch::trainAccuracy));
      page.put("testAccuracy", result.evaluation().accuracy());
    }
    if (settings.validationShare() > 0) {
      page.put("valLoss", column(History.Epoch::valLoss));
      page.put("valAccuracy", column(History.Epoch::valAccuracy));
    }
  }

  private double[] column(ToDoubleFunction<History.Epoch> figure) {
    return history.epochs().stream().mapToDouble(figure).toArray();
  }

  private List<Object> gradients() {
    Map<String, Module> modules = model.namedModules();
    List<Object> lines = new ArrayList<>();
    for (String layer : history.layers()) {
      Module module = modules.get(layer);
      String label =
          module == null
              ? layer
              : layer + " " + module.type() + " " + outIn(module.parameters().getFirst());
      lines.add(
          Map.of(
              "layer",
              label,
              "values",
              column(epoch -> epoch.gradientNorms().getOrDefault(layer, Double.NaN))));
    }
    return lines;
  }

  /** How the layers do in the end, at rows that were learned. */
  private Health health() {
    int rows = Math.min(HealthCommand.ROWS, train.size());
    Dataset first = train.rows(IntStream.range(0, rows).toArray());
    Loss loss = Choices.loss(settings.loss(), data.isClassification());
    boolean training = model.training();
    Backprop pass = Backprop.of(model.eval(), loss, first.x(), first.y());
    if (training) {
      model.train();
    }
    return Health.of(model, pass, HealthCommand.rule(settings.toMap(), model));
  }

  private static String outIn(Parameter weight) {
    return weight.rank() == 2 ? weight.size(1) + "→" + weight.size(0) : weight.shape().toString();
  }

  private void confusion() {
    Confusion confusion = result.evaluation().confusion();
    if (confusion.classes() > MATRIX) {
      return;
    }
    List<int[]> counts = new ArrayList<>();
    List<Object> scores = new ArrayList<>();
    for (int c = 0; c < confusion.classes(); c++) {
      int actual = c;
      counts.add(
          IntStream.range(0, confusion.classes()).map(k -> confusion.count(actual, k)).toArray());
      scores.add(
          Map.of(
              "precision",
              confusion.precision(c),
              "recall",
              confusion.recall(c),
              "f1",
              confusion.f1(c)));
    }
    page.put("confusion", counts);
    page.put("scores", scores);
  }

  private void mistakes() {
    Tensor likely = Choices.probabilities(result.predictions(), settings.loss());
    int classes = likely.size(1);
    float[] p = likely.toFloatArray();
    int[] said = likely.argmax(1).toIntArray();
    int[] actual = result.targets().toIntArray();
    List<Integer> wrong =
        IntStream.range(0, said.length)
            .filter(i -> said[i] != actual[i])
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i * classes + actual[i]]))
            .limit(MISTAKES)
            .toList();
    if (wrong.isEmpty()) {
      return;
    }
    boolean image = data.test().imageShape().isPresent();
    List<Object> items = new ArrayList<>();
    for (int i : wrong) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("row", i);
      item.put("actual", train.classNames().get(actual[i]));
      item.put("said", train.classNames().get(said[i]));
      item.put("probability", p[i * classes + said[i]]);
      item.put("trueProbability", p[i * classes + actual[i]]);
      if (image) {
        item.put("pixels", hundredths(data.test().x().pick(0, i), 1));
      } else {
        item.put("cells", cells(i));
      }
      items.add(item);
    }
    Map<String, Object> mistakes = new LinkedHashMap<>();
    mistakes.put(
        "lead",
        "The test rows whose true class the network thought least likely"
            + (image ? "." : ", with the inputs as the network sees them."));
    if (image) {
      mistakes.put("image", data.test().imageShape().map(Shape::toArray).orElseThrow());
    } else {
      mistakes.put("columns", columns());
    }
    mistakes.put("items", items);
    page.put("mistakes", mistakes);
  }

  private List<String> columns() {
    List<String> names = inputNames();
    return names.subList(0, Math.min(TABLE_COLUMNS, names.size()));
  }

  private List<String> inputNames() {
    List<String> names = train.featureNames();
    return names.isEmpty()
        ? IntStream.range(0, train.sampleShape().size()).mapToObj(i -> "input " + i).toList()
        : names;
  }

  private float[] cells(int row) {
    return Arrays.copyOf(data.test().x().pick(0, row).toFloatArray(), columns().size());
  }

  private void fit() {
    double[] actual = result.targets().toDoubleArray();
    double[] said = result.predictions().toDoubleArray();
    int step = Math.ceilDiv(actual.length, DOTS);
    int[] shown = IntStream.iterate(0, i -> i < actual.length, i -> i + step).toArray();
    page.put(
        "fit",
        Map.of(
            "actual", IntStream.of(shown).mapToDouble(i -> actual[i]).toArray(),
            "said", IntStream.of(shown).mapToDouble(i -> said[i]).toArray()));
  }

  private void errors() {
    double[] actual = result.targets().toDoubleArray();
    double[] said = result.predictions().toDoubleArray();
    List<Object> items =
        IntStream.range(0, actual.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -Math.abs(actual[i] - said[i])))
            .limit(MISTAKES / 2)
            .<Object>map(
                i ->
                    Map.of(
                        "row",
                        i,
                        "actual",
                        actual[i],
                        "said",
                        said[i],
                        "error",
                        said[i] - actual[i],
                        "cells",
                        cells(i)))
            .toList();
    page.put(
        "mistakes",
        Map.of(
            "lead",
            "The test rows with the largest errors, with the inputs as the network sees them.",
            "columns",
            columns(),
            "items",
            items));
  }

  private void weights() {
    Parameter first =
        model.parameters().stream().filter(p -> p.rank() == 2).findFirst().orElseThrow();
    int units = Math.min(UNITS, first.size(0));
    int inputs = first.size(1);
    boolean image = train.imageShape().isPresent();
    if (!image && inputs > HEAT_INPUTS) {
      return;
    }
    double max = most(first.detach().abs().toFloatArray());
    List<int[]> pictures = new ArrayList<>();
    for (int unit = 0; unit < units; unit++) {
      pictures.add(hundredths(first.detach().pick(0, unit), max));
    }
    Map<String, Object> weights = new LinkedHashMap<>();
    weights.put(
        "lead",
        "%s for each of %s%d units: what it adds to (red) and takes from (blue) the unit's input."
            .formatted(
                image ? "One picture" : "One column",
                units < first.size(0) ? "the first " : "",
                units));
    if (image) {
      weights.put("image", train.imageShape().map(Shape::toArray).orElseThrow());
    } else {
      weights.put("inputs", inputNames());
    }
    weights.put("units", pictures);
    weights.put("max", max);
    page.put("weights", weights);
  }

  /**
   * What all but one in two hundred stay below, so that a few large weights leave colour to others.
   */
  private static double most(float[] sizes) {
    Arrays.sort(sizes);
    return sizes[(int) ((sizes.length - 1) * 0.995)];
  }

  /** Whole hundredths of {@code max}, which keep the page small. */
  private static int[] hundredths(Tensor values, double max) {
    float[] x = values.toFloatArray();
    double scale = max > 0 ? 100 / max : 0;
    return IntStream.range(0, x.length).map(i -> (int) Math.round(x[i] * scale)).toArray();
  }

  /** For two inputs: what the network says at every point of a grid over the test rows. */
  private void plane() {
    if (train.sampleShape().size() != 2) {
      return;
    }
    float[] x = data.test().x().toFloatArray();
    double[] range = {1e30, -1e30, 1e30, -1e30};
    for (int i = 0; i < x.length; i++) {
      int d = i % 2 * 2;
      range[d] = Math.min(range[d], x[i]);
      range[d + 1] = Math.max(range[d + 1], x[i]);
    }
    for (int d = 0; d < 4; d += 2) {
      double margin = 0.08 * Math.max(1e-6, range[d + 1] - range[d]);
      range[d] -= margin;
      range[d + 1] += margin;
    }
    float[] grid = new float[PLANE * PLANE * 2];
    for (int i = 0; i < PLANE * PLANE; i++) {
      int column = i % PLANE;
      int line = i / PLANE;
      grid[2 * i] = (float) (range[0] + (range[1] - range[0]) * (column + 0.5) / PLANE);
      grid[2 * i + 1] = (float) (range[2] + (range[3] - range[2]) * (line + 0.5) / PLANE);
    }
    Tensor outputs = model.predict(Tensor.of(grid, PLANE * PLANE, 2));
    Tensor likely = Choices.probabilities(outputs, settings.loss());
    int[] labels = result.targets().toIntArray();
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < Math.min(DOTS, labels.length); i++) {
      points.add(new double[] {x[2 * i], x[2 * i + 1], labels[i]});
    }
    Map<String, Object> plane = new LinkedHashMap<>();
    plane.put("side", PLANE);
    plane.put("names", inputNames());
    plane.put("range", range);
    plane.put("said", likely.argmax(1).toIntArray());
    plane.put("sure", hundredths(sureness(likely), 1));
    plane.put("points", points);
    page.put("plane", plane);
  }

  /** 0 where all classes are equally likely, 1 where one is certain. */
  private static Tensor sureness(Tensor likely) {
    double even = 1.0 / likely.size(1);
    return likely.max(1).sub(even).div(1 - even);
  }

  private List<Object> configuration() {
    List<Object> rows = new ArrayList<>();
    settings.toMap().forEach((key, value) -> rows.add(List.of(key, String.valueOf(value))));
    Environment.toMap().forEach((key, value) -> rows.add(List.of(key, String.valueOf(value))));
    rows.add(
        List.of(
            "finished",
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").format(LocalDateTime.now())));
    return rows;
  }
}
