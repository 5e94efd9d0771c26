package chainrule.cli.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A page of sections with tables and drawings; it runs no script and loads nothing.
 *
 * <p>Everything it is given is text, but for drawings, which are SVG.
 */
public final class Page {
  private static final int SHADES = 9;
  private static final int NARROW = 6;

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private final List<String> drawings = new ArrayList<>();
  private boolean open;

  /** An empty page. */
  public Page(String title, String brand) {
    this.title = title;
    body.append(
        "<header><p class=\"brand\">%s</p><h1>%s</h1></header><main>"
            .formatted(Report.escape(brand), Report.escape(title)));
  }

  /** Begins a section. */
  public void section(String name) {
    close();
    body.append("<section><h2>").append(Report.escape(name)).append("</h2>");
    open = true;
  }

  /** A sentence or two. */
  public void paragraph(String text) {
    body.append("<p class=\"lead\">").append(Report.escape(text)).append("</p>");
  }

  /** A table of text. */
  public void table(List<String> header, List<List<String>> rows) {
    body.append("<div class=\"scroll\"><table class=\"plain\"><thead><tr>");
    header.forEach(h -> body.append("<th scope=\"col\">").append(Report.escape(h)).append("</th>"));
    body.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      body.append("<tr>");
      for (String cell : row) {
        String kind = cell.equals("missed") ? " class=\"missed\"" : "";
        body.append("<td%s>%s</td>".formatted(kind, Report.escape(cell)));
      }
      body.append("</tr>");
    }
    body.append("</tbody></table></div>");
  }

  /**
   * A drawing, with the names of its colours.
   *
   * @param svg the drawing
   */
  public void figure(String title, String svg, List<String> names) {
    var keys = new StringBuilder("<div class=\"names\">");
    for (int i = 0; i < names.size(); i++) {
      keys.append("<span class=\"k%d\">%s</span>".formatted(i % 8, Report.escape(names.get(i))));
    }
    drawing("", title, svg + keys.append("</div>"));
  }

  /** A matrix of numbers, darker where they are larger. */
  public void matrix(String title, List<String> rows, List<String> columns, double[][] values) {
    double[] all = Arrays.stream(values).flatMapToDouble(Arrays::stream).toArray();
    double least = Arrays.stream(all).min().orElse(0);
    double range = Arrays.stream(all).max().orElse(0) - least;
    var table = new StringBuilder("<div class=\"scroll\"><table class=\"matrix\"><tr><th></th>");
    columns.forEach(c -> table.append("<th>").append(Report.escape(c)).append("</th>"));
    table.append("</tr>");
    for (int i = 0; i < values.length; i++) {
      table.append("<tr><th>").append(Report.escape(rows.get(i))).append("</th>");
      for (double v : values[i]) {
        long shade = range > 0 ? Math.round(SHADES * Math.sqrt((v - least) / range)) : 0;
        table.append("<td class=\"cell h%d\">%s</td>".formatted(shade, number(v)));
      }
      table.append("</tr>");
    }
    String wide = columns.size() > NARROW ? " class=\"wide\"" : "";
    drawing(wide, title, table.append("</table></div>").toString());
  }

  /** A whole number as it is, others with three digits. */
  private static String number(double v) {
    if (!Double.isFinite(v)) {
      return "–";
    }
    if (v == Math.rint(v)) {
      return Long.toString((long) v);
    }
    if (Math.abs(v) < 1e-3) {
      return String.format(Locale.ROOT, "%.1e", v);
    }
    return new BigDecimal(v).round(new MathContext(3)).toPlainString();
  }

  /** Text as it is, line by line. */
  public void text(String title, String text) {
    drawing("", title, "<pre>" + Report.escape(text) + "</pre>");
  }

  private void drawing(String attributes, String title, String content) {
    drawings.add(
        "<figure%s><h3>%s</h3>%s</figure>".formatted(attributes, Report.escape(title), content));
  }

  private void close() {
    if (!drawings.isEmpty()) {
      body.append("<div class=\"figures\">").append(String.join("", drawings)).append("</div>");
      drawings.clear();
    }
    if (open) {
      body.append("</section>");
      open = false;
    }
  }

  /** The page; nothing can be added to it afterwards. */
  public String html() {
    close();
    String css = Report.resource("report.css") + Report.resource("page.css");
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src %s">
    <meta name="color-scheme" content="light dark">
    <title>%s</title>
    <style>%s</style>
    </head>
    <body>
    %s</main>
    <footer>Self-contained: this page runs no script and loads nothing.</footer>
    </body>
    </html>
    """
        .formatted(Report.hash(css), Report.escape(title), css, body);
  }
}
