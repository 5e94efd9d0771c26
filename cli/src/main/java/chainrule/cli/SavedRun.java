package chainrule.cli;

import chainrule.data.CsvTable;
import chainrule.data.DataException;
import chainrule.data.Dataset;
import chainrule.data.Preprocessing;
import chainrule.formats.Models;
import chainrule.formats.SavedModel;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A saved model together with rows that fit it. */
record SavedRun(SavedModel saved, ModelNotes notes) {

  static SavedRun load(Path file) {
    SavedModel saved = Models.load(file);
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
    if (options.samples == null && notes.samples() > 0 && kind.equals(notes.data())) {
      options.samples = notes.samples();
    }
    Loaded loaded =
        Sources.load(kind, options, new DataOptions.Columns(), notes.testShare(), notes.seed());
    Preprocessing steps = steps();
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
    int width = saved.model().parameters().getFirst().size(1);
    Shape sample = chosen.sampleShape();
    if (sample.size() != width || !chosen.classNames().equals(saved.classNames())) {
      throw new UsageException(
          "the model takes %d inputs and knows %d classes; %s has %d and %d"
              .formatted(
                  width,
                  saved.classNames().size(),
                  kind,
                  sample.size(),
                  chosen.classNames().size()));
    }
    return chosen;
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
    int width = saved.model().parameters().getFirst().size(1);
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
