package chainrule.cli;

import static java.util.Locale.ROOT;

import chainrule.examples.reproduce.Plot;
import java.util.Arrays;
import java.util.List;

/** Draws the pictures of experiments as SVG. */
final class ReproducePlots {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 300;
  private static final int LEFT = 76;
  private static final int BOTTOM = 40;
  private static final int SIDE = 400;
  private static final int MOST_POINTS = 1500;

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
    double[] x = range(curves, true, false);
    double[] y = range(curves, false, log);
    StringBuilder svg = svg(WIDTH, HEIGHT);
    int right = WIDTH - 10;
    int low = HEIGHT - BOTTOM;
    double apart = step(x[1] - x[0]);
    for (double v = Math.ceil(x[0] / apart) * apart; v <= x[1]; v += apart) {
      double across = LEFT + (right - LEFT) * (v - x[0]) / (x[1] - x[0]);
      label(svg, across, low + 16, "middle", tick(v));
    }
    for (int i = 0; i <= 4; i++) {
      double up = low - (low - 10) * i / 4.0;
      svg.append("<path class=\"axis\" d=\"M%d %sH%d\"/>".formatted(LEFT, at(up), right));
      double v = y[0] + (y[1] - y[0]) * i / 4;
      label(svg, LEFT - 6, up + 4, "end", Terminal.number(log ? Math.pow(10, v) : v));
    }
    label(svg, (LEFT + right) / 2.0, HEIGHT - 6, "middle", xLabel);
    label(svg, right, 22, "end", yLabel);
    for (int c = 0; c < curves.size(); c++) {
      Plot.Curve curve = curves.get(c);
      var path = new StringBuilder();
      int step = Math.max(1, curve.x().length / MOST_POINTS);
      boolean drawing = false;
      for (int i = 0; i < curve.x().length; i += step) {
        double v = log ? Math.log10(curve.y()[i]) : curve.y()[i];
        if (!Double.isFinite(v)) {
          drawing = false;
          continue;
        }
        path.append(drawing ? "L" : "M");
        path.append(at(LEFT + (right - LEFT) * (curve.x()[i] - x[0]) / (x[1] - x[0])));
        path.append(' ').append(at(low - (low - 10) * (v - y[0]) / (y[1] - y[0])));
        drawing = true;
      }
      svg.append("<path class=\"line c%d\" d=\"%s\"/>".formatted(c % 8, path));
    }
    return svg.append("</svg>").toString();
  }

  /** A step of 1, 2 or 5 times a power of ten that divides a length into about five. */
  private static double step(double length) {
    double power = Math.pow(10, Math.floor(Math.log10(length / 5)));
    double times = length / 5 / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
  }

  private static String tick(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e6 ? Long.toString((long) v) : Terminal.number(v);
  }

  private static double[] range(List<Plot.Curve> curves, boolean horizontal, boolean log) {
    double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (Plot.Curve curve : curves) {
      for (double v : horizontal ? curve.x() : curve.y()) {
        double value = log ? Math.log10(v) : v;
        if (Double.isFinite(value)) {
          range[0] = Math.min(range[0], value);
          range[1] = Math.max(range[1], value);
        }
      }
    }
    if (!(range[0] < range[1])) {
      double middle = Double.isFinite(range[0]) ? range[0] : 0;
      return new double[] {middle - 0.5, middle + 0.5};
    }
    return range;
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
    int pixel = Math.max(1, Math.min(14, 90 / Math.max(width, height)));
    int across = width * pixel + 10;
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
    int pale = (int) Math.round(255 * (1 - Math.min(1, Math.abs(v))));
    return v < 0
        ? String.format(ROOT, "#%02x%02x%02x", pale, (int) (99 + pale * 0.61), 245)
        : String.format(ROOT, "#%02x%02x%02x", 240, (int) (60 + pale * 0.76), pale);
  }
}
