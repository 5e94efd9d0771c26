package chainrule.cli;

import static java.util.Locale.ROOT;

import chainrule.examples.reproduce.Plot;
import java.util.Arrays;
import java.util.List;

/** Draws the pictures of experiments as SVG. */
final class ReproducePlots {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 300;
  private static final int LEFT = 62;
  private static final int RIGHT = WIDTH - 26;
  private static final int TOP = 22;
  private static final int BOTTOM = HEIGHT - 42;
  private static final int SIDE = 400;
  private static final int MOST_POINTS = 1500;
  private static final int PICTURE = 90;
  private static final int LARGEST_PIXEL = 14;
  private static final double LETTER = 6.4;
  private static final int[] RED = {200, 40, 0};
  private static final int[] BLUE = {0, 80, 220};

  private ReproducePlots() {}

  private static StringBuilder svg(int width, int height) {
    return new StringBuilder(
        "<svg class=\"drawing\" viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\">"
            .formatted(width, height, width));
  }

  private static String at(double x) {
    return String.format(ROOT, "%.1f", x);
  }

  private static void label(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>"
            .formatted(at(x), at(y), anchor, escape(text)));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  // ---------------------------------------------------------------- curves

  static String curves(String xLabel, String yLabel, boolean log, List<Plot.Curve> curves) {
    Axis x = Axis.over(curves.stream().flatMapToDouble(c -> Arrays.stream(c.x())), false);
    Axis y = Axis.over(curves.stream().flatMapToDouble(c -> Arrays.stream(c.y())), log);
    StringBuilder svg = svg(WIDTH, HEIGHT);
    label(svg, LEFT, 12, "start", yLabel);
    label(svg, (LEFT + RIGHT) / 2.0, HEIGHT - 6, "middle", xLabel);
    svg.append("<path class=\"axis\" d=\"M%d %dV%dH%d\"/>".formatted(LEFT, TOP, BOTTOM, RIGHT));
    for (Axis.Tick tick : x.ticks()) {
      double across = across(x, tick.value());
      svg.append("<path class=\"axis\" d=\"M%s %dv4\"/>".formatted(at(across), BOTTOM));
      label(svg, across, BOTTOM + 17, "middle", tick.label());
    }
    for (Axis.Tick tick : y.ticks()) {
      double up = up(y, tick.value());
      svg.append("<path class=\"axis\" d=\"M%d %sH%d\"/>".formatted(LEFT, at(up), RIGHT));
      label(svg, LEFT - 6, up + 4, "end", tick.label());
    }
    for (int c = 0; c < curves.size(); c++) {
      svg.append("<path class=\"line c%d\" d=\"%s\"/>".formatted(c % 8, line(x, y, curves.get(c))));
    }
    return svg.append("</svg>").toString();
  }

  private static double across(Axis x, double value) {
    return LEFT + (RIGHT - LEFT) * x.share(value);
  }

  private static double up(Axis y, double value) {
    return BOTTOM - (BOTTOM - TOP) * y.share(value);
  }

  /** The curve's points, of long curves some, with a gap where there is nothing to draw. */
  private static String line(Axis x, Axis y, Plot.Curve curve) {
    var path = new StringBuilder();
    int step = Math.max(1, curve.x().length / MOST_POINTS);
    boolean drawing = false;
    for (int i = 0; i < curve.x().length; i += step) {
      double up = up(y, curve.y()[i]);
      if (Double.isNaN(up)) {
        drawing = false;
        continue;
      }
      path.append(drawing ? "L" : "M").append(at(across(x, curve.x()[i])));
      path.append(' ').append(at(up));
      drawing = true;
    }
    return path.toString();
  }

  // ---------------------------------------------------------------- planes

  static String plane(double[] range, int[] classes, List<double[]> points) {
    StringBuilder svg = svg(SIDE, SIDE);
    int side = (int) Math.sqrt(classes.length);
    double cell = (double) SIDE / side;
    for (int row = 0; row < side; row++) {
      for (int from = 0; from < side; ) {
        int to = from;
        int c = classes[row * side + from];
        while (to < side && classes[row * side + to] == c) {
          to++;
        }
        svg.append(
            "<rect class=\"area a%d\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
                .formatted(
                    c % 8,
                    at(from * cell),
                    at(SIDE - (row + 1) * cell),
                    at((to - from) * cell),
                    at(cell)));
        from = to;
      }
    }
    for (double[] p : points) {
      svg.append(
          "<circle class=\"dot a%d\" cx=\"%s\" cy=\"%s\" r=\"4\"/>"
              .formatted((int) p[2] % 8, across(p[0], range), up(p[1], range)));
    }
    return svg.append("</svg>").toString();
  }

  private static String across(double x, double[] range) {
    return at(SIDE * (x - range[0]) / (range[1] - range[0]));
  }

  private static String up(double y, double[] range) {
    return at(SIDE - SIDE * (y - range[2]) / (range[3] - range[2]));
  }

  static String places(List<String> names, double[] x, double[] y) {
    double[] range = {
      Arrays.stream(x).min().orElse(0), Arrays.stream(x).max().orElse(1),
      Arrays.stream(y).min().orElse(0), Arrays.stream(y).max().orElse(1)
    };
    for (int d = 0; d < 4; d += 2) {
      double margin = 0.08 * Math.max(1e-9, range[d + 1] - range[d]);
      range[d] -= margin;
      range[d + 1] += margin;
    }
    StringBuilder svg = svg(SIDE, SIDE);
    for (int i = 0; i < names.size(); i++) {
      svg.append(
          "<text x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>"
              .formatted(across(x[i], range), up(y[i], range), escape(names.get(i))));
    }
    return svg.append("</svg>").toString();
  }

  static String paths(double[] range, double[] heights, List<Plot.Curve> paths) {
    StringBuilder svg = svg(SIDE, SIDE);
    int side = (int) Math.sqrt(heights.length);
    double low = Arrays.stream(heights).min().orElse(0);
    double high = Arrays.stream(heights).max().orElse(1);
    double cell = (double) SIDE / side;
    for (int i = 0; i < heights.length; i++) {
      // bands of equal height in the logarithm, so that the bottom of the valley is seen
      double share = Math.log1p(100 * (heights[i] - low) / (high - low)) / Math.log(101);
      int grey = 245 - (int) (10 * Math.floor(share * 14));
      svg.append(
          "<rect fill=\"rgb(%d,%d,%d)\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
              .formatted(
                  grey,
                  grey,
                  grey,
                  at(i % side * cell),
                  at(SIDE - (i / side + 1) * cell),
                  at(cell + 0.1),
                  at(cell + 0.1)));
    }
    for (int k = 0; k < paths.size(); k++) {
      var line = new StringBuilder();
      Plot.Curve p = paths.get(k);
      for (int i = 0; i < p.x().length; i++) {
        if (Math.abs(p.x()[i]) < 1e4 && Math.abs(p.y()[i]) < 1e4) {
          line.append(line.isEmpty() ? "M" : "L");
          line.append(across(p.x()[i], range)).append(' ').append(up(p.y()[i], range));
        }
      }
      svg.append("<path class=\"line c%d\" d=\"%s\"/>".formatted(k % 8, line));
    }
    return svg.append("</svg>").toString();
  }

  // ---------------------------------------------------------------- pictures

  static String pictures(int width, List<String> names, List<double[]> pictures) {
    int height = pictures.isEmpty() ? 1 : Math.ceilDiv(pictures.getFirst().length, width);
    int room = pictures.size() == 1 ? SIDE : PICTURE;
    int pixel = Math.clamp(room / Math.max(width, height), 1, LARGEST_PIXEL);
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    int across = Math.max(width * pixel, (int) (LETTER * longest)) + 12;
    int down = height * pixel + (names.isEmpty() ? 10 : 26);
    int columns = Math.max(1, (WIDTH - 20) / across);
    StringBuilder svg =
        svg(columns * across, Math.max(1, Math.ceilDiv(pictures.size(), columns)) * down);
    for (int k = 0; k < pictures.size(); k++) {
      double[] p = pictures.get(k);
      double max = Math.max(1e-300, Arrays.stream(p).map(Math::abs).max().orElse(1));
      int left = k % columns * across;
      int top = k / columns * down;
      for (int i = 0; i < p.length; i++) {
        svg.append(
            "<rect fill=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                .formatted(
                    colour(p[i] / max),
                    left + i % width * pixel,
                    top + i / width * pixel,
                    pixel,
                    pixel));
      }
      if (!names.isEmpty()) {
        label(svg, left, top + height * pixel + 12.0, "start", names.get(k));
      }
    }
    return svg.append("</svg>").toString();
  }

  /** White at 0, red at 1, blue at −1. */
  private static String colour(double v) {
    double pale = 1 - Math.min(1, Math.abs(v));
    int[] full = v < 0 ? BLUE : RED;
    int[] mixed = new int[3];
    Arrays.setAll(mixed, i -> (int) Math.round(full[i] + (255 - full[i]) * pale));
    return String.format(ROOT, "#%02x%02x%02x", mixed[0], mixed[1], mixed[2]);
  }
}
