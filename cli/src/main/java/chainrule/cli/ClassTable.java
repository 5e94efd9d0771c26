package chainrule.cli;

import chainrule.train.Confusion;
import chainrule.train.Evaluation;
import java.util.List;

/** Precision and recall of every class, as a table in plain text. */
final class ClassTable {
  private static final int MOST = 30;
  private static final int WIDEST = 24;

  private ClassTable() {}

  static void print(Terminal terminal, Evaluation evaluation, List<String> classes) {
    if (classes.size() > MOST) {
      return;
    }
    Confusion confusion = evaluation.confusion();
    TextTable table = new TextTable("class", "rows", "precision", "recall", "F1");
    for (int c = 0; c < classes.size(); c++) {
      String name = classes.get(c);
      table.row(
          name.length() > WIDEST ? name.substring(0, WIDEST - 1) + "…" : name,
          Terminal.count(confusion.actual(c)),
          Terminal.percent(confusion.precision(c)),
          Terminal.percent(confusion.recall(c)),
          Terminal.percent(confusion.f1(c)));
    }
    table.print(terminal);
  }
}
