package chainrule.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A table made ready for training: two sets of numbers, and the steps that made them.
 *
 * <p>What a column is (numeric, categorical, left out) and the names of the classes come from all
 * rows; every figure (mean, standard deviation, filled-in values, the list of categories) comes
 * from the training rows alone, so that the test rows steer nothing. A category that only the test
 * rows have becomes zeros there.
 *
 * <p>A column is numeric when all its cells are finite numbers, and categorical when at most half
 * of them are; in between, the first cell that is not a number is refused, as ∞ is. Left out, with
 * a notice, are row numbers, columns without any value, and text columns in which nearly every
 * value is different: all of them, or more than half and more than 20, or more than 1,000. A
 * numeric target is regression; a text target, or one named as categorical, is classification.
 *
 * <pre>{@code
 * var flowers = Tabular.prepare(
 *     CsvTable.read(Path.of("flowers.csv")), TableOptions.target("species"), 0.2, seed);
 * flowers.train();           // a Dataset
 * flowers.preprocessing();   // saved with the model
 * }</pre>
 *
 * @param train the training rows, encoded
 * @param test the test rows, encoded
 * @param preprocessing the steps, for the rows to come
 * @param filledCells how many missing cells were filled
 * @param droppedRows how many rows were left out because they have no target
 * @param notices what was decided on the way, a sentence each
 */
public record Tabular(
    Dataset train,
    Dataset test,
    Preprocessing preprocessing,
    int filledCells,
    int droppedRows,
    List<String> notices) {
  /** Keeps its own copy of the notices. */
  public Tabular {
    notices = List.copyOf(notices);
  }

  /**
   * Splits a table as {@link Dataset#split} does, learns the steps from the training part and
   * encodes both.
   *
   * @throws DataException naming the line, column and cell, or the column, that is wrong
   */
  public static Tabular prepare(
      CsvTable table, TableOptions options, double testFraction, long seed) {
    int target = ColumnTypes.targetColumn(table, options);
    int[] rows = rowsWithTarget(table, target, options.dropMissingTargets());
    ColumnTypes types = new ColumnTypes(table, options, rows);
    List<String> notices = new ArrayList<>(types.notices());
    int dropped = table.rows() - rows.length;
    if (dropped > 0) {
      notices.add("%d rows without a target left out".formatted(dropped));
    }

    List<String> classes = types.isNumeric(target) ? List.of() : classes(table, target, rows);
    Splits.Rows parts = split(table, target, rows, classes, testFraction, seed);
    int[] trainRows = pick(rows, parts.train());
    int[] testRows = pick(rows, parts.test());
    Preprocessing steps = fit(table, types, options.target(), classes, trainRows);

    Preprocessing.Encoded train = steps.encode(table, trainRows, false);
    Preprocessing.Encoded test = steps.encode(table, testRows, true);
    int filled = train.filled() + test.filled();
    if (filled > 0) {
      notices.add("%d missing cells filled".formatted(filled));
    }
    if (test.unknown() > 0) {
      notices.add(
          "%d test cells hold a category that no training row has".formatted(test.unknown()));
    }
    return new Tabular(
        steps.dataset(table, trainRows, train.x()),
        steps.dataset(table, testRows, test.x()),
        steps,
        filled,
        dropped,
        notices);
  }

  /** The file's name without folder and ending. */
  static String shortName(CsvTable table) {
    String path = table.name();
    String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }

  private static int[] rowsWithTarget(CsvTable table, int target, boolean drop) {
    int[] rows =
        IntStream.range(0, table.rows())
            .filter(row -> !CsvTable.isMissing(table.cell(row, target)))
            .toArray();
    if (rows.length == 0) {
      throw DataException.in(
          table.name(),
          "the target %s is missing in every row"
              .formatted(DataException.quote(table.header().get(target))));
    }
    if (!drop) {
      for (int row = 0; row < table.rows(); row++) {
        if (row == rows.length || rows[row] != row) {
          throw DataException.at(
              table.name(),
              table.line(row),
              "the target %s is missing; fill it or leave such rows out"
                  .formatted(DataException.quote(table.header().get(target))));
        }
      }
    }
    return rows;
  }

  private static Splits.Rows split(
      CsvTable table, int target, int[] rows, List<String> classes, double fraction, long seed) {
    if (classes.isEmpty()) {
      return Splits.plain(table.name(), rows.length, fraction, seed);
    }
    Map<String, Integer> positions = new HashMap<>();
    classes.forEach(name -> positions.put(name, positions.size()));
    int[] labels =
        IntStream.of(rows).map(row -> positions.getOrDefault(table.cell(row, target), 0)).toArray();
    return Splits.stratified(table.name(), labels, classes.size(), fraction, seed);
  }

  private static int[] pick(int[] rows, int[] positions) {
    return IntStream.of(positions).map(i -> rows[i]).toArray();
  }

  /** Sorted as numbers where all are numbers, else as texts. */
  private static List<String> classes(CsvTable table, int target, int[] rows) {
    List<String> names =
        IntStream.of(rows).mapToObj(row -> table.cell(row, target)).distinct().toList();
    Comparator<String> order = Comparator.naturalOrder();
    if (names.stream().allMatch(Cells::isFiniteNumber)) {
      order = Comparator.<String>comparingDouble(Double::parseDouble).thenComparing(order);
    }
    return names.stream().sorted(order).toList();
  }

  private static Preprocessing fit(
      CsvTable table, ColumnTypes types, String target, List<String> classes, int[] rows) {
    List<Preprocessing.Feature> features = new ArrayList<>();
    for (int column : types.features()) {
      features.add(
          types.isNumeric(column)
              ? numeric(table, column, rows)
              : categorical(table, column, rows));
    }
    Preprocessing.Target goal;
    if (classes.isEmpty()) {
      Preprocessing.Numeric scale = numeric(table, table.column(target), rows);
      goal = new Preprocessing.Amount(target, scale.mean(), scale.std());
    } else {
      goal = new Preprocessing.Classes(target, classes);
    }
    try {
      return new Preprocessing(features, goal);
    } catch (DataException e) {
      throw new DataException(table.name() + ": " + e.getMessage(), e);
    }
  }

  private static Preprocessing.Numeric numeric(CsvTable table, int column, int[] rows) {
    double[] values =
        IntStream.of(rows)
            .mapToObj(row -> table.cell(row, column))
            .filter(cell -> !Cells.isMissing(cell))
            .mapToDouble(Double::parseDouble)
            .toArray();
    String name = table.header().get(column);
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      sum += value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (values.length == 0 || least == most) {
      return new Preprocessing.Numeric(name, values.length == 0 ? 0 : least, 1);
    }
    double mean = sum / values.length;
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    double std = Math.sqrt(squares / values.length);
    return new Preprocessing.Numeric(name, mean, std > 0 ? std : 1);
  }

  private static Preprocessing.Categorical categorical(CsvTable table, int column, int[] rows) {
    Map<String, Integer> counts = new TreeMap<>();
    for (int row : rows) {
      String cell = table.cell(row, column);
      if (!Cells.isMissing(cell)) {
        counts.merge(cell, 1, Integer::sum);
      }
    }
    String fill = "";
    int most = 0;
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        fill = entry.getKey();
      }
    }
    return new Preprocessing.Categorical(
        table.header().get(column), List.copyOf(counts.keySet()), fill);
  }
}
