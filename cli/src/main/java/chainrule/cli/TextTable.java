package chainrule.cli;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: the first column to the left, all others to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... header) {
    rows.add(List.of(header));
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  void print(Terminal terminal) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r).get(c);
        String blanks = " ".repeat(widths[c] - cell.length());
        line.append(c == 0 ? cell + blanks : "  " + blanks + cell);
      }
      String text = line.toString().stripTrailing();
      terminal.out().println(r == 0 ? terminal.dim(text) : text);
    }
    terminal.out().flush();
  }
}
