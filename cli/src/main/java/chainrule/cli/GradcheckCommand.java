package chainrule.cli;

import chainrule.autograd.Laws;
import chainrule.cli.report.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule gradcheck}. */
@Command(
    name = "gradcheck",
    description = {
      "Hold every operation to its laws.",
      "",
      "A row for each operation: the largest deviation of its gradient (order 1, at most 1e-7) and"
          + " of its gradient's gradient (order 2, at most 1e-6) from differences, in F64, and how"
          + " many of all its laws hold. Exit code 1 if one fails."
    },
    footerHeading = "%nExamples%n",
    footer = {"  chainrule gradcheck", "  chainrule gradcheck tanh softmax --json"})
final class GradcheckCommand implements Callable<Integer> {
  private static final String ORDER_1 = "order 1";
  private static final String ORDER_2 = "order 2";

  @ParentCommand private @Nullable Main main;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Only operations whose name contains one of these.")
  private List<String> names = List.of();

  @Option(
      names = "--json",
      description = "Print a JSON object for each operation and one at the end.")
  private boolean json;

  /** What came of an operation's laws. */
  private static final class Tally {
    final Map<String, Double> orders = new LinkedHashMap<>();
    final List<String> failures = new ArrayList<>();
    int laws;

    String order(String law) {
      Double error = orders.get(law);
      return error == null ? "–" : String.format(Locale.ROOT, "%.1e", error);
    }
  }

  @Override
  public Integer call() {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    List<Laws.Row> rows = chosen(Laws.rows());
    int width = rows.stream().mapToInt(row -> row.op().length()).max().orElse(0);
    int laws = 0;
    int failedLaws = 0;
    int failedOps = 0;
    if (!json) {
      String header = "%-" + width + "s  %8s  %8s  %s";
      terminal.out().println(terminal.dim(header.formatted("op", ORDER_1, ORDER_2, "laws")));
    }
    for (Laws.Row row : rows) {
      Tally tally = tried(row);
      laws += tally.laws;
      failedLaws += tally.failures.size();
      failedOps += tally.failures.isEmpty() ? 0 : 1;
      if (json) {
        terminal.out().println(JsonText.of(object(row, tally)));
      } else {
        String line = "%-" + width + "s  %8s  %8s  %s";
        terminal
            .out()
            .println(
                line.formatted(
                    row.op(), tally.order(ORDER_1), tally.order(ORDER_2), verdict(tally)));
        tally.failures.forEach(failure -> terminal.out().println("    " + failure));
      }
      terminal.out().flush();
    }
    boolean passed = failedLaws == 0;
    if (json) {
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("ops", rows.size());
      end.put("laws", laws);
      end.put("failed", failedLaws);
      end.put("passed", passed);
      terminal.out().println(JsonText.of(end));
    } else {
      String text =
          passed
              ? "%d operations, %d laws: all hold".formatted(rows.size(), laws)
              : "%d operations, %d laws: %d fail, in %d operations"
                  .formatted(rows.size(), laws, failedLaws, failedOps);
      terminal.out().println();
      terminal.out().println(terminal.bold(text));
    }
    return passed ? Main.DONE : Main.FAILED;
  }

  private List<Laws.Row> chosen(List<Laws.Row> all) {
    if (names.isEmpty()) {
      return all;
    }
    List<Laws.Row> rows =
        all.stream().filter(row -> names.stream().anyMatch(n -> fits(row, n))).toList();
    if (rows.isEmpty()) {
      String near = Nearest.to(names.getFirst(), all.stream().map(Laws.Row::op).toList());
      throw new UsageException(
          "no operation's name contains %s%s"
              .formatted(
                  String.join(" or ", names),
                  near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }
    return rows;
  }

  private static boolean fits(Laws.Row row, String name) {
    return row.op().toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT));
  }

  private static Tally tried(Laws.Row row) {
    Tally tally = new Tally();
    for (Laws.Law law : row.laws()) {
      Laws.Verdict verdict = law.verdict();
      tally.laws++;
      if (law.name().equals(ORDER_1) || law.name().equals(ORDER_2)) {
        tally.orders.merge(law.name(), verdict.error(), Math::max);
      }
      if (!verdict.passed()) {
        tally.failures.add("failed: " + row.title(law) + ": " + verdict.detail());
      }
    }
    return tally;
  }

  private static String verdict(Tally tally) {
    return "%d of %d".formatted(tally.laws - tally.failures.size(), tally.laws)
        + (tally.failures.isEmpty() ? "" : "  FAILED");
  }

  private static Map<String, Object> object(Laws.Row row, Tally tally) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("op", row.op());
    map.put("order1", tally.orders.getOrDefault(ORDER_1, Double.NaN));
    map.put("order2", tally.orders.getOrDefault(ORDER_2, Double.NaN));
    map.put("laws", tally.laws);
    map.put("passed", tally.failures.isEmpty());
    if (!tally.failures.isEmpty()) {
      map.put("failures", tally.failures);
    }
    return map;
  }
}
