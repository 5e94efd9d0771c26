package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvTableTest {
  private static CsvTable parse(String text) {
    return CsvTable.parse("t.csv", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("t.csv:")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @Test
  void readsWhatProgramsWrite() {
    for (String form :
        new String[] {
          "a,b\n1,x\n2,\"y, z\"\n",
          "\uFEFFa,b\r\n1,x\r\n2,\"y, z\"\r\n",
          "a;b\n1;x\n2;y, z",
          "a\tb\n1\tx\n\n2\ty, z\n\n",
          " a , \"b\" \n 1 , x \n 2 , \"y, z\" \n  \n"
        }) {
      CsvTable table = parse(form);
      assertThat(table.header()).containsExactly("a", "b");
      assertThat(table.rows()).isEqualTo(2);
      assertThat(table.cell(0, 1)).isEqualTo("x");
      assertThat(table.cell(1, 1)).isEqualTo("y, z");
      assertThat(table.column("b")).isEqualTo(1);
      assertThat(table.column("c")).isEqualTo(-1);
    }
  }

  @Test
  void linesAreTheFilesOwn() {
    CsvTable table = parse("a,b\n\n1,\"two\nlines\"\n3,4\n");
    assertThat(table.line(0)).isEqualTo(3);
    assertThat(table.line(1)).isEqualTo(5);
    assertThat(table.cell(0, 1)).isEqualTo("two\nlines");
  }

  @Test
  void refusesDamage() {
    refused("", "the file is empty");
    refused(" \n\n", "the file is empty");
    refused("a,b\n", "no row after the names");
    refused("a,b\n1,2\n3\n", "t.csv:3: the row has 1 cells, the header names 2 columns");
    refused("a,b\n1,2,3\n", "t.csv:2: the row has 3 cells");
    refused("a,b,a\n1,2,3\n", "t.csv:1: columns 1 and 3 are both named 'a'");
    refused("a,,c\n1,2,3\n", "t.csv:1: column 2 has no name");
    refused("5.1,3.5\n4.9,3\n", "t.csv:1: the first line holds numbers only");
    refused("a,b\n1,\"2\n3,4\n", "t.csv:2: not a CSV row");
    refused("a,b\n\n\n1,\"2\"x\n", "t.csv:4: not a CSV row");
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    byte[] latin = "a,b\n1,2\n1,Stra\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> CsvTable.parse("t.csv", latin))
        .isInstanceOf(DataException.class)
        .hasMessage("t.csv:3: byte 0xdf is not UTF-8; save the file as UTF-8");
  }

  @Test
  void readsFiles(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("f.csv"), "a\n1\n");
    assertThat(CsvTable.read(file).name()).isEqualTo(file.toString());
    Path none = folder.resolve("none.csv");
    assertThatThrownBy(() -> CsvTable.read(none))
        .isInstanceOf(DataException.class)
        .hasMessage(none + ": there is no such file");
    assertThatThrownBy(() -> CsvTable.read(folder))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(folder + ": cannot be read");
  }

  @Test
  void whatCannotFitIsRefusedBeforehand() {
    Memory.require("t.csv", 1 << 20);
    assertThatThrownBy(() -> Memory.require("t.csv", 1L << 60))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("t.csv: about 1099511627776 MB of memory are needed");
  }

  @Test
  void numbersAreDecimalNumbersOnly() {
    for (String yes : new String[] {"1", "-1.5", "+.5", "5.", "1e3", "1.5E-07", "007"}) {
      assertThat(Cells.isNumber(yes)).as(yes).isTrue();
    }
    for (String no :
        new String[] {
          "", ".", "-", "1e", "e5", "1d", "0x1p3", "NaN", "Infinity", "1,5", "1 000", "١"
        }) {
      assertThat(Cells.isNumber(no)).as(no).isFalse();
    }
    for (String infinite : new String[] {"inf", "-Infinity", "+INF", "∞", "1e39", "-1e999"}) {
      assertThat(Cells.isInfinite(infinite)).as(infinite).isTrue();
    }
    for (String missing : new String[] {"", "?", "NA", "NaN", "nan", "na"}) {
      assertThat(CsvTable.isMissing(missing)).as(missing).isTrue();
    }
  }
}
