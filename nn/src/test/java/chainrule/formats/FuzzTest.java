package chainrule.formats;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.data.CsvTable;
import chainrule.data.DataException;
import chainrule.data.Datasets;
import chainrule.data.Json;
import chainrule.data.Mnist;
import chainrule.data.Preprocessing;
import chainrule.data.TableOptions;
import chainrule.data.Tabular;
import chainrule.math.Philox;
import chainrule.tensor.Tensor;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Damages valid files 100,000 times: a reader accepts what it gets or says in one sentence what is
 * wrong, and never allocates more than the file can explain.
 *
 * <p>{@code -Dchainrule.fuzz=N} sets another number of mutations for each kind of file.
 */
class FuzzTest {
  private static final int MUTATIONS = Integer.getInteger("chainrule.fuzz", 14_300);
  private static final long MOST_ALLOCATED = 32L << 20;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private interface Reader {
    void read(String name, byte[] file);
  }

  private interface Damage {
    byte[] apply(Mutator mutator, byte[] valid);
  }

  @TestFactory
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  Stream<DynamicTest> noReaderIsSurprised() {
    byte[] labels = idx(new byte[] {0, 1, 2, 3, 4, 5, 6, 9}, 8);
    byte[] images = idx(new byte[8 * 12], 8, 4, 3);
    byte[] model = Models.bytes(ModelsTest.iris());
    String steps = Json.writePretty(ModelsTest.iris().preprocessing().toMap());
    return Stream.of(
        fuzz("csv", table(), Mutator::mutate, FuzzTest::readTable),
        fuzz("idx", images, Mutator::mutate, (name, file) -> Mnist.parse(name, file, "l", labels)),
        fuzz(
            "idx labels",
            labels,
            Mutator::mutate,
            (name, file) -> Mnist.parse("i", images, name, file)),
        fuzz(
            "idx gz",
            gzip(images),
            FuzzTest::damageGzip,
            (name, file) -> Mnist.parse(name, file, "l", labels)),
        fuzz("safetensors", tensors(), FuzzTest::damageHeader, Safetensors::parse),
        fuzz("model", model, FuzzTest::damageHeader, Models::parse),
        fuzz(
            "preprocessing",
            steps.getBytes(StandardCharsets.UTF_8),
            Mutator::mutate,
            (name, file) ->
                Preprocessing.fromMap(
                    name, Json.parseObject(name, new String(file, StandardCharsets.UTF_8)))));
  }

  private static DynamicTest fuzz(String kind, byte[] valid, Damage damage, Reader reader) {
    return DynamicTest.dynamicTest(
        kind,
        () -> {
          String name = "fuzzed." + kind.replace(' ', '.');
          reader.read(name, valid);
          int refused = 0;
          for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] file = damage.apply(new Mutator(new Philox(seed, "fuzz/" + kind)), valid);
            refused += refuses(kind, seed, reader, name, file) ? 1 : 0;
          }
          assertThat(refused).as("refused of %d", MUTATIONS).isBetween(MUTATIONS / 20, MUTATIONS);
        });
  }

  private static boolean refuses(String kind, int seed, Reader reader, String name, byte[] file) {
    String what = "%s, seed %d".formatted(kind, seed);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean refused = false;
    try {
      reader.read(name, file);
    } catch (DataException e) {
      refused = true;
      String message = String.valueOf(e.getMessage());
      boolean placed =
          message.contains(name + ":") || message.startsWith("l: ") || message.startsWith("i: ");
      if (!placed
          || message.contains("\n")
          || message.endsWith("null")
          || message.length() > 1500) {
        throw new AssertionError(what + ": not a sentence about the file: " + message, e);
      }
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(what + ": " + e, e);
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > MOST_ALLOCATED) {
      throw new AssertionError(what + ": allocated " + allocated + " bytes");
    }
    return refused;
  }

  private static void readTable(String name, byte[] file) {
    CsvTable table = CsvTable.parse(name, file);
    Tabular flowers = Tabular.prepare(table, TableOptions.target("y"), 0.2, 1);
    Preprocessing steps = flowers.preprocessing();
    steps.transform(table, true);
    if (!Preprocessing.fromMap(name, Json.parseObject(name, Json.write(steps.toMap())))
        .equals(steps)) {
      throw new IllegalStateException("the preprocessing changed on its way through JSON");
    }
  }

  private static byte[] table() {
    StringBuilder csv = new StringBuilder("width,colour,\"a name\",y\r\n");
    for (int i = 0; i < 30; i++) {
      csv.append(i % 7 == 3 ? "NA" : Double.toString(i * 0.37)).append(',');
      csv.append(i % 11 == 5 ? "" : i % 3 == 0 ? "red" : "\"light blue\"").append(',');
      csv.append(i % 5).append(',').append(i % 2 == 0 ? "rose" : "aster").append("\r\n");
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    tensors.put("b", Tensor.of(new double[] {1, 2}, 2));
    tensors.put("c", Tensor.of(new int[] {1, 2, 3}, 3));
    return Safetensors.bytes(tensors, Map.of("format", "pt"));
  }

  private static byte[] idx(byte[] data, int... dims) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * dims.length + data.length);
    file.put(new byte[] {0, 0, 8, (byte) dims.length});
    for (int dim : dims) {
      file.putInt(dim);
    }
    return file.put(data).array();
  }

  private static byte[] gzip(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Damages the compressed bytes, or the file inside, which then gets a sound cover. */
  private static byte[] damageGzip(Mutator mutator, byte[] valid) {
    byte[] inside = idx(new byte[8 * 12], 8, 4, 3);
    byte[] damaged = mutator.mutate(valid);
    return damaged.length % 2 == 0 ? damaged : gzip(mutator.mutate(inside));
  }

  /** Damages the whole file, or the header alone, whose length is then made true. */
  private static byte[] damageHeader(Mutator mutator, byte[] valid) {
    byte[] damaged = mutator.mutate(valid);
    if (damaged.length % 3 == 0) {
      return damaged;
    }
    int length = (int) ByteBuffer.wrap(valid).order(ByteOrder.LITTLE_ENDIAN).getLong();
    byte[] header = mutator.mutate(Arrays.copyOfRange(valid, 8, 8 + length));
    return ByteBuffer.allocate(8 + header.length + valid.length - 8 - length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(valid, 8 + length, valid.length - 8 - length)
        .array();
  }

  @Test
  void aLengthThatLiesCostsNothing() {
    byte[] liar = Datasets.digits().name().getBytes(StandardCharsets.UTF_8);
    for (int shift = 8; shift < 64; shift++) {
      byte[] file =
          ByteBuffer.allocate(8 + liar.length)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(1L << shift)
              .put(liar)
              .array();
      assertThat(refuses("header", shift, Safetensors::parse, "f", file)).isTrue();
      assertThat(refuses("header", shift, Models::parse, "f", file)).isTrue();
    }
  }
}
