package chainrule.benchmarks.growth;

import chainrule.benchmarks.Svg;
import chainrule.benchmarks.Text;
import java.util.List;
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

  private GrowthDrawing() {}

  /** The drawing. */
  public static Svg draw(List<Grown> found) {
    Svg svg = new Svg(2 * WIDTH, 2 * HEIGHT);
    for (Axis axis : Axis.values()) {
      List<Grown> own = found.stream().filter(g -> g.axis() == axis).toList();
      if (!own.isEmpty()) {
        int at = axis.ordinal();
        svg.group(at % 2 * WIDTH, at / 2 * HEIGHT);
        new Panel(own, svg).draw();
        svg.end();
      }
    }
    return svg;
  }

  /** One axis. */
  private static final class Panel {
    private final List<Grown> rows;
    private final Svg svg;
    private final double fromX;
    private final double toX;
    private final int fromY;
    private final int toY;

    Panel(List<Grown> rows, Svg svg) {
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
      svg.text(LEFT, 20, "start", "title", "step against " + rows.getFirst().axis().call());
      for (int decade = fromY; decade <= toY; decade++) {
        double micros = Math.pow(10, decade);
        svg.grid(LEFT, y(micros), WIDTH - RIGHT, y(micros));
        svg.text(LEFT - 6, y(micros) + 4, "end", "", Text.time(micros));
      }
      for (int size : new TreeSet<>(rows.stream().map(Grown::size).toList())) {
        svg.grid(x(size), HEIGHT - BOTTOM, x(size), TOP);
        svg.text(x(size), HEIGHT - BOTTOM + 16, "middle", "", Integer.toString(size));
      }
      int color = 0;
      for (int threads : new TreeSet<>(rows.stream().map(Grown::threads).toList())) {
        List<Grown> own = rows.stream().filter(g -> g.threads() == threads).toList();
        String style = "c" + color % Svg.COLORS;
        path(style, own, false);
        path(style + " arithmetic", own, true);
        svg.text(
            LEFT + 8,
            TOP + 14 + 15 * color,
            "start",
            "t" + color % Svg.COLORS,
            threads == 1 ? "1 thread" : threads + " threads");
        color++;
      }
    }

    private void path(String style, List<Grown> own, boolean arithmetic) {
      double[] points = new double[2 * own.size()];
      for (int i = 0; i < own.size(); i++) {
        Grown row = own.get(i);
        points[2 * i] = x(row.size());
        points[2 * i + 1] = y(arithmetic ? arithmetic(row) : row.micros());
      }
      svg.path(style, points);
    }
  }
}
