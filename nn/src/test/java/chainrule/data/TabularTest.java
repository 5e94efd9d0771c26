package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TabularTest {
  private static CsvTable parse(String text) {
    return CsvTable.parse("t.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  private static CsvTable table(String header, int rows, IntFunction<String> row) {
    return parse(
        header + "\n" + IntStream.range(0, rows).mapToObj(row).collect(Collectors.joining("\n")));
  }

  private static Tabular prepare(CsvTable table, TableOptions options) {
    return Tabular.prepare(table, options, 0.2, 1);
  }

  private static void refused(CsvTable table, TableOptions options, String message) {
    assertThatThrownBy(() -> prepare(table, options))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("t.csv:")
        .hasMessageContaining(message);
  }

  private static final TableOptions TARGET_Y = TableOptions.target("y");

  private static CsvTable flowers() {
    List<String> colours = List.of("red", "blue", "white");
    return table(
        "width,note,colour,y",
        60,
        i ->
            (i % 10 == 3 ? "NA" : Integer.toString(i))
                + ",flower "
                + i
                + ","
                + (i % 12 == 5 ? "" : colours.get(i % 3))
                + ","
                + (i % 2 == 0 ? "rose" : "aster"));
  }

  @Test
  void standardisesAndCodesWithTheTrainingRowsFigures() {
    Tabular t = prepare(flowers(), TARGET_Y);
    assertThat(t.train().classNames()).containsExactly("aster", "rose");
    assertThat(t.train().featureNames())
        .containsExactly("width", "colour=blue", "colour=red", "colour=white");
    assertThat(t.train().size()).isEqualTo(48);
    assertThat(t.test().classCounts()).containsExactly(6, 6);
    assertThat(t.filledCells()).isEqualTo(11);
    assertThat(t.notices())
        .containsExactly(
            "column 'note' left out: 60 different texts in 60 cells (name it as categorical to keep"
                + " it)",
            "11 missing cells filled");
    Tensor width = t.train().x().pick(1, 0).to(DType.F64);
    assertThat(width.mean().item()).isCloseTo(0, within(1e-6));
    float[] x = t.train().x().toFloatArray();
    for (int row = 0; row < 48; row++) {
      assertThat(x[4 * row + 1] + x[4 * row + 2] + x[4 * row + 3]).isEqualTo(1f);
    }
  }

  @Test
  void theTestRowsSteerNothing() {
    Tabular before = prepare(flowers(), TARGET_Y);
    float[] testWidths = before.test().x().pick(1, 0).toFloatArray();
    CsvTable changed =
        table(
            "width,colour,y",
            60,
            i -> {
              CsvTable old = flowers();
              float encoded =
                  before.preprocessing().transform(old, false).x().toFloatArray()[4 * i];
              boolean inTest = IntStream.range(0, 12).anyMatch(k -> testWidths[k] == encoded);
              boolean missing = CsvTable.isMissing(old.cell(i, 0));
              return (inTest && !missing ? "1000" : old.cell(i, 0))
                  + ","
                  + (inTest && !missing ? "green" : old.cell(i, 2))
                  + ","
                  + old.cell(i, 3);
            });
    Tabular after = prepare(changed, TARGET_Y);
    assertThat(after.preprocessing()).isEqualTo(before.preprocessing());
    assertThat(after.train().x().sameBits(before.train().x())).isTrue();
    assertThat(after.notices())
        .anySatisfy(n -> assertThat(n).contains("a category that no training row has"));
  }

  @Test
  void aNumericTargetIsRegressionInItsOwnUnits() {
    CsvTable table = table("a,y", 50, i -> i * i + "," + (100 + 3 * i));
    Tabular t = prepare(table, TARGET_Y);
    assertThat(t.train().isClassification()).isFalse();
    assertThat(t.train().y().to(DType.F64).mean().item()).isCloseTo(0, within(1e-6));
    Dataset all = t.preprocessing().dataset(table, false);
    float[] decoded = t.preprocessing().decodeTarget(all.y()).toFloatArray();
    for (int i = 0; i < 50; i++) {
      assertThat(decoded[i]).isCloseTo(100 + 3 * i, within(1e-3f));
    }
    assertThat(t.preprocessing().targetScale()).isBetween(30.0, 60.0);
  }

  @Test
  void wholeNumbersBecomeClassesWhenToldTo() {
    CsvTable table = table("a,y", 40, i -> (i * 7 % 5) + "," + (i % 11));
    assertThat(prepare(table, TARGET_Y).notices())
        .containsExactly(
            "target 'y' is predicted as a number; its 11 values are whole numbers (name it as"
                + " categorical to predict classes)");
    Tabular classes = prepare(table, TARGET_Y.categorical("y"));
    assertThat(classes.train().classNames())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    Tabular coded = prepare(table, TARGET_Y.categorical("a"));
    assertThat(coded.preprocessing().width()).isEqualTo(5);
  }

  @Test
  void rowNumbersAndEmptyColumnsAreLeftOut() {
    CsvTable table =
        table("Id,a,none,y", 30, i -> (i + 1) + "," + i % 4 + ",?," + (i % 2 == 0 ? "p" : "q"));
    Tabular t = prepare(table, TARGET_Y);
    assertThat(t.preprocessing().columns()).containsExactly("a");
    assertThat(t.notices()).hasSize(2);
    assertThat(prepare(table, TARGET_Y.numeric("Id")).preprocessing().columns())
        .containsExactly("Id", "a");
    CsvTable unnamed =
        table(",a,y", 30, i -> (i * 7 % 30) + "," + i % 4 + "," + (i % 2 == 0 ? "p" : "q"));
    assertThat(prepare(unnamed, TARGET_Y).preprocessing().columns()).containsExactly("a");
    assertThat(prepare(table, TARGET_Y.drop("a").numeric("Id")).preprocessing().columns())
        .containsExactly("Id");
    refused(table, TARGET_Y.drop("a"), "no column is left to predict 'y' from");
  }

  @Test
  void categoricalKeepsWhatWouldBeLeftOut() {
    Tabular t = prepare(flowers(), TARGET_Y.categorical("note"));
    assertThat(t.preprocessing().columns()).containsExactly("width", "note", "colour");
    assertThat(t.test().x().size(1)).isEqualTo(1 + 48 + 3);
  }

  @Test
  void constantColumnsBecomeZero() {
    Tabular t = prepare(table("a,b,y", 20, i -> "0.1," + i % 3 + "," + i % 4 * 2.5), TARGET_Y);
    float[] x = t.train().x().toFloatArray();
    for (int i = 0; i < x.length; i += 2) {
      assertThat(x[i]).isZero();
    }
  }

  @Test
  void refusesACellThatIsNotANumberWhereNumbersStand() {
    CsvTable one = table("a,y", 20, i -> (i == 7 ? "abc" : i) + "," + (i % 2 == 0 ? "p" : "q"));
    refused(
        one,
        TARGET_Y,
        "t.csv:9: 'abc' in column 'a' is not a number, as 19 of the column's 20 cells are; correct"
            + " it or name the column as categorical");
    refused(one, TARGET_Y.numeric("a"), "t.csv:9: 'abc' in column 'a' is not a number");
    assertThat(prepare(one, TARGET_Y.categorical("a")).preprocessing().width()).isEqualTo(16);
    for (String infinite : List.of("inf", "-Infinity", "1e60")) {
      refused(
          table("a,y", 20, i -> (i == 3 ? infinite : i) + "," + (i % 2 == 0 ? "p" : "q")),
          TARGET_Y,
          "t.csv:5: '" + infinite + "' in column 'a' is not a finite float");
    }
    refused(
        parse("a;y\n1,5;p\n2,5;q\n3;p\n4;q\n"),
        TARGET_Y,
        "t.csv:2: '1,5' in column 'a' has a decimal comma");
    refused(table("a,y", 20, i -> i + "," + (i == 4 ? "x" : i * 1.5)), TARGET_Y, "t.csv:6: 'x' in");
  }

  @Test
  void refusesTargetsThatTeachNothing() {
    refused(flowers(), TableOptions.target("species"), "there is no target column 'species'; the");
    refused(table("a,y", 20, i -> i + ",p"), TARGET_Y, "one class only, 'p'");
    refused(table("a,y", 20, i -> i + ",4"), TARGET_Y, "is '4' in every row");
    refused(table("a,y", 90, i -> i + ",n" + i), TARGET_Y, "90 different values in 90 rows");
    refused(table("a,y", 20, i -> i + ",?"), TARGET_Y, "missing in every row");
    CsvTable gap = table("a,y", 20, i -> i + "," + (i == 5 ? "" : i % 2 == 0 ? "p" : "q"));
    refused(gap, TARGET_Y, "t.csv:7: the target 'y' is missing");
    Tabular t = prepare(gap, TARGET_Y.dropMissingTargets(true).numeric("a"));
    assertThat(t.droppedRows()).isEqualTo(1);
    assertThat(t.train().size() + t.test().size()).isEqualTo(19);
  }

  @Test
  void refusesOptionsThatNameNoColumn() {
    refused(flowers(), TARGET_Y.numeric("wide"), "there is no column 'wide'; the columns are");
    assertThatThrownBy(() -> TARGET_Y.numeric("a").categorical("a"))
        .hasMessage(
            "column 'a' cannot be both categorical and numeric"
                .replace("categorical and numeric", "numeric and categorical"));
    assertThatThrownBy(() -> TARGET_Y.drop("y")).hasMessageContaining("cannot be dropped");
  }

  @Test
  void newRowsAreMatchedByName() {
    Preprocessing p = prepare(flowers(), TARGET_Y).preprocessing();
    Tensor x = p.transform(parse("extra,colour,width\n9,red,10\n9,,\n"), false).x();
    Tensor same = p.transform(parse("width,colour\n10,red\nNA,?\n"), false).x();
    assertThat(x.sameBits(same)).isTrue();
    assertThat(x.toFloatArray()[4]).isZero();
    assertThat(p.transform(parse("width,colour\n?,NA\n"), false).filled()).isEqualTo(2);
  }

  @Test
  void newRowsMustHaveTheColumnsAndKnownCategories() {
    Preprocessing p = prepare(flowers(), TARGET_Y).preprocessing();
    assertThatThrownBy(() -> p.transform(parse("width,color\n1,red\n"), false))
        .isInstanceOf(DataException.class)
        .hasMessage("t.csv:1: there is no column 'colour', which the model needs");
    CsvTable green = parse("width,colour,y\n1,red,rose\n2,green,rose\n");
    assertThatThrownBy(() -> p.transform(green, false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "t.csv:3: 'green' in column 'colour' is a category that the training rows did not"
                + " have");
    Preprocessing.Encoded ignored = p.transform(green, true);
    assertThat(ignored.unknown()).isEqualTo(1);
    assertThat(ignored.x().toFloatArray()).endsWith(0, 0, 0);
    assertThatThrownBy(() -> p.transform(parse("width,colour\n1,red\nwide,red\n"), false))
        .hasMessage("t.csv:3: 'wide' in column 'width' is not a number");
    assertThatThrownBy(() -> p.transform(parse("width,colour\n-inf,red\n"), true))
        .hasMessage("t.csv:2: '-inf' in column 'width' is not finite");
    assertThatThrownBy(() -> p.dataset(parse("width,colour\n1,red\n"), false))
        .hasMessage("t.csv: there is no target column 'y'");
    assertThatThrownBy(() -> p.dataset(parse("width,colour,y\n1,red,?\n"), false))
        .hasMessage("t.csv:2: the target 'y' is missing");
    assertThatThrownBy(() -> p.dataset(parse("width,colour,y\n1,red,tulip\n"), false))
        .hasMessage("t.csv:2: 'tulip' in column 'y' is not a class that the model knows");
  }
}
