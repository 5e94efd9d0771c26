package chainrule.cli;

import chainrule.examples.reproduce.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/** What experiments gave, as a page of Markdown; misses are shown as misses. */
final class ReproduceMarkdown {
  private ReproduceMarkdown() {}

  static String text(List<ReproduceReport.Result> results) {
    List<Figure> figures = results.stream().flatMap(r -> r.figures().stream()).toList();
    long missed = figures.stream().filter(f -> !f.reproduced()).count();
    var page = new StringBuilder("# Published figures, computed again\n\n");
    page.append("Written by `./chainrule reproduce` on ").append(LocalDate.now()).append(": ");
    page.append(Environment.text()).append(", ").append(processor()).append(".\n");
    page.append("%d figures, %d missed.\n".formatted(figures.size(), missed));
    for (ReproduceReport.Result r : results) {
      page.append("\n## %s\n\n".formatted(r.experiment().name()));
      page.append(
          "%s. Published: %s.\n".formatted(r.experiment().source(), r.experiment().expected()));
      if (!r.skipped().isEmpty()) {
        page.append("\nSkipped: its data were not there.\n");
        continue;
      }
      page.append("%d s.\n\n".formatted(Math.round(r.seconds())));
      page.append("| figure | expected | got | difference | |\n|---|---|---|---|---|\n");
      for (Figure f : r.figures()) {
        page.append(
            "| %s | %s | %s | %s | %s |\n"
                .formatted(
                    f.what().replace("|", "\\|"),
                    f.expected(),
                    Figure.text(f.got()),
                    Terminal.number(f.difference()),
                    f.reproduced() ? "reproduced" : "**missed**"));
      }
      r.notes().forEach(note -> page.append("\n%s.\n".formatted(note)));
    }
    return page.toString();
  }

  /** What the system calls the processor. */
  static String processor() {
    String kind = System.getProperty("os.arch") + ", ";
    int count = Runtime.getRuntime().availableProcessors();
    Path file = Path.of("/proc/cpuinfo");
    String name = "";
    if (Files.isReadable(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        name =
            lines
                .filter(l -> l.startsWith("model name"))
                .findFirst()
                .map(l -> l.substring(l.indexOf(':') + 1).strip() + ", ")
                .orElse("");
      } catch (IOException unreadable) {
        name = "";
      }
    }
    return name + kind + count + " processors";
  }
}
