package chainrule.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of at most {@value #WIDTH} columns. */
final class Page {
  static final int WIDTH = 100;

  /** A blank at which no line is broken. */
  static final char TIED = '\u00a0';

  private final Terminal terminal;

  Page(Terminal terminal) {
    this.terminal = terminal;
  }

  void heading(String text) {
    terminal.out().println();
    terminal.out().println(terminal.bold(text));
  }

  void blank() {
    terminal.out().println();
  }

  /** A sentence. */
  void text(String text) {
    wrapped(text, "", "");
  }

  /** A line that is indented, and further where it goes on. */
  void line(String text) {
    wrapped(text, "  ", "      ");
  }

  private void wrapped(String text, String first, String next) {
    for (String line : wrap(text, first, next)) {
      terminal.out().println(line.replace(TIED, ' '));
    }
  }

  /** Breaks a text at blanks; a longer word has a line for itself. */
  static List<String> wrap(String text, String first, String next) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(next);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }
}
