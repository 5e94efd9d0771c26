package chainrule.data;

import chainrule.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * MNIST and Fashion-MNIST from a folder with their four IDX files.
 *
 * <p>The files keep the names they are published under, plain or with {@code .gz}: {@code
 * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte} and
 * {@code t10k-labels-idx1-ubyte}; a dot before {@code idx} is read as well. Pixels are divided by
 * 255: a sample is height · width numbers from 0 to 1.
 *
 * <pre>{@code
 * var mnist = Mnist.load(Path.of("data/mnist"));
 * mnist.train();   // 60,000 rows of 784
 * }</pre>
 *
 * <p>Y. LeCun, C. Cortes and C. J. C. Burges, "The MNIST database of handwritten digits"; H. Xiao,
 * K. Rasul and R. Vollgraf, "Fashion-MNIST", 2017 (arXiv:1708.07747).
 */
public final class Mnist {
  private static final List<String> CLOTHES =
      List.of(
          "T-shirt/top",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  private static final int LARGEST_SIDE = 4096;

  private Mnist() {}

  /**
   * The training and the test set of a folder.
   *
   * <p>The classes are named 0 … 9, or by the pieces of clothing when the folder's name contains
   * {@code fashion}.
   */
  public static Dataset.Split load(Path folder) {
    Path last = folder.toAbsolutePath().normalize().getFileName();
    boolean fashion = last != null && last.toString().toLowerCase(Locale.ROOT).contains("fashion");
    return fashion ? loadFashion(folder) : load(folder, "mnist", Datasets.tenDigits());
  }

  /** The training and the test set of a folder, with Fashion-MNIST's class names. */
  public static Dataset.Split loadFashion(Path folder) {
    return load(folder, "fashion-mnist", CLOTHES);
  }

  /**
   * One part from the bytes of its two files, each plain or compressed.
   *
   * @param imagesName the images' file, for messages
   * @param labelsName the labels' file, for messages
   */
  public static Dataset parse(String imagesName, byte[] images, String labelsName, byte[] labels) {
    return dataset(
        "mnist",
        Datasets.tenDigits(),
        imagesName,
        Idx.parse(imagesName, images),
        labelsName,
        Idx.parse(labelsName, labels));
  }

  private static Dataset.Split load(Path folder, String name, List<String> classes) {
    if (!Files.isDirectory(folder)) {
      throw DataException.in(
          folder.toString(), "there is no such folder; it should hold the four IDX files of MNIST");
    }
    Dataset train = part(folder, "train", name, classes);
    Dataset test = part(folder, "t10k", name, classes);
    if (!train.sampleShape().equals(test.sampleShape())) {
      throw DataException.in(
          folder.toString(),
          "training images of %s pixels and test images of %s"
              .formatted(train.imageShape().orElseThrow(), test.imageShape().orElseThrow()));
    }
    return new Dataset.Split(train, test);
  }

  private static Dataset part(Path folder, String part, String name, List<String> classes) {
    Path images = find(folder, part + "-images", "idx3-ubyte");
    Path labels = find(folder, part + "-labels", "idx1-ubyte");
    return dataset(
        name, classes, images.toString(), Idx.read(images), labels.toString(), Idx.read(labels));
  }

  private static Path find(Path folder, String stem, String format) {
    for (String separator : List.of("-", ".")) {
      for (String suffix : List.of("", ".gz")) {
        Path candidate = folder.resolve(stem + separator + format + suffix);
        if (Files.exists(candidate)) {
          return candidate;
        }
      }
    }
    throw DataException.in(
        folder.toString(), "the folder has no %s-%s, plain or with .gz".formatted(stem, format));
  }

  private static Dataset dataset(
      String name,
      List<String> classes,
      String imagesPath,
      Idx images,
      String labelsPath,
      Idx labels) {
    if (images.dims().length != 3) {
      throw DataException.in(
          imagesPath, "images have three dimensions, this file has " + images.dims().length);
    }
    if (labels.dims().length != 1) {
      throw DataException.in(
          labelsPath, "labels have one dimension, this file has " + labels.dims().length);
    }
    int n = images.dims()[0];
    int height = images.dims()[1];
    int width = images.dims()[2];
    if (labels.dims()[0] != n) {
      throw DataException.in(
          labelsPath,
          "%d labels for the %d images of %s".formatted(labels.dims()[0], n, imagesPath));
    }
    if (height > LARGEST_SIDE || width > LARGEST_SIDE) {
      throw DataException.in(
          imagesPath,
          "images of %d×%d pixels; a side has at most %d".formatted(height, width, LARGEST_SIDE));
    }
    int[] y = new int[n];
    for (int i = 0; i < n; i++) {
      y[i] = labels.data()[i] & 0xff;
      if (y[i] >= classes.size()) {
        throw DataException.in(
            labelsPath,
            "label %d of image %d is outside 0..%d".formatted(y[i], i, classes.size() - 1));
      }
    }
    Memory.require(imagesPath, 2L * Float.BYTES * images.data().length);
    float[] shade = new float[256];
    for (int i = 0; i < shade.length; i++) {
      shade[i] = i / 255f;
    }
    float[] x = new float[images.data().length];
    for (int i = 0; i < x.length; i++) {
      x[i] = shade[images.data()[i] & 0xff];
    }
    return Dataset.trusted(name, Tensor.of(x, n, height * width), Tensor.of(y), classes)
        .withImageShape(height, width);
  }
}
