package chainrule.data;

import chainrule.math.Philox;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The sets that come with the library: two embedded ones and six that are drawn.
 *
 * <p>Points are drawn with {@link Philox} and {@link StrictMath}: a seed gives the same bits on
 * every machine. Classes are as equal in size as n allows, and rows are in random order.
 */
public final class Datasets {
  private static final int DIGIT_SIDE = 8;
  private static final int DIGIT_LEVELS = 16;

  private Datasets() {}

  /**
   * 1,797 handwritten digits of 8 × 8 pixels from 0 to 1, in 10 classes.
   *
   * <p>The test part of the "Optical Recognition of Handwritten Digits" data set (E. Alpaydin and
   * C. Kaynak, UCI Machine Learning Repository, 1998, doi:10.24432/C50P49, CC BY 4.0) in the copy
   * of scikit-learn. Pixels, counts from 0 to 16, are divided by 16.
   */
  public static Dataset digits() {
    String resource = "digits.csv.gz";
    String text;
    try (InputStream in = new GZIPInputStream(open(resource))) {
      text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw DataException.reading(resource, e);
    }
    List<String> lines = text.lines().toList();
    int width = DIGIT_SIDE * DIGIT_SIDE;
    float[] x = new float[lines.size() * width];
    int[] y = new int[lines.size()];
    for (int row = 0; row < y.length; row++) {
      String[] cells = lines.get(row).split(",");
      for (int i = 0; i < width; i++) {
        x[row * width + i] = Integer.parseInt(cells[i]) / (float) DIGIT_LEVELS;
      }
      y[row] = Integer.parseInt(cells[width]);
    }
    return Dataset.classification(
            "digits", Tensor.of(x, y.length, width), Tensor.of(y), tenDigits())
        .withImageShape(DIGIT_SIDE, DIGIT_SIDE);
  }

  /** The names 0 … 9. */
  static List<String> tenDigits() {
    return List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }

  /**
   * Fisher's iris flowers: 150 rows of four lengths in centimetres, in 3 species.
   *
   * <p>R. A. Fisher, "The use of multiple measurements in taxonomic problems", 1936 (UCI Machine
   * Learning Repository, doi:10.24432/C56C76, CC BY 4.0) in the copy of scikit-learn, whose rows 35
   * and 38 hold the values of Fisher's paper.
   */
  public static Dataset iris() {
    CsvTable table = irisTable();
    int columns = table.header().size() - 1;
    List<String> species = List.of("setosa", "versicolor", "virginica");
    float[] x = new float[table.rows() * columns];
    int[] y = new int[table.rows()];
    for (int row = 0; row < y.length; row++) {
      for (int c = 0; c < columns; c++) {
        x[row * columns + c] = Float.parseFloat(table.cell(row, c));
      }
      y[row] = species.indexOf(table.cell(row, columns));
    }
    return Dataset.classification("iris", Tensor.of(x, y.length, columns), Tensor.of(y), species)
        .withFeatureNames(table.header().subList(0, columns));
  }

  /**
   * The iris flowers as the table that {@link Tabular} prepares, with the target {@code species}.
   */
  public static CsvTable irisTable() {
    String resource = "iris.csv";
    try (InputStream in = open(resource)) {
      return CsvTable.parse("iris", in.readAllBytes());
    } catch (IOException e) {
      throw DataException.reading(resource, e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = Datasets.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is missing from the library");
    }
    return in;
  }

  /**
   * Two interleaved half circles, as scikit-learn's {@code make_moons} places them.
   *
   * <p>(cos t, sin t) and (1 − cos t, ½ − sin t) for t evenly spaced in [0, π], plus normal noise.
   *
   * @param noise the standard deviation of the noise
   */
  public static Dataset moons(int n, double noise, long seed) {
    return draw(
        "moons",
        n,
        List.of("upper", "lower"),
        noise,
        seed,
        (random, label, place) -> {
          double t = Math.PI * place.fraction();
          double x = StrictMath.cos(t);
          double y = StrictMath.sin(t);
          return label == 0 ? new double[] {x, y} : new double[] {1 - x, 0.5 - y};
        });
  }

  /**
   * Two concentric circles of radius 1 and ½, points evenly spaced, plus normal noise.
   *
   * @param noise the standard deviation of the noise
   */
  public static Dataset circles(int n, double noise, long seed) {
    return draw(
        "circles",
        n,
        List.of("outer", "inner"),
        noise,
        seed,
        (random, label, place) -> {
          double t = 2 * Math.PI * place.index() / place.count();
          double radius = label == 0 ? 1 : 0.5;
          return new double[] {radius * StrictMath.cos(t), radius * StrictMath.sin(t)};
        });
  }

  /**
   * Spiral arms from the origin, one for each class (after A. Karpathy's notes to Stanford's
   * CS231n).
   *
   * <p>Radius r evenly spaced in [0, 1], angle 2πk / classes + 4r, with normal noise on the angle.
   *
   * @param noise the standard deviation of the angle, in radians
   */
  public static Dataset spirals(int n, int classes, double noise, long seed) {
    return draw(
        "spirals",
        n,
        numbered("arm", classes),
        0,
        seed,
        (random, label, place) -> {
          double r = place.fraction();
          double t = 2 * Math.PI * label / classes + 4 * r + noise * random.nextGaussian();
          return new double[] {r * StrictMath.sin(t), r * StrictMath.cos(t)};
        });
  }

  /**
   * Points uniform in the square [−1, 1]², labelled by the exclusive or of their signs, then moved
   * by normal noise.
   *
   * @param noise the standard deviation of the noise
   */
  public static Dataset xor(int n, double noise, long seed) {
    return draw(
        "xor",
        n,
        List.of("same", "different"),
        noise,
        seed,
        (random, label, place) -> {
          double x = 1 - random.nextDouble();
          double y = 1 - random.nextDouble();
          boolean left = random.nextBoolean();
          return new double[] {left ? -x : x, left == (label == 0) ? -y : y};
        });
  }

  /**
   * Round clouds around centres evenly spaced on the unit circle.
   *
   * @param noise the standard deviation of a cloud
   */
  public static Dataset gaussians(int n, int classes, double noise, long seed) {
    return draw(
        "gaussians",
        n,
        numbered("cloud", classes),
        noise,
        seed,
        (random, label, place) -> {
          double t = 2 * Math.PI * label / classes;
          return new double[] {StrictMath.cos(t), StrictMath.sin(t)};
        });
  }

  /**
   * The yin-yang set: a point (x, y) in the symbol, given as (x, y, 1 − x, 1 − y), and the part it
   * is in: yin, yang or one of the two dots.
   *
   * <p>L. Kriener, J. Göltz and M. A. Petrovici, "The Yin-Yang dataset", 2021 (arXiv:2102.08211),
   * with the paper's radii ½ and 0.1.
   */
  public static Dataset yinYang(int n, long seed) {
    return draw(
        "yin-yang",
        n,
        List.of("yin", "yang", "dot"),
        0,
        seed,
        (random, label, place) -> {
          while (true) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            if (StrictMath.hypot(x - 0.5, y - 0.5) <= 0.5 && yinYangPart(x, y) == label) {
              return new double[] {x, y, 1 - x, 1 - y};
            }
          }
        });
  }

  private static int yinYangPart(double x, double y) {
    double dot = 0.1;
    double toRight = StrictMath.hypot(x - 0.75, y - 0.5);
    double toLeft = StrictMath.hypot(x - 0.25, y - 0.5);
    if (toRight <= dot || toLeft <= dot) {
      return 2;
    }
    return toLeft <= 0.25 || (y > 0.5 && toRight > 0.25) ? 1 : 0;
  }

  /** Which of its class's points is drawn: index of count. */
  private record Place(int index, int count) {
    double fraction() {
      return count == 1 ? 0 : index / (count - 1.0);
    }
  }

  private interface Point {
    double[] at(Philox random, int label, Place place);
  }

  private static Dataset draw(
      String name, int n, List<String> classes, double noise, long seed, Point point) {
    if (n < classes.size()) {
      throw new IllegalArgumentException(
          "%s: n must be at least %d, one point for each class, not %d"
              .formatted(name, classes.size(), n));
    }
    if (!(noise >= 0) || Double.isInfinite(noise)) {
      throw new IllegalArgumentException(
          "%s: noise must be a number from 0 up, not %s".formatted(name, noise));
    }
    Philox random = new Philox(seed, "data/" + name);
    int[] order = new Philox(seed, "data/" + name + "/order").permutation(n);
    float[] x = new float[0];
    int width = 0;
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      int label = i % classes.size();
      int count = (n - label + classes.size() - 1) / classes.size();
      double[] p = point.at(random, label, new Place(i / classes.size(), count));
      if (i == 0) {
        width = p.length;
        x = new float[Math.multiplyExact(n, width)];
      }
      for (int d = 0; d < width; d++) {
        double moved = noise == 0 ? p[d] : p[d] + noise * random.nextGaussian();
        x[order[i] * width + d] = (float) moved;
      }
      y[order[i]] = label;
    }
    return Dataset.classification(name, Tensor.of(x, n, width), Tensor.of(y), classes)
        .withFeatureNames(List.of("x", "y", "1-x", "1-y").subList(0, width));
  }

  private static List<String> numbered(String noun, int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes must be at least 2, not " + classes);
    }
    List<String> names = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      names.add(noun + " " + k);
    }
    return List.copyOf(names);
  }
}
