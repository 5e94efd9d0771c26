package chainrule.examples.reproduce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment runs: it reads data here, and gives away what it found.
 *
 * <p>A figure is held to the published number at once; pictures and notes are kept for a report.
 */
public final class Lab {
  /** A figure with all its digits is exact to this, relative to its size. */
  static final double EXACT = 1e-12;

  private final @Nullable Path data;
  private final boolean full;
  private final Consumer<String> progress;
  private final Consumer<Figure> onFigure;
  private final List<Figure> figures = new ArrayList<>();
  private final List<Plot> plots = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * A laboratory.
   *
   * @param data the user's folder with data, if there is one
   * @param full whether experiments run in full, or as short as still shows something
   * @param progress is told what goes on, in a few words
   * @param onFigure is told every figure when it is known
   */
  public Lab(
      @Nullable Path data, boolean full, Consumer<String> progress, Consumer<Figure> onFigure) {
    this.data = data;
    this.full = full;
    this.progress = progress;
    this.onFigure = onFigure;
  }

  /** The figures so far. */
  public List<Figure> figures() {
    return Collections.unmodifiableList(figures);
  }

  /** The pictures so far. */
  public List<Plot> plots() {
    return Collections.unmodifiableList(plots);
  }

  /** What is worth saying beside the figures. */
  public List<String> notes() {
    return Collections.unmodifiableList(notes);
  }

  /** Whether the experiment runs in full. */
  boolean full() {
    return full;
  }

  /** A file or folder of the user's data. */
  Path data(String name) {
    return Objects.requireNonNull(data, "the experiment names the data it reads").resolve(name);
  }

  /** The lines of a text of the user's data. */
  List<String> lines(String name) throws IOException {
    return Files.readAllLines(data(name));
  }

  /** The lines of a published text that comes with the experiments. */
  static List<String> published(String name) throws IOException {
    try (InputStream in = Lab.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().toList();
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  void progress(String text, Object... numbers) {
    progress.accept(String.format(Locale.ROOT, text, numbers));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
  void note(String text, Object... numbers) {
    notes.add(String.format(Locale.ROOT, text, numbers));
  }

  void draw(Plot plot) {
    plots.add(plot);
  }

  /** A figure with all its digits; a published NaN must be one. */
  void exact(String what, double expected, double got) {
    double difference = Double.isNaN(expected) && Double.isNaN(got) ? 0 : got - expected;
    double size = Double.isNaN(expected) ? 1 : Math.max(1e-3, Math.abs(expected));
    add(what, Figure.text(expected), got, difference, Math.abs(difference) <= EXACT * size);
  }

  /** A figure that was published rounded, or of which another run differs by as much. */
  void near(String what, double expected, double got, double tolerance) {
    double difference = got - expected;
    String rule = Figure.text(expected) + " ± " + Figure.text(tolerance);
    add(what, rule, got, difference, Math.abs(difference) <= tolerance);
  }

  void atLeast(String what, double bound, double got) {
    add(what, "≥ " + Figure.text(bound), got, got - bound, got >= bound);
  }

  void atMost(String what, double bound, double got) {
    add(what, "≤ " + Figure.text(bound), got, got - bound, got <= bound);
  }

  void between(String what, double low, double high, double got) {
    double outside = Math.max(0, Math.max(low - got, got - high));
    add(
        what,
        Figure.text(low) + " to " + Figure.text(high),
        got,
        outside,
        got >= low && got <= high);
  }

  /** Many figures with all their digits, as one line: the largest difference. */
  void all(String what, double[] expected, double[] got, double tolerance) {
    double largest = expected.length == got.length ? 0 : Double.NaN;
    for (int i = 0; i < expected.length && !Double.isNaN(largest); i++) {
      double difference = Math.abs(got[i] - expected[i]);
      largest = difference <= largest ? largest : difference; // NaN is the largest
    }
    atMost(what + ", largest difference", tolerance, largest);
  }

  private void add(
      String what, String expected, double got, double difference, boolean reproduced) {
    var figure = new Figure(what, expected, got, difference, reproduced);
    figures.add(figure);
    onFigure.accept(figure);
  }
}
