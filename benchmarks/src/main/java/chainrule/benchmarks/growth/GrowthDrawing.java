package chainrule.benchmarks.growth;

import chainrule.benchmarks.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * Draws times against sizes, a panel for each axis, both in decades: a line for each number of
 * threads, and beside it, dashed, what the time would be if a FLOP took as long at all sizes as at
 * the largest.
 */
public final class GrowthDrawing {
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;
  private static final int LEFT = 64;
  private static final int BOTTOM = 44;
  private static final int TOP = 34;
  private static final int RIGHT = 16;
  private static final int COLORS = 4;

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
      .arithmetic { stroke-dasharray: 4 4; stroke-opacity: .6; }
      """;

  private GrowthDrawing() {}

  /** Writes the drawing. */
  public static void write(List<Grown> found, Path file) throws IOException {
    Files.writeString(file, svg(found));
  }

  static String svg(List<Grown> found) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d"
                + " %d\">%n<style>%n%s</style>%n",
            2 * WIDTH,
            2 * HEIGHT,
            STYLE));
    for (Axis axis : Axis.values()) {
      List<Grown> own = found.stream().filter(g -> g.axis() == axis).toList();
      if (!own.isEmpty()) {
        int at = axis.ordinal();
        svg.append(
            String.format(
                Locale.ROOT,
                "<g transform=\"translate(%d %d)\">%n",
                at % 2 * WIDTH,
                at / 2 * HEIGHT));
        new Panel(own, svg).draw();
        svg.append("</g>\n");
      }
    }
    return svg.append("</svg>\n").toString();
  }

  /** One axis. */
  private static final class Panel {
    private final List<Grown> rows;
    private final StringBuilder svg;
    private final double fromX;
    private final double toX;
    private final int fromY;
    private final int toY;

    Panel(List<Grown> rows, StringBuilder svg) {
      this.rows = rows;
      this.svg = svg;
      this.fromX = Math.log10(rows.stream().mapToInt(Grown::size).min().orElseThrow());
      this.toX = Math.log10(rows.stream().mapToInt(Grown::size).max().orElseThrow());
      this.fromY =
          (int) Math.floor(Math.log10(rows.stream().mapToDouble(this::least).min().orElseThrow()));
      this.toY =
          (int) Math.ceil(Math.log10(rows.stream().mapToDouble(Grown::micros).max().orElseThrow()));
    }

    private double least(Grown row) {
      return Math.min(row.micros(), arithmetic(row));
    }

    private static double arithmetic(Grown row) {
      return row.micros() / row.ratio();
    }

    private double x(double size) {
      double share = toX > fromX ? (Math.log10(size) - fromX) / (toX - fromX) : 0;
      return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double micros) {
      double share = (Math.log10(micros) - fromY) / Math.max(1, toY - fromY);
      return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    void draw() {
      text(LEFT, 20, "start", "title", "step against " + rows.getFirst().axis().call());
      for (int decade = fromY; decade <= toY; decade++) {
        double micros = Math.pow(10, decade);
        line(LEFT, y(micros), WIDTH - RIGHT, y(micros));
        text(LEFT - 6, y(micros) + 4, "end", "", Text.time(micros));
      }
      for (int size : new TreeSet<>(rows.stream().map(Grown::size).toList())) {
        line(x(size), HEIGHT - BOTTOM, x(size), TOP);
        text(x(size), HEIGHT - BOTTOM + 16, "middle", "", Integer.toString(size));
      }
      int color = 0;
      for (int threads : new TreeSet<>(rows.stream().map(Grown::threads).toList())) {
        List<Grown> own = rows.stream().filter(g -> g.threads() == threads).toList();
        String style = "c" + color % COLORS;
        path(style, own, false);
        path(style + " arithmetic", own, true);
        text(
            LEFT + 8,
            TOP + 14 + 15 * color,
            "start",
            "t" + color % COLORS,
            threads == 1 ? "1 thread" : threads + " threads");
        color++;
      }
    }

    private void path(String style, List<Grown> own, boolean arithmetic) {
      svg.append("<polyline class=\"").append(style).append("\" points=\"");
      for (Grown row : own) {
        double micros = arithmetic ? arithmetic(row) : row.micros();
        svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(row.size()), y(micros)));
      }
      svg.append("\"/>\n");
    }

    private void line(double x1, double y1, double x2, double y2) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
              x1,
              y1,
              x2,
              y2));
    }

    private void text(double x, double y, String anchor, String style, String words) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n",
              style,
              x,
              y,
              anchor,
              words));
    }
  }
}
