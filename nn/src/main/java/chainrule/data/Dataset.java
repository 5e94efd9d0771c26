package chainrule.data;

import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Inputs and their targets, with the names that belong to them; immutable.
 *
 * <p>The inputs are F32 of n × d…. For classification the targets are n labels (I32) below the
 * number of class names; for regression they are n × 1 numbers (F32) and there are no class names.
 * A value that is NaN or infinite, and a label out of range, are refused with their row and column
 * (rows and columns count from 0).
 *
 * <pre>{@code
 * var digits = Datasets.digits();
 * var split = digits.split(0.2, 7);
 * for (var batch : new DataLoader(split.train(), 64, 7)) { … }
 * }</pre>
 */
public final class Dataset {
  private final String name;
  private final Tensor x;
  private final Tensor y;
  private final List<String> classNames;
  private final List<String> featureNames;
  private final Optional<Shape> imageShape;

  private Dataset(
      String name,
      Tensor x,
      Tensor y,
      List<String> classNames,
      List<String> featureNames,
      Optional<Shape> imageShape) {
    this.name = name;
    this.x = x;
    this.y = y;
    this.classNames = classNames;
    this.featureNames = featureNames;
    this.imageShape = imageShape;
  }

  /** Two parts of one set; every row is in exactly one of them. */
  public record Split(Dataset train, Dataset test) {}

  /**
   * A set for classification.
   *
   * @param x F32, n × d…
   * @param labels I32, n numbers from 0 to classNames.size() − 1
   */
  public static Dataset classification(
      String name, Tensor x, Tensor labels, List<String> classNames) {
    checkInputs(name, x);
    if (classNames.size() < 2) {
      throw DataException.in(
          name, "classification needs at least two classes, not " + classNames.size());
    }
    if (labels.dtype() != DType.I32 || !labels.shape().equals(Shape.of(x.size(0)))) {
      throw DataException.in(
          name,
          "labels must be I32 of shape %d, one for each row, not %s of shape %s"
              .formatted(x.size(0), labels.dtype(), labels.shape()));
    }
    int[] values = labels.toIntArray();
    for (int row = 0; row < values.length; row++) {
      if (values[row] < 0 || values[row] >= classNames.size()) {
        throw DataException.in(
            name,
            "row %d has the label %d, outside 0..%d"
                .formatted(row, values[row], classNames.size() - 1));
      }
    }
    return new Dataset(name, x, labels, List.copyOf(classNames), List.of(), Optional.empty());
  }

  /**
   * A set for regression.
   *
   * @param x F32, n × d…
   * @param targets F32, n × 1
   */
  public static Dataset regression(String name, Tensor x, Tensor targets) {
    checkInputs(name, x);
    if (targets.dtype() != DType.F32 || !targets.shape().equals(Shape.of(x.size(0), 1))) {
      throw DataException.in(
          name,
          "targets must be F32 of shape %d×1, one for each row, not %s of shape %s"
              .formatted(x.size(0), targets.dtype(), targets.shape()));
    }
    checkFinite(name, targets, "target");
    return new Dataset(name, x, targets, List.of(), List.of(), Optional.empty());
  }

  /** A set for classification whose inputs and labels were checked as they were read. */
  static Dataset trusted(String name, Tensor x, Tensor labels, List<String> classNames) {
    return new Dataset(name, x, labels, List.copyOf(classNames), List.of(), Optional.empty());
  }

  private static void checkInputs(String name, Tensor x) {
    if (x.dtype() != DType.F32 || x.rank() < 2) {
      throw DataException.in(
          name,
          "inputs must be F32 of shape n×d…, not %s of shape %s".formatted(x.dtype(), x.shape()));
    }
    if (x.size() == 0) {
      throw DataException.in(name, "a data set needs at least one row and one column");
    }
    checkFinite(name, x, "column");
  }

  private static void checkFinite(String name, Tensor t, String what) {
    float[] values = t.toFloatArray();
    int width = values.length / t.size(0);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw DataException.in(
            name,
            "row %d, %s %d is %s; a data set holds finite numbers only"
                .formatted(i / width, what, i % width, values[i]));
      }
    }
  }

  /** The same set with a name for every column; the count of names must be the size of a sample. */
  public Dataset withFeatureNames(List<String> names) {
    if (names.size() != sampleShape().size()) {
      throw DataException.in(
          name, "%d feature names for %d columns".formatted(names.size(), sampleShape().size()));
    }
    return new Dataset(name, x, y, classNames, List.copyOf(names), imageShape);
  }

  /** The same set, whose samples can be drawn as images of height × width. */
  public Dataset withImageShape(int height, int width) {
    if ((long) height * width != sampleShape().size()) {
      throw DataException.in(
          name,
          "an image of %d×%d does not hold a sample of %d numbers"
              .formatted(height, width, sampleShape().size()));
    }
    return new Dataset(name, x, y, classNames, featureNames, Optional.of(Shape.of(height, width)));
  }

  /** The same set under another name. */
  public Dataset withName(String newName) {
    return new Dataset(newName, x, y, classNames, featureNames, imageShape);
  }

  /** The name, as messages and reports show it. */
  public String name() {
    return name;
  }

  /** The inputs: F32, n × d…. */
  public Tensor x() {
    return x;
  }

  /** The targets: n labels (I32), or n × 1 numbers (F32). */
  public Tensor y() {
    return y;
  }

  /** The number of rows. */
  public int size() {
    return x.size(0);
  }

  /** The names of the classes by label; empty for regression. */
  public List<String> classNames() {
    return classNames;
  }

  /** Whether the targets are labels. */
  public boolean isClassification() {
    return !classNames.isEmpty();
  }

  /** The names of the columns; empty where they have none. */
  public List<String> featureNames() {
    return featureNames;
  }

  /** The shape of one sample: the inputs' shape without its first dimension. */
  public Shape sampleShape() {
    int[] dims = x.shape().toArray();
    return Shape.of(Arrays.copyOfRange(dims, 1, dims.length));
  }

  /** Height and width when a sample can be drawn as a grey image. */
  public Optional<Shape> imageShape() {
    return imageShape;
  }

  /** The set made of the given rows, in the given order; a row may repeat. */
  public Dataset rows(int... indices) {
    if (indices.length == 0) {
      throw DataException.in(name, "a data set needs at least one row");
    }
    for (int row : indices) {
      if (row < 0 || row >= size()) {
        throw DataException.in(name, "there is no row %d among %d".formatted(row, size()));
      }
    }
    Tensor index = Tensor.of(indices);
    return new Dataset(
        name,
        x.indexSelect(0, index),
        y.indexSelect(0, index),
        classNames,
        featureNames,
        imageShape);
  }

  /** How many rows each class has; empty for regression. */
  public int[] classCounts() {
    return isClassification() ? Splits.count(y.toIntArray(), classNames.size()) : new int[0];
  }

  /**
   * Splits the rows at random into a training and a test part that the seed decides.
   *
   * <p>The test part has round(n · testFraction) rows. For classification it is stratified: each
   * class gives the whole part of its share, the rows that are missing then come from the largest
   * remainders, and a class keeps at least one row for training. Each part keeps the rows in their
   * original order.
   *
   * @param testFraction the share of the test part, above 0 and below 1
   */
  public Split split(double testFraction, long seed) {
    Splits.Rows rows =
        isClassification()
            ? Splits.stratified(name, y.toIntArray(), classNames.size(), testFraction, seed)
            : Splits.plain(name, size(), testFraction, seed);
    return new Split(rows(rows.train()), rows(rows.test()));
  }

  /** A line such as {@code digits: 1797 rows of 64, 10 classes}. */
  @Override
  public String toString() {
    String kind = isClassification() ? classNames.size() + " classes" : "regression";
    return "%s: %d rows of %s, %s".formatted(name, size(), sampleShape(), kind);
  }
}
