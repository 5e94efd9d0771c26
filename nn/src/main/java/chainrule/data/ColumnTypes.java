package chainrule.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Decides what each column of a table is.
 *
 * <p>A column is numeric when all its cells that are not missing are finite numbers, and
 * categorical when at most half of them are. In between, a cell that is not a number is taken for a
 * mistake and refused, and so is ∞. Left out, with a notice: a column without any value, row
 * numbers, and a text column in which nearly every value is different, since nothing can be learned
 * from a name that does not come back. The caller's word overrules all of this.
 */
final class ColumnTypes {
  private static final int FEW = 20;
  private static final int MOST_CATEGORIES = 1000;
  private static final int ROWS_TO_JUDGE = 10;

  private final CsvTable table;
  private final TableOptions options;
  private final int[] rows;
  private final List<Integer> features = new ArrayList<>();
  private final Set<Integer> numeric = new HashSet<>();
  private final List<String> notices = new ArrayList<>();
  private final int target;

  ColumnTypes(CsvTable table, TableOptions options, int[] rows) {
    this.table = table;
    this.options = options;
    this.rows = rows;
    this.target = targetColumn(table, options);
    checkNames();
    for (int c = 0; c < table.header().size(); c++) {
      if (c != target && !options.drop().contains(table.header().get(c))) {
        decide(c);
      }
    }
    decideTarget();
    if (features.isEmpty()) {
      throw DataException.in(
          table.name(),
          "no column is left to predict %s from".formatted(DataException.quote(options.target())));
    }
  }

  static int targetColumn(CsvTable table, TableOptions options) {
    int target = table.column(options.target());
    if (target < 0) {
      throw DataException.in(
          table.name(),
          "there is no target column %s; the columns are %s"
              .formatted(DataException.quote(options.target()), columns(table)));
    }
    return target;
  }

  private static String columns(CsvTable table) {
    List<String> names = table.header();
    int shown = Math.min(names.size(), FEW);
    return names.stream().limit(shown).map(DataException::quote).collect(Collectors.joining(", "))
        + (shown < names.size() ? ", …" : "");
  }

  private void checkNames() {
    Set<String> named = new TreeSet<>(options.numeric());
    named.addAll(options.categorical());
    named.addAll(options.drop());
    for (String name : named) {
      if (table.column(name) < 0) {
        throw DataException.in(
            table.name(),
            "there is no column %s; the columns are %s"
                .formatted(DataException.quote(name), columns(table)));
      }
    }
  }

  /** The columns to predict from, in the order of the file. */
  List<Integer> features() {
    return features;
  }

  boolean isNumeric(int column) {
    return numeric.contains(column);
  }

  List<String> notices() {
    return notices;
  }

  private void decide(int c) {
    String name = table.header().get(c);
    String shown = DataException.quote(name);
    if (options.categorical().contains(name)) {
      features.add(c);
    } else if (count(c, cell -> true) == 0) {
      notices.add("column %s left out: all its cells are missing".formatted(shown));
    } else if (looksNumeric(c)) {
      if (!options.numeric().contains(name) && areRowNumbers(c)) {
        notices.add(
            "column %s left out: it numbers the rows (name it as numeric to keep it)"
                .formatted(shown));
      } else {
        features.add(c);
        numeric.add(c);
      }
    } else {
      int distinct = distinct(c).size();
      int present = count(c, cell -> true);
      if (hardlyRepeats(distinct, present)) {
        notices.add(
            "column %s left out: %d different texts in %d cells (name it as categorical to keep it)"
                .formatted(shown, distinct, present));
      } else {
        features.add(c);
      }
    }
  }

  private static boolean hardlyRepeats(int distinct, int present) {
    return distinct > MOST_CATEGORIES
        || (distinct > FEW && distinct > present / 2)
        || (distinct == present && present >= ROWS_TO_JUDGE);
  }

  private void decideTarget() {
    String name = options.target();
    if (options.categorical().contains(name)) {
      checkClasses();
    } else if (looksNumeric(target)) {
      numeric.add(target);
      Set<String> values = distinct(target);
      if (values.size() == 1) {
        throw DataException.in(
            table.name(),
            "target %s is %s in every row; there is nothing to learn"
                .formatted(
                    DataException.quote(name), DataException.quote(values.iterator().next())));
      }
      if (values.size() <= FEW && values.stream().allMatch(v -> isWhole(v))) {
        notices.add(
            "target %s is predicted as a number; its %d values are whole numbers (name it as"
                    .formatted(DataException.quote(name), values.size())
                + " categorical to predict classes)");
      }
    } else {
      checkClasses();
    }
  }

  private void checkClasses() {
    String name = DataException.quote(options.target());
    Set<String> values = distinct(target);
    if (values.size() == 1) {
      throw DataException.in(
          table.name(),
          "target %s has one class only, %s; at least two are needed"
              .formatted(name, DataException.quote(values.iterator().next())));
    }
    if (values.size() > MOST_CATEGORIES
        || (values.size() > FEW && values.size() > rows.length / 2)) {
      throw DataException.in(
          table.name(),
          "target %s has %d different values in %d rows, too many to be classes"
              .formatted(name, values.size(), rows.length));
    }
  }

  private boolean looksNumeric(int c) {
    boolean told = options.numeric().contains(table.header().get(c));
    int present = count(c, cell -> true);
    int numbers = count(c, Cells::isFiniteNumber);
    if (numbers == present) {
      return true;
    }
    int infinite = count(c, Cells::isInfinite);
    int commas = count(c, Cells::hasDecimalComma);
    boolean meant = told || numbers + infinite + commas == present || 2 * numbers > present;
    if (!meant) {
      return false;
    }
    for (int row : rows) {
      String cell = table.cell(row, c);
      if (!Cells.isMissing(cell) && !Cells.isFiniteNumber(cell)) {
        throw table.error(row, c, mistake(cell, told, numbers, present));
      }
    }
    throw new IllegalStateException("no cell explains why the column is not numeric");
  }

  private static String mistake(String cell, boolean told, int numbers, int present) {
    if (Cells.isInfinite(cell)) {
      return "is not a finite float";
    }
    if (Cells.hasDecimalComma(cell)) {
      return "has a decimal comma; numbers are written with a point";
    }
    return told
        ? "is not a number"
        : "is not a number, as %d of the column's %d cells are; correct it or name the column as"
                .formatted(numbers, present)
            + " categorical";
  }

  /** Whole numbers from 0 or 1 that grow by one, or different ones in an unnamed column. */
  private boolean areRowNumbers(int c) {
    if (rows.length < ROWS_TO_JUDGE) {
      return false;
    }
    if (table.header().get(c).equals(CsvTable.UNNAMED)
        && count(c, ColumnTypes::isWhole) == rows.length
        && distinct(c).size() == rows.length) {
      return true;
    }
    String first = table.cell(rows[0], c);
    double start = isWhole(first) ? Double.parseDouble(first) - rows[0] : -1;
    if (start != 0 && start != 1) {
      return false;
    }
    for (int row : rows) {
      String cell = table.cell(row, c);
      if (!isWhole(cell) || Double.parseDouble(cell) != start + row) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWhole(String cell) {
    return Cells.isFiniteNumber(cell) && Double.parseDouble(cell) % 1 == 0;
  }

  private interface Test {
    boolean holds(String cell);
  }

  private int count(int c, Test test) {
    int count = 0;
    for (int row : rows) {
      String cell = table.cell(row, c);
      if (!Cells.isMissing(cell) && test.holds(cell)) {
        count++;
      }
    }
    return count;
  }

  private Set<String> distinct(int c) {
    Set<String> values = new HashSet<>();
    for (int row : rows) {
      String cell = table.cell(row, c);
      if (!Cells.isMissing(cell)) {
        values.add(cell);
      }
    }
    return values;
  }
}
