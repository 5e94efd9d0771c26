package chainrule.benchmarks;

import chainrule.formats.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A drawing of lines and words, in the colours of the reader's desktop. */
public final class Svg {
  /**
   * How many colours there are, {@code c0} and on for lines, {@code t0} and on for what is filled.
   */
  public static final int COLORS = 4;

  private static final String STYLE =
      """
      svg { --paper: #ffffff; --ink: #1f2430; --soft: #5c6473; --grid: #dfe3ea; --c0: #2563eb; \
      --c1: #c2410c; --c2: #15803d; --c3: #b3478f; background: var(--paper); }
      @media (prefers-color-scheme: dark) { svg { --paper: #15181e; --ink: #e8ebf0; \
      --soft: #a3abba; --grid: #2a303a; --c0: #7aa5f5; --c1: #fb923c; --c2: #66b27a; \
      --c3: #e07bbf; } }
      text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; \
      fill: var(--soft); }
      .title { fill: var(--ink); font-weight: 600; }
      .grid { stroke: var(--grid); } polyline { fill: none; stroke-width: 1.6; }
      .c0 { stroke: var(--c0); } .c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } \
      .c3 { stroke: var(--c3); }
      .t0 { fill: var(--c0); } .t1 { fill: var(--c1); } .t2 { fill: var(--c2); } \
      .t3 { fill: var(--c3); }
      circle { fill-opacity: .45; }
      .arithmetic { stroke-dasharray: 4 4; stroke-opacity: .6; }
      """;

  private final StringBuilder text = new StringBuilder();

  /** An empty drawing. */
  public Svg(int width, int height) {
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">", width, height);
    text.append("<style>\n").append(STYLE).append("</style>\n");
  }

  /** What follows is shifted, until {@link #end}. */
  public void group(int x, int y) {
    add("<g transform=\"translate(%d %d)\">", x, y);
  }

  /** The end of a group. */
  public void end() {
    text.append("</g>\n");
  }

  /** A thin line. */
  public void grid(double x1, double y1, double x2, double y2) {
    add("<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x1, y1, x2, y2);
  }

  /** Words of no markup; the anchor is start, middle or end. */
  public void text(double x, double y, String anchor, String style, String words) {
    add(
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        style, x, y, anchor, words);
  }

  /** A line through points, x and y in turn. */
  public void path(String style, double... points) {
    text.append("<polyline class=\"").append(style).append("\" points=\"");
    for (int i = 0; i + 1 < points.length; i += 2) {
      text.append(String.format(Locale.ROOT, "%.1f,%.1f ", points[i], points[i + 1]));
    }
    text.append("\"/>\n");
  }

  /** A disc. */
  public void disc(String style, double x, double y, double radius) {
    add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", style, x, y, radius);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** The drawing as a file's text. */
  public String svg() {
    return text + "</svg>\n";
  }

  /** Writes the drawing; the file appears whole. */
  public void write(Path file) throws IOException {
    AtomicFiles.writeText(file, svg());
  }
}
