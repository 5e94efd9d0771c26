package chainrule.cli;

import chainrule.cli.report.JsonText;
import chainrule.examples.reproduce.Experiment;
import chainrule.examples.reproduce.Figure;
import chainrule.examples.reproduce.Lab;
import chainrule.examples.reproduce.Reproductions;
import chainrule.formats.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule reproduce}. */
@Command(
    name = "reproduce",
    description = {
      "Compute published tables and curves again; list them without a name.",
      "",
      "Each figure is held to the published one. Exit code 1 if one is missed. Experiments whose"
          + " data are not in the folder are skipped."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule reproduce micrograd",
      "  chainrule reproduce --quick --data-dir data",
      "  chainrule reproduce --all --data-dir data --markdown reproduced.md"
    })
final class ReproduceCommand implements Callable<Integer> {
  private static final int COLUMNS = 100;

  @ParentCommand private @Nullable Main main;

  @Parameters(arity = "0..*", paramLabel = "NAME", description = "Experiments to run, in full.")
  private List<String> names = List.of();

  @Option(names = "--quick", description = "Run those that take minutes at most, shortened.")
  private boolean quick;

  @Option(names = "--all", description = "Run all of them in full; ten minutes on two processors.")
  private boolean all;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "The folder with names.txt, tinyshakespeare.txt and mnist/.")
  private @Nullable Path dataDir;

  @Option(names = "--json", description = "Print a JSON object for each figure and one at the end.")
  private boolean json;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder for report.html (runs/reproduce-TIME unless told).")
  private @Nullable Path out;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write the figures as a page of Markdown too.")
  private @Nullable Path markdown;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads compute; the result is the same to the bit.")
  private @Nullable Integer threads;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    if (names.isEmpty() && !quick && !all) {
      list(terminal);
      return Main.DONE;
    }
    if ((quick ? 1 : 0) + (all ? 1 : 0) + (names.isEmpty() ? 0 : 1) > 1) {
      throw new UsageException("names, --quick and --all exclude each other; give one");
    }
    if (dataDir != null && !Files.isDirectory(dataDir)) {
      throw new UsageException("--data-dir " + dataDir + ": there is no such folder");
    }
    if (threads != null) {
      if (threads < 1 || threads > 1024) {
        throw new UsageException("--threads " + threads + ": a number from 1 to 1024");
      }
      System.setProperty("chainrule.threads", Integer.toString(threads));
    }
    List<Experiment> chosen = chosen();
    RunFolder folder = RunFolder.of(out, "reproduce");
    folder.make();
    List<ReproduceReport.Result> results = new ArrayList<>();
    try {
      for (Experiment experiment : chosen) {
        results.add(run(experiment, terminal));
      }
    } catch (CancellationException interrupted) {
      terminal.err().println("chainrule: interrupted; the report holds what was finished");
    } finally {
      if (results.isEmpty()) {
        folder.abandon();
      }
    }
    folder.write("report.html", ReproduceReport.html(results));
    if (markdown != null) {
      AtomicFiles.writeText(markdown, ReproduceMarkdown.text(results));
    }
    return end(terminal, folder, results, results.size() < chosen.size());
  }

  private List<Experiment> chosen() {
    if (names.isEmpty()) {
      return Reproductions.all().stream().filter(e -> all || e.quick()).toList();
    }
    List<String> known = Reproductions.all().stream().map(Experiment::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        String near = Nearest.to(name, known);
        throw new UsageException(
            "there is no experiment '%s'%s"
                .formatted(
                    name,
                    near.isEmpty()
                        ? "; chainrule reproduce lists them"
                        : "; did you mean " + near + "?"));
      }
    }
    return Reproductions.all().stream().filter(e -> names.contains(e.name())).toList();
  }

  private void list(Terminal terminal) {
    for (Experiment e : Reproductions.all()) {
      if (json) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", e.name());
        line.put("source", e.source());
        line.put("expected", e.expected());
        line.put("quick", e.quickTime());
        line.put("time", e.time());
        line.put("data", e.data());
        terminal.out().println(JsonText.of(line));
        continue;
      }
      String takes =
          e.quick() ? "%s quick, %s in full".formatted(e.quickTime(), e.time()) : e.time();
      terminal.out().println(terminal.bold(e.name()));
      terminal.out().println("  source    " + e.source());
      terminal.out().println("  expected  " + e.expected());
      terminal.out().println("  takes     about " + takes);
      if (!e.data().isEmpty()) {
        terminal.out().println("  data      " + String.join(", ", e.data()));
      }
    }
  }

  private ReproduceReport.Result run(Experiment experiment, Terminal terminal) throws IOException {
    String name = experiment.name();
    if (!json) {
      terminal.out().println(terminal.bold(name) + "  " + experiment.source());
      terminal.out().flush();
    }
    String missing = missing(experiment);
    if (missing != null) {
      say(terminal, Map.of("experiment", name, "skipped", missing), "skipped: " + missing);
      return new ReproduceReport.Result(experiment, missing, List.of(), List.of(), List.of(), 0);
    }
    long started = System.nanoTime();
    Lab lab =
        new Lab(
            dataDir,
            !quick,
            text -> progress(terminal, text),
            figure -> say(terminal, toMap(name, figure), line(figure)));
    experiment.body().run(lab);
    double seconds = (System.nanoTime() - started) * 1e-9;
    for (String note : lab.notes()) {
      say(terminal, Map.of("experiment", name, "note", note), "note  " + note);
    }
    say(
        terminal,
        Map.of("experiment", name, "seconds", seconds),
        terminal.dim(String.format(Locale.ROOT, "%.1f s", seconds)));
    return new ReproduceReport.Result(
        experiment, "", lab.figures(), lab.plots(), lab.notes(), seconds);
  }

  private @Nullable String missing(Experiment experiment) {
    for (String file : experiment.data()) {
      if (dataDir == null) {
        return file + " is read from your folder; add --data-dir DIR";
      }
      if (!Files.exists(dataDir.resolve(file))) {
        return "%s is not there; put %s into that folder".formatted(dataDir.resolve(file), file);
      }
    }
    return null;
  }

  /** Says how far an experiment is; Ctrl-C ends it here. */
  private void progress(Terminal terminal, String text) {
    if (Objects.requireNonNull(main).interrupt().requested()) {
      throw new CancellationException("interrupted");
    }
    if (!json) {
      terminal.out().println(terminal.dim("      " + text + " …"));
      terminal.out().flush();
    }
  }

  private void say(Terminal terminal, Map<String, Object> map, String text) {
    terminal.out().println(json ? JsonText.of(map) : "  " + text);
    terminal.out().flush();
  }

  /** A figure in a line, or in two where a terminal would break it. */
  static String line(Figure f) {
    String name = "%s  %s:".formatted(f.reproduced() ? "ok  " : "MISS", f.what());
    String numbers =
        "expected %s, got %s, difference %s"
            .formatted(f.expected(), Figure.text(f.got()), Terminal.number(f.difference()));
    boolean fits = name.length() + numbers.length() + 3 <= COLUMNS;
    return name + (fits ? " " : "\n        ") + numbers;
  }

  private static Map<String, Object> toMap(String name, Figure f) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("experiment", name);
    map.put("figure", f.what());
    map.put("expected", f.expected());
    map.put("got", f.got());
    map.put("difference", f.difference());
    map.put("reproduced", f.reproduced());
    return map;
  }

  private int end(
      Terminal terminal,
      RunFolder folder,
      List<ReproduceReport.Result> results,
      boolean interrupted) {
    List<Figure> figures = results.stream().flatMap(r -> r.figures().stream()).toList();
    long missed = figures.stream().filter(f -> !f.reproduced()).count();
    long skipped = results.stream().filter(r -> !r.skipped().isEmpty()).count();
    if (json) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("figures", figures.size());
      map.put("missed", missed);
      map.put("skipped", skipped);
      map.put("report", folder.report().toString());
      terminal.out().println(JsonText.of(map));
    } else {
      terminal.out().println();
      terminal
          .out()
          .println(
              terminal.bold(
                  "%d figures: %s%s"
                      .formatted(
                          figures.size(),
                          missed == 0 ? "all reproduced" : missed + " missed",
                          skipped == 0 ? "" : "; %d experiments skipped".formatted(skipped))));
      terminal.field("report", folder.report().toString());
    }
    if (interrupted) {
      return Main.INTERRUPTED;
    }
    return missed == 0 ? Main.DONE : Main.FAILED;
  }
}
