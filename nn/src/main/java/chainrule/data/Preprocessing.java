package chainrule.data;

import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a table's cells to numbers, as they were learned from the training rows.
 *
 * <p>A numeric column becomes (v − mean) / std with the mean and the population standard deviation
 * of its training cells; a missing cell becomes the mean, and a column that never varied becomes 0.
 * A categorical column becomes one column for each category of the training rows, in sorted order,
 * with a single 1; a missing cell becomes the most frequent category (the first of equals). A
 * numeric target is standardised in the same way, and {@link #decodeTarget} leads back to its
 * units.
 *
 * <p>The steps are saved with a model ({@link #toMap}, {@link #fromMap}) and repeated on new rows.
 * Columns are then found by name, in any order, and others ignored:
 *
 * <pre>{@code
 * var encoded = preprocessing.transform(CsvTable.read(path), false);
 * var logits = model.predict(encoded.x());
 * }</pre>
 */
public final class Preprocessing {
  private static final int WIDEST = 100_000;
  private static final long MOST_NUMBERS = Integer.MAX_VALUE - 8;

  private final List<Feature> features;
  private final Target target;
  private final int width;

  /** A column to predict from. */
  sealed interface Feature {
    String name();
  }

  record Numeric(String name, double mean, double std) implements Feature {
    double encode(double value) {
      return (value - mean) / std;
    }
  }

  record Categorical(String name, List<String> categories, String fill) implements Feature {}

  /** What is predicted: one of some classes, or a number. */
  sealed interface Target {
    String name();
  }

  record Classes(String name, List<String> classes) implements Target {}

  record Amount(String name, double mean, double std) implements Target {}

  /**
   * Encoded rows.
   *
   * @param x F32, n × {@link #width}
   * @param filled how many missing cells were filled
   * @param unknown how many cells held a category that the training rows did not have
   */
  public record Encoded(Tensor x, int filled, int unknown) {}

  Preprocessing(List<Feature> features, Target target) {
    this.features = List.copyOf(features);
    this.target = target;
    int sum = 0;
    for (Feature feature : features) {
      sum += feature instanceof Categorical c ? c.categories().size() : 1;
      if (sum > WIDEST) {
        throw new DataException(
            "one-hot coding needs more than %d columns; leave out columns with many categories"
                .formatted(WIDEST));
      }
    }
    this.width = sum;
  }

  /** The number of columns after encoding. */
  public int width() {
    return width;
  }

  /** The name of the predicted column. */
  public String targetName() {
    return target.name();
  }

  /** The names of the classes, sorted; empty for a numeric target. */
  public List<String> classNames() {
    return target instanceof Classes c ? c.classes() : List.of();
  }

  /** The columns that a table must have, in the order of the training table. */
  public List<String> columns() {
    return features.stream().map(Feature::name).toList();
  }

  /** The names of the encoded columns: the column, or {@code column=category}. */
  public List<String> featureNames() {
    List<String> names = new ArrayList<>();
    for (Feature feature : features) {
      if (feature instanceof Categorical c) {
        c.categories().forEach(category -> names.add(c.name() + "=" + category));
      } else {
        names.add(feature.name());
      }
    }
    return List.copyOf(names);
  }

  /** How many units of a numeric target one encoded unit is; 1 for classes. */
  public double targetScale() {
    return target instanceof Amount a ? a.std() : 1;
  }

  /**
   * Predictions in the units of the target: y · std + mean; classes' scores come back as they are.
   *
   * @param prediction F32 or F64, any shape
   */
  public Tensor decodeTarget(Tensor prediction) {
    if (!(target instanceof Amount a)) {
      return prediction;
    }
    int[] shape = prediction.shape().toArray();
    double[] values = prediction.toDoubleArray();
    float[] decoded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      decoded[i] = (float) (values[i] * a.std() + a.mean());
    }
    return Tensor.of(decoded, shape);
  }

  /**
   * Encodes the rows of a table.
   *
   * @param ignoreUnknown whether a category that the training rows did not have becomes zeros; else
   *     it is refused with its line
   * @throws DataException naming the missing column, or the line, column and cell that is wrong
   */
  public Encoded transform(CsvTable table, boolean ignoreUnknown) {
    return encode(table, IntStream.range(0, table.rows()).toArray(), ignoreUnknown);
  }

  /**
   * Encodes the rows of a table together with their target.
   *
   * @throws DataException as {@link #transform} does, and for a target that is missing or unknown
   */
  public Dataset dataset(CsvTable table, boolean ignoreUnknown) {
    int[] rows = IntStream.range(0, table.rows()).toArray();
    return dataset(table, rows, encode(table, rows, ignoreUnknown).x());
  }

  Dataset dataset(CsvTable table, int[] rows, Tensor x) {
    int column = table.column(target.name());
    if (column < 0) {
      throw DataException.in(
          table.name(),
          "there is no target column %s".formatted(DataException.quote(target.name())));
    }
    String name = Tabular.shortName(table);
    Dataset set =
        switch (target) {
          case Classes c -> {
            Map<String, Integer> labels = positions(c.classes());
            int[] y = new int[rows.length];
            for (int i = 0; i < y.length; i++) {
              Integer label = labels.get(table.cell(rows[i], column));
              if (label == null) {
                throw Cells.isMissing(table.cell(rows[i], column))
                    ? missingTarget(table, rows[i], c.name())
                    : table.error(rows[i], column, "is not a class that the model knows");
              }
              y[i] = label;
            }
            yield Dataset.classification(name, x, Tensor.of(y), c.classes());
          }
          case Amount a -> {
            Numeric scale = new Numeric(a.name(), a.mean(), a.std());
            float[] y = new float[rows.length];
            for (int i = 0; i < y.length; i++) {
              y[i] = number(table, rows[i], column, scale);
            }
            yield Dataset.regression(name, x, Tensor.of(y, y.length, 1));
          }
        };
    return set.withFeatureNames(featureNames());
  }

  Encoded encode(CsvTable table, int[] rows, boolean ignoreUnknown) {
    if ((long) rows.length * width > MOST_NUMBERS) {
      throw DataException.in(
          table.name(),
          "%d rows of %d encoded columns do not fit into a tensor; leave out columns"
              .formatted(rows.length, width));
    }
    Memory.require(table.name(), 2L * Float.BYTES * rows.length * width);
    int[] columns = new int[features.size()];
    for (int f = 0; f < columns.length; f++) {
      String name = features.get(f).name();
      columns[f] = table.column(name);
      if (columns[f] < 0) {
        throw DataException.at(
            table.name(),
            1,
            "there is no column %s, which the model needs".formatted(DataException.quote(name)));
      }
    }
    float[] x = new float[rows.length * width];
    int filled = 0;
    int unknown = 0;
    int offset = 0;
    for (int f = 0; f < columns.length; f++) {
      int column = columns[f];
      switch (features.get(f)) {
        case Numeric n -> {
          for (int i = 0; i < rows.length; i++) {
            if (Cells.isMissing(table.cell(rows[i], column))) {
              filled++;
            } else {
              x[i * width + offset] = number(table, rows[i], column, n);
            }
          }
          offset++;
        }
        case Categorical c -> {
          Map<String, Integer> categories = positions(c.categories());
          for (int i = 0; i < rows.length; i++) {
            String cell = table.cell(rows[i], column);
            boolean missing = Cells.isMissing(cell);
            filled += missing ? 1 : 0;
            Integer at = categories.get(missing ? c.fill() : cell);
            if (at != null) {
              x[i * width + offset + at] = 1;
            } else if (!missing && !ignoreUnknown) {
              throw table.error(
                  rows[i], column, "is a category that the training rows did not have");
            } else {
              unknown += missing ? 0 : 1;
            }
          }
          offset += c.categories().size();
        }
      }
    }
    return new Encoded(Tensor.of(x, rows.length, width), filled, unknown);
  }

  private static float number(CsvTable table, int row, int column, Numeric scale) {
    String cell = table.cell(row, column);
    if (Cells.isMissing(cell)) {
      throw missingTarget(table, row, scale.name());
    }
    if (!Cells.isNumber(cell)) {
      throw table.error(row, column, Cells.isInfinite(cell) ? "is not finite" : "is not a number");
    }
    float value = (float) scale.encode(Double.parseDouble(cell));
    if (!Float.isFinite(value)) {
      throw table.error(row, column, "is beyond the range of a float");
    }
    return value;
  }

  private static DataException missingTarget(CsvTable table, int row, String target) {
    return DataException.at(
        table.name(),
        table.line(row),
        "the target %s is missing".formatted(DataException.quote(target)));
  }

  private static Map<String, Integer> positions(List<String> names) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      positions.put(names.get(i), i);
    }
    return positions;
  }

  /** The steps as plain JSON values. */
  public Map<String, Object> toMap() {
    List<Object> columns = new ArrayList<>();
    for (Feature feature : features) {
      Map<String, Object> column = new LinkedHashMap<>();
      column.put("name", feature.name());
      switch (feature) {
        case Numeric n -> {
          column.put("type", "numeric");
          column.put("mean", n.mean());
          column.put("std", n.std());
        }
        case Categorical c -> {
          column.put("type", "categorical");
          column.put("categories", c.categories());
          column.put("fill", c.fill());
        }
      }
      columns.add(column);
    }
    Map<String, Object> goal = new LinkedHashMap<>();
    goal.put("name", target.name());
    switch (target) {
      case Classes c -> goal.put("classes", c.classes());
      case Amount a -> {
        goal.put("mean", a.mean());
        goal.put("std", a.std());
      }
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("columns", columns);
    map.put("target", goal);
    return Collections.unmodifiableMap(map);
  }

  /**
   * The steps from the values that {@link #toMap} gave; every field is checked.
   *
   * @param place the file or field that they come from, for messages
   */
  public static Preprocessing fromMap(String place, Map<String, Object> map) {
    return PreprocessingReader.read(place, map);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Preprocessing p
        && features.equals(p.features)
        && target.equals(p.target);
  }

  @Override
  public int hashCode() {
    return 31 * features.hashCode() + target.hashCode();
  }

  /** The columns and the target, for reading. */
  @Override
  public String toString() {
    return "%s from %s".formatted(target.name(), columns());
  }
}
