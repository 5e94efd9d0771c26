package chainrule.cli;

import chainrule.data.CsvTable;
import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Preprocessing;
import chainrule.formats.Models;
import chainrule.formats.SavedModel;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A saved model together with rows that fit it. */
record SavedRun(SavedModel saved, ModelNotes notes) {

  /** Loads a model file, or the one in a run's folder. */
  static SavedRun load(Path given) {
    Path file = Files.isDirectory(given) ? given.resolve("model.safetensors") : given;
    SavedModel saved = Models.load(file);
    saved
        .model()
        .namedParameters()
        .forEach(
            (name, parameter) -> {
              for (float weight : parameter.toFloatArray()) {
                if (!Float.isFinite(weight)) {
                  throw DataException.in(
                      file.toString(), "tensor '%s' holds %s".formatted(name, weight));
                }
              }
            });
    return new SavedRun(saved, ModelNotes.of(saved.training()));
  }

  boolean isClassification() {
    return !saved.classNames().isEmpty();
  }

  private @Nullable Preprocessing steps() {
    return saved.preprocessing();
  }

  /** Rows with their targets. */
  Dataset labelled(String data, DataOptions options, RowOptions rows) {
    String kind = Sources.kind(data);
    if (!kind.equals(Sources.CSV)) {
      return builtIn(kind, options, rows);
    }
    CsvTable table = CsvTable.read(Path.of(data));
    Preprocessing steps = steps();
    if (steps != null) {
      return steps.dataset(table, options.ignoreUnknown);
    }
    int target = table.column("class");
    if (target < 0) {
      throw DataException.at(table.name(), 1, "there is no column 'class' with the true classes");
    }
    int[] labels = new int[table.rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = saved.classNames().indexOf(table.cell(row, target));
      if (labels[row] < 0) {
        throw DataException.at(
            table.name(),
            table.line(row),
            "'%s' is not a class that the model knows".formatted(table.cell(row, target)));
      }
    }
    return Dataset.classification(
        table.name(), plain(table), Tensor.of(labels), saved.classNames());
  }

  /** Rows to predict, a row each. */
  Tensor inputs(String data, DataOptions options, RowOptions rows) {
    String kind = Sources.kind(data);
    if (!kind.equals(Sources.CSV)) {
      return builtIn(kind, options, rows).x();
    }
    CsvTable table = CsvTable.read(Path.of(data));
    Preprocessing steps = steps();
    return steps != null ? steps.transform(table, options.ignoreUnknown).x() : plain(table);
  }

  /** The part of built-in data that the model's own seed and share decide. */
  private Dataset builtIn(String kind, DataOptions options, RowOptions rows) {
    if (kind.equals(notes.data()) && Sources.isGenerated(kind)) {
      if (options.samples == null && notes.samples() > 0) {
        options.samples = notes.samples();
      }
      options.noise = options.noise == null ? notes.noise() : options.noise;
    }
    Preprocessing steps = steps();
    DataOptions.Columns columns = new DataOptions.Columns();
    if (steps != null && kind.equals(notes.data())) {
      columns.target = steps.targetName();
    }
    Loaded loaded = Sources.load(kind, options, columns, notes.testShare(), notes.seed());
    if ((steps != null || loaded.preprocessing() != null)
        && !Objects.equals(steps, loaded.preprocessing())) {
      throw new UsageException(
          "%s is not the data that the model was trained on; give a CSV file".formatted(kind));
    }
    Dataset chosen =
        switch (rows.rows.toLowerCase(Locale.ROOT)) {
          case "test" -> loaded.test();
          case "train" -> loaded.train();
          case "all" -> both(loaded);
          default -> throw new UsageException("--rows " + rows.rows + ": test, train or all");
        };
    int width = width();
    Shape sample = chosen.sampleShape();
    if (sample.size() != width) {
      throw new UsageException(
          "the model takes %d inputs, a row of %s has %d".formatted(width, kind, sample.size()));
    }
    if (!chosen.classNames().equals(saved.classNames())) {
      throw new UsageException(
          "the model's classes are %s, those of %s are %s"
              .formatted(listed(saved.classNames()), kind, listed(chosen.classNames())));
    }
    return chosen;
  }

  /** How many numbers the model takes: as many as its training's rows had. */
  private int width() {
    return notes.inputs() > 0 ? notes.inputs() : saved.model().parameters().getFirst().size(1);
  }

  private static String listed(List<String> names) {
    int shown = Math.min(names.size(), 10);
    return String.join(", ", names.subList(0, shown)) + (shown < names.size() ? ", …" : "");
  }

  private static Dataset both(Loaded loaded) {
    Dataset train = loaded.train();
    Tensor x = Tensor.cat(0, train.x(), loaded.test().x());
    Tensor y = Tensor.cat(0, train.y(), loaded.test().y());
    return train.isClassification()
        ? Dataset.classification(train.name(), x, y, train.classNames())
        : Dataset.regression(train.name(), x, y);
  }

  /** For a model without preprocessing: its inputs, by name, as they are. */
  private Tensor plain(CsvTable table) {
    int width = width();
    List<String> names =
        notes.features().size() == width
            ? notes.features()
            : IntStream.range(0, width).mapToObj(i -> "pixel" + i).toList();
    float[] x = new float[table.rows() * width];
    for (int c = 0; c < width; c++) {
      int column = table.column(names.get(c));
      if (column < 0) {
        throw DataException.at(
            table.name(),
            1,
            "there is no column '%s', which the model needs".formatted(names.get(c)));
      }
      for (int row = 0; row < table.rows(); row++) {
        x[row * width + c] = number(table, row, column);
      }
    }
    return Tensor.of(x, table.rows(), width);
  }

  private static float number(CsvTable table, int row, int column) {
    String cell = table.cell(row, column);
    try {
      float value = Float.parseFloat(cell);
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw notFinite(table, row, column);
    }
    throw notFinite(table, row, column);
  }

  private static DataException notFinite(CsvTable table, int row, int column) {
    return DataException.at(
        table.name(),
        table.line(row),
        "'%s' in column '%s' is not a finite number"
            .formatted(table.cell(row, column), table.header().get(column)));
  }
}
