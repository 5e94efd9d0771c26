package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.conformance.Cell;
import chainrule.conformance.Conformance;
import chainrule.conformance.Kind;
import chainrule.conformance.Row;
import chainrule.conformance.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule conformance}. */
@Command(
    name = "conformance",
    description = {
      "Hold every layer, loss, optimizer and schedule to PyTorch's numbers.",
      "",
      "A row for each class and set of options: the largest deviation from what PyTorch computed,"
          + " as a share of the largest number (at most 1e-10 in F64, 1e-5 in F32; the worse of the"
          + " two is shown), from differences (orders 1 and 2), and what else must hold. Exit code"
          + " 1 if a cell fails."
    },
    footerHeading = "%nExamples%n",
    footer = {"  chainrule conformance", "  chainrule conformance conv2d adam --json"})
final class ConformanceCommand implements Callable<Integer> {
  private static final String TICK = "✓";
  private static final String CROSS = "FAILED";
  private static final String NONE = "–";

  @ParentCommand private @Nullable Main main;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Only rows whose name contains one of these.")
  private List<String> names = List.of();

  @Option(names = "--json", description = "Print a JSON object for each row and one at the end.")
  private boolean json;

  @Option(names = "--digests", hidden = true, description = "Print a hash of every row's results.")
  private boolean digests;

  /** What came of the rows so far. */
  private static final class Tally {
    int cells;
    int rows;
    final List<String> failures = new ArrayList<>();
    final Map<String, List<String>> notApplicable = new LinkedHashMap<>();
  }

  @Override
  public Integer call() {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    if (digests) {
      terminal.out().println(JsonText.of(Conformance.digests(this::wanted)));
      terminal.out().flush();
      return Main.DONE;
    }
    chosen(Conformance.rows(Map.of()));
    List<Row> rows = chosen(Conformance.rows(OtherKernels.digests(names)));
    Tally tally = new Tally();
    for (Kind kind : Kind.values()) {
      table(terminal, kind, rows.stream().filter(row -> row.kind() == kind).toList(), tally);
    }
    boolean passed = tally.failures.isEmpty();
    if (json) {
      Map<String, Object> end = new LinkedHashMap<>();
      end.put("rows", tally.rows);
      end.put("cells", tally.cells);
      end.put("failed", tally.failures.size());
      end.put("passed", passed);
      terminal.out().println(JsonText.of(end));
    } else {
      tally.notApplicable.forEach(
          (reason, columns) ->
              terminal
                  .out()
                  .println(
                      terminal.dim(
                          "%s  %s: %s"
                              .formatted(
                                  NONE, String.join(", ", new TreeSet<>(columns)), reason))));
      terminal.out().println();
      String held = passed ? "all hold" : "%d fail".formatted(tally.failures.size());
      terminal
          .out()
          .println(terminal.bold("%d rows, %d cells: %s".formatted(tally.rows, tally.cells, held)));
    }
    terminal.out().flush();
    return passed ? Main.DONE : Main.FAILED;
  }

  private void table(Terminal terminal, Kind kind, List<Row> rows, Tally tally) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> columns = Conformance.columns(kind);
    int width = rows.stream().mapToInt(row -> row.title().length()).max().orElse(0);
    if (!json) {
      StringBuilder header = new StringBuilder(padded(kind.plural(), width));
      columns.forEach(column -> header.append("  ").append(centred(column)));
      terminal.out().println(terminal.dim(header.toString().stripTrailing()));
    }
    for (Row row : rows) {
      tally.rows++;
      Map<String, Verdict> verdicts = new LinkedHashMap<>();
      for (Cell cell : row.cells()) {
        Verdict verdict = cell.verdict();
        verdicts.put(cell.name(), verdict);
        tally.cells++;
        if (!verdict.passed()) {
          tally.failures.add(row.title() + " / " + cell.name() + ": " + verdict.detail());
        }
        if (verdict.state() == Verdict.State.NOT_APPLICABLE) {
          tally
              .notApplicable
              .computeIfAbsent(verdict.detail(), _ -> new ArrayList<>())
              .add(cell.name());
        }
      }
      if (json) {
        terminal.out().println(JsonText.of(object(row, verdicts)));
      } else {
        StringBuilder line = new StringBuilder(padded(row.title(), width));
        columns.forEach(
            column -> line.append("  ").append(padded(shown(verdicts.get(column)), size(column))));
        terminal.out().println(line.toString().stripTrailing());
        verdicts.forEach(
            (column, verdict) -> {
              if (!verdict.passed()) {
                terminal.out().println("    failed: " + column + ": " + verdict.detail());
              }
            });
      }
      terminal.out().flush();
    }
    if (!json) {
      terminal.out().println();
    }
  }

  private static int size(String column) {
    return Math.max(column.length(), 9);
  }

  private static String centred(String column) {
    return padded(column, size(column));
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String shown(@Nullable Verdict verdict) {
    if (verdict == null || verdict.state() == Verdict.State.NOT_APPLICABLE) {
      return NONE;
    }
    if (!verdict.passed()) {
      return CROSS;
    }
    return verdict.error() == 0
        ? TICK
        : TICK + String.format(Locale.ROOT, " %.0e", verdict.error());
  }

  private static Map<String, Object> object(Row row, Map<String, Verdict> verdicts) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", row.kind().name().toLowerCase(Locale.ROOT));
    map.put("subject", row.subject());
    map.put("name", row.name());
    Map<String, Object> cells = new LinkedHashMap<>();
    verdicts.forEach(
        (column, verdict) -> {
          Map<String, Object> cell = new LinkedHashMap<>();
          cell.put("state", verdict.state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
          cell.put("error", verdict.error());
          cell.put("detail", verdict.detail());
          cells.put(column, cell);
        });
    map.put("cells", cells);
    map.put("passed", verdicts.values().stream().allMatch(Verdict::passed));
    return map;
  }

  private List<Row> chosen(List<Row> all) {
    List<Row> rows = all.stream().filter(row -> wanted(row.title())).toList();
    if (rows.isEmpty()) {
      String near = Nearest.to(names.getFirst(), all.stream().map(Row::subject).toList());
      throw new UsageException(
          "no row's name contains %s%s"
              .formatted(
                  String.join(" or ", names),
                  near.isEmpty() ? "" : "; did you mean " + near + "?"));
    }
    return rows;
  }

  private boolean wanted(String title) {
    String lower = title.toLowerCase(Locale.ROOT);
    return names.isEmpty()
        || names.stream().anyMatch(n -> lower.contains(n.toLowerCase(Locale.ROOT)));
  }
}
