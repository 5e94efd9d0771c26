package chainrule.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import chainrule.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  private static byte[] idx(byte[] data, int... dims) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dims.length + data.length);
    file.put(new byte[] {0, 0, 8, (byte) dims.length});
    for (int dim : dims) {
      file.putInt(dim);
    }
    return file.put(data).array();
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> Idx.parse("f.idx", file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("f.idx: ")
        .hasMessageContaining(message);
  }

  @Test
  void readsPlainAndCompressed() throws IOException {
    byte[] file = idx(new byte[] {1, 2, 3, 4, 5, (byte) 200}, 3, 2);
    for (byte[] form : new byte[][] {file, gzip(file)}) {
      Idx idx = Idx.parse("f", form);
      assertThat(idx.dims()).containsExactly(3, 2);
      assertThat(idx.data()).containsExactly(1, 2, 3, 4, 5, 200);
    }
  }

  @Test
  void refusesDamage() throws IOException {
    byte[] file = idx(new byte[6], 3, 2);
    byte[] packed = gzip(file);
    refused(new byte[0], "not an IDX file");
    refused("hello, world".getBytes(java.nio.charset.StandardCharsets.UTF_8), "not an IDX file");
    refused(Arrays.copyOf(file, 9), "the IDX header is truncated");
    refused(Arrays.copyOf(file, file.length - 1), "more than the file can hold");
    refused(Arrays.copyOf(file, file.length + 1), "goes on after the 6 bytes (3×2)");
    refused(gzip(Arrays.copyOf(file, file.length - 1)), "truncated: the IDX header declares 6");
    refused(gzip(Arrays.copyOf(file, file.length + 1)), "goes on after");
    refused(Arrays.copyOf(packed, packed.length - 9), "ends too early");
    packed[packed.length - 8] ^= 1;
    refused(packed, "the gzip data is damaged");
    refused(new byte[] {0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0}, "type 0x0d");
    refused(new byte[] {0, 0, 8, 9, 0, 0, 0, 1}, "9 dimensions");
    refused(idx(new byte[0], 0), "dimension 0 of the IDX header is 0");
    refused(idx(new byte[6], -1, 2), "more than 2^30 elements");
    refused(idx(new byte[6], 1 << 30, 1 << 30), "more than 2^30 elements");
    refused(gzip(idx(new byte[6], 1 << 29)), "more than the file can hold");
  }

  @Test
  void refusesABombBeforeItGoesOff() throws IOException {
    byte[] bomb = gzip(Arrays.copyOf(idx(new byte[4], 4), 50_000_000));
    assertThat(bomb.length).isLessThan(100_000);
    refused(bomb, "goes on after the 4 bytes (4)");
  }

  @Test
  void imagesAndLabelsMustFit() {
    byte[] images = idx(new byte[12], 3, 2, 2);
    assertThat(Mnist.parse("i", images, "l", idx(new byte[] {0, 9, 5}, 3)).y().toIntArray())
        .containsExactly(0, 9, 5);
    assertThatThrownBy(() -> Mnist.parse("i", images, "l", idx(new byte[2], 2)))
        .isInstanceOf(DataException.class)
        .hasMessage("l: 2 labels for the 3 images of i");
    assertThatThrownBy(() -> Mnist.parse("i", images, "l", idx(new byte[] {0, 10, 5}, 3)))
        .hasMessage("l: label 10 of image 1 is outside 0..9");
    assertThatThrownBy(() -> Mnist.parse("i", images, "l", images))
        .hasMessage("l: labels have one dimension, this file has 3");
    assertThatThrownBy(() -> Mnist.parse("i", idx(new byte[3], 3), "l", idx(new byte[3], 3)))
        .hasMessage("i: images have three dimensions, this file has 1");
  }

  @Test
  void findsTheFilesUnderAllTheirNames(@TempDir Path folder) throws IOException {
    Path fashion = Files.createDirectory(folder.resolve("Fashion"));
    byte[] images = idx(new byte[8], 2, 2, 2);
    Files.write(fashion.resolve("train-images.idx3-ubyte"), images);
    Files.write(fashion.resolve("train-labels-idx1-ubyte"), idx(new byte[] {1, 2}, 2));
    Files.write(fashion.resolve("t10k-images-idx3-ubyte.gz"), gzip(images));
    assertThatThrownBy(() -> Mnist.load(fashion))
        .isInstanceOf(DataException.class)
        .hasMessage(fashion + ": the folder has no t10k-labels-idx1-ubyte, plain or with .gz");
    Files.write(fashion.resolve("t10k-labels.idx1-ubyte.gz"), gzip(idx(new byte[2], 2)));
    Dataset.Split split = Mnist.load(fashion);
    assertThat(split.train().classNames()).contains("ankle boot");
    assertThat(split.train().imageShape()).contains(Shape.of(2, 2));
    assertThatThrownBy(() -> Mnist.load(folder.resolve("nowhere")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no such folder");
  }

  @Test
  void readsMnistItself() {
    Path folder = Path.of(System.getProperty("chainrule.data", "data"), "mnist");
    assumeTrue(
        Files.isDirectory(folder),
        "MNIST is not here: set -Dchainrule.data to the folder above it");
    Dataset.Split mnist = Mnist.load(folder);
    assertThat(mnist.train()).hasToString("mnist: 60000 rows of 784, 10 classes");
    assertThat(mnist.test()).hasToString("mnist: 10000 rows of 784, 10 classes");
    assertThat(mnist.test().y().toIntArray()).startsWith(7, 2, 1, 0, 4, 1, 4, 9);
    assertThat(mnist.train().classCounts())
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    assertThat(mnist.train().x().max().item()).isOne();
  }
}
