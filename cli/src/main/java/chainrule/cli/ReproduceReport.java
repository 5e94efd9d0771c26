package chainrule.cli;

import chainrule.cli.report.Page;
import chainrule.examples.reproduce.Experiment;
import chainrule.examples.reproduce.Figure;
import chainrule.examples.reproduce.Plot;
import java.util.List;

/** What experiments gave, as one page with the pictures that their sources show. */
final class ReproduceReport {
  /**
   * What came of an experiment.
   *
   * @param skipped why it was not run, or empty
   */
  record Result(
      Experiment experiment,
      String skipped,
      List<Figure> figures,
      List<Plot> plots,
      List<String> notes,
      double seconds) {}

  private ReproduceReport() {}

  static String html(List<Result> results) {
    var page = new Page("Published figures, computed again", "Chainrule · reproduction");
    page.paragraph(Environment.text() + ", " + ReproduceMarkdown.processor());
    for (Result r : results) {
      page.section(r.experiment().name());
      page.paragraph(r.experiment().source() + ". Published: " + r.experiment().expected() + ".");
      if (!r.skipped().isEmpty()) {
        page.paragraph("Skipped: " + r.skipped() + ".");
        continue;
      }
      page.table(
          List.of("figure", "expected", "got", "difference", "verdict"),
          r.figures().stream()
              .map(
                  f ->
                      List.of(
                          f.what(),
                          f.expected(),
                          Figure.text(f.got()),
                          Terminal.number(f.difference()),
                          f.reproduced() ? "reproduced" : "missed"))
              .toList());
      r.notes().forEach(page::paragraph);
      for (Plot plot : r.plots()) {
        draw(page, plot);
      }
    }
    return page.html();
  }

  private static void draw(Page page, Plot plot) {
    switch (plot) {
      case Plot.Curves(var title, var x, var y, var log, var curves) ->
          page.figure(
              title,
              ReproducePlots.curves(x, y, log, curves),
              curves.stream().map(Plot.Curve::label).toList());
      case Plot.Plane(var title, var range, var classes, var points) ->
          page.figure(title, ReproducePlots.plane(range, classes, points), List.of());
      case Plot.Places(var title, var names, var x, var y) ->
          page.figure(title, ReproducePlots.places(names, x, y), List.of());
      case Plot.Pictures(var title, var width, var names, var pictures) ->
          page.figure(title, ReproducePlots.pictures(width, names, pictures), List.of());
      case Plot.Matrix(var title, var rows, var columns, var values) ->
          page.matrix(title, rows, columns, values);
      case Plot.Paths(var title, var range, var heights, var paths) ->
          page.figure(
              title,
              ReproducePlots.paths(range, heights, paths),
              paths.stream().map(Plot.Curve::label).toList());
      case Plot.Writing(var title, var text) -> page.text(title, text);
    }
  }
}
