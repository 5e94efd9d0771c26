package chainrule.cli;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.train.History;
import chainrule.train.TrainListener;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Numbers, tables, suggestions and the progress line. */
class TextTest {

  @Test
  void numbersAreShort() {
    assertThat(Terminal.number(0.071234)).isEqualTo("0.07123");
    assertThat(Terminal.number(123.456)).isEqualTo("123.5");
    assertThat(Terminal.number(12345.6)).isEqualTo("12346");
    assertThat(Terminal.number(0)).isEqualTo("0.0");
    assertThat(Terminal.number(1e-9)).isEqualTo("1.000e-09");
    assertThat(Terminal.number(Double.NaN)).isEqualTo("–");
    assertThat(Terminal.percent(0.98123)).isEqualTo("98.1 %");
    assertThat(Terminal.count(1234567.2)).isEqualTo("1,234,567");
  }

  @Test
  void theNearestWordIsTheOneMeant() {
    List<String> words = List.of("--epochs", "--batch", "--lr");
    assertThat(Nearest.to("--epcohs", words)).isEqualTo("--epochs");
    assertThat(Nearest.to("--bath", words)).isEqualTo("--batch");
    assertThat(Nearest.to("--wholly-different", words)).isEmpty();
    assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
  }

  private static String progress(boolean interactive, boolean colour, int epochs) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    Progress progress = new Progress(new Terminal(writer, writer, interactive, colour));
    for (int e = 1; e <= epochs; e++) {
      progress.epochStarted(e, epochs);
      progress.batchDone(new TrainListener.BatchEvent(e, 1, 2, 8, 0.5, 0.5, 0.75, 1000));
      var epoch = new History.Epoch(e, 0.5, 0.75, Double.NaN, Double.NaN, 0.1, 1, 1000, Map.of());
      progress.epochDone(new TrainListener.EpochEvent(epoch, epochs, false));
    }
    return out.toString();
  }

  @Test
  void redirectedProgressIsPlainLines() {
    assertThat(progress(false, false, 2))
        .isEqualTo(
            """
            epoch 1/2  loss 0.5000     accuracy 75.0 %   1,000 rows/s
            epoch 2/2  loss 0.5000     accuracy 75.0 %   1,000 rows/s
            """);
    assertThat(progress(false, false, 100).lines()).hasSize(21);
  }

  @Test
  void aTerminalHasABarAndColoursOnlyWhenWanted() {
    assertThat(progress(true, false, 2)).contains("\r").contains("━").doesNotContain("\u001b[36m");
    assertThat(progress(true, true, 2)).contains("\u001b[36m");
  }

  @Test
  void tablesAreAligned() {
    StringWriter out = new StringWriter();
    TextTable table = new TextTable("name", "n");
    table.row("a", "1,000");
    table.row("longer", "2");
    table.print(Terminal.plain(new PrintWriter(out), new PrintWriter(out)));
    assertThat(out.toString()).isEqualTo("name        n\na       1,000\nlonger      2\n");
  }
}
