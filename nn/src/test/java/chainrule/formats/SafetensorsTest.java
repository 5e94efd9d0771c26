package chainrule.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chainrule.data.DataException;
import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  /** A file with the given header and data. */
  static byte[] file(String header, byte... data) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data)
        .array();
  }

  private static String entry(String name, String dtype, String shape, long begin, long end) {
    return "'%s':{'dtype':'%s','shape':%s,'data_offsets':[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  private static void refused(byte[] file, String message) {
    assertThatThrownBy(() -> Safetensors.parse("m.st", file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("m.st:")
        .hasMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static void refused(String entries, int data, String message) {
    refused(file("{" + entries + "}", new byte[data]), message);
  }

  @Test
  void everyBitComesBack(@TempDir Path folder) throws Exception {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("f", Tensor.of(new float[] {1, -0f, Float.NaN, 1e-42f, Float.MAX_VALUE, 0}, 2, 3));
    tensors.put("d", Tensor.of(new double[] {Math.PI, Double.MIN_VALUE}, 2));
    tensors.put("i", Tensor.of(new int[] {Integer.MIN_VALUE, 0, 7}, 3, 1));
    tensors.put("scalar", Tensor.scalar(3f));
    tensors.put("empty", Tensor.of(new float[0], 0, 4));
    tensors.put("ä \"quoted\"", Tensor.of(new float[] {5}, 1));
    Path path = folder.resolve("a.safetensors");
    Safetensors.write(path, tensors, Map.of("by", "us"));

    Safetensors read = Safetensors.read(path);
    assertThat(read.metadata()).isEqualTo(Map.of("by", "us"));
    assertThat(read.tensors()).hasSize(6);
    tensors.forEach(
        (name, tensor) -> {
          Tensor back = read.tensors().get(name);
          assertThat(back).as(name).isNotNull();
          assertThat(back.dtype()).isEqualTo(tensor.dtype());
          assertThat(back.sameBits(tensor)).as(name).isTrue();
        });
    assertThat(read.tensors().keySet()).startsWith("d");
    byte[] bytes = Files.readAllBytes(path);
    assertThat(bytes).isEqualTo(Safetensors.bytes(read.tensors(), read.metadata()));
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8).isZero();
  }

  @Test
  void largeTensorsCrossChunks(@TempDir Path folder) {
    float[] data = new float[700_001];
    for (int i = 0; i < data.length; i++) {
      data[i] = i;
    }
    Tensor tensor = Tensor.of(data, data.length);
    Path path = folder.resolve("a.safetensors");
    Safetensors.write(path, Map.of("t", tensor), Map.of());
    assertThat(Safetensors.read(path).tensors().get("t").sameBits(tensor)).isTrue();
  }

  @Test
  void readsHalvesAndLongsExactly() {
    byte[] file =
        file(
            "{"
                + entry("h", "F16", "[2]", 0, 4)
                + ","
                + entry("b", "BF16", "[1,2]", 4, 8)
                + ","
                + entry("l", "I64", "[]", 8, 16)
                + "}  ",
            new byte[] {
              0, 0x3c, 1, 0, (byte) 0x80, 0x3f, 0, (byte) 0xc0, -5, -1, -1, -1, -1, -1, -1, -1
            });
    Map<String, Tensor> tensors = Safetensors.parse("m", file).tensors();
    assertThat(tensors.get("h").toFloatArray()).containsExactly(1f, 0x1p-24f);
    assertThat(tensors.get("b").toFloatArray()).containsExactly(1f, -2f);
    assertThat(tensors.get("b").shape()).isEqualTo(Shape.of(1, 2));
    assertThat(tensors.get("l").dtype()).isEqualTo(DType.I32);
    assertThat(tensors.get("l").item()).isEqualTo(-5);
    refused(
        file("{" + entry("l", "I64", "[1]", 0, 8) + "}", new byte[] {0, 0, 0, 0, 1, 0, 0, 0}),
        "element 0 is 4294967296, which is beyond 32 bits");
  }

  @Test
  void refusesHeadersThatLie() {
    refused(new byte[7], "7 bytes are too few");
    byte[] huge = file("{}");
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 60);
    refused(huge, "the header declares 1152921504606846976 bytes");
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(-1);
    refused(huge, "the header declares 18446744073709551615 bytes");
    ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(3);
    refused(huge, "the header declares 3 bytes, the file has 2");
    refused(file(""), "must start with {");
    refused(file("[]"), "must start with {");
    refused(file("{\u00ff}".replace("\u00ff", "\uD800")), "not JSON");
    refused(file("{'a':"), "m.st: header:1: not JSON");
    refused(file("{'__metadata__':[]}"), "__metadata__ must be an object");
    refused(file("{'__metadata__':{'a':1}}"), "__metadata__: 'a' must be a text");
    refused(file("{'a':{}}"), "an object with dtype, shape and data_offsets");
    String a = entry("a", "F32", "[1]", 0, 4);
    refused(a + "," + a, 4, "the key 'a' appears twice");
    refused(a.replace("}", ",'x':1}"), 4, "an object with dtype, shape and data_offsets");
  }

  @Test
  void refusesTensorsThatDoNotFitTheFile() {
    String a = entry("a", "F32", "[1]", 0, 4);
    refused(a + "," + entry("b", "F32", "[2]", 2, 10), 10, "'b' begins at 2, where another one");
    refused(a + "," + entry("b", "F32", "[1]", 8, 12), 12, "there is a gap");
    refused(entry("a", "F32", "[1]", 4, 8), 8, "there is a gap");
    refused(a, 3, "ends at 4, the file has 3 bytes of data");
    refused(a, 5, "the file has 5 bytes of data, its tensors have 4");
    refused(entry("a", "F32", "[2]", 0, 4), 4, "4 bytes of data for 2 elements of F32");
    refused(entry("a", "F32", "[1]", 4, 0), 4, "a begin and an end");
    refused(entry("a", "F32", "[1]", 0, 1L << 60), 4, "ends at 1152921504606846976");
    refused(entry("a", "F32", "[-1]", 0, 4), 4, "whole numbers from 0 up");
    refused(entry("a", "F32", "[1.5]", 0, 4), 4, "whole numbers from 0 up");
    refused(entry("a", "F32", "[65536,65536]", 0, 4), 4, "more than 2^31 - 9 elements");
    refused(entry("a", "F32", "[4294967296,4294967296,4]", 0, 4), 4, "more than 2^31 - 9 elements");
    refused(entry("a", "F32", Arrays.toString(new int[33]), 0, 0), 0, "33 dimensions");
    refused(entry("a", "C64", "[1]", 0, 8), 8, "dtype 'C64' is not read");
  }

  @Test
  void refusesFilesThatAreNotThere(@TempDir Path folder) {
    assertThatThrownBy(() -> Safetensors.read(folder.resolve("none")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> Safetensors.read(folder)).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> Safetensors.bytes(Map.of("__metadata__", Tensor.scalar(1f)), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(List.of(Safetensors.parse("m", file("{}")).tensors())).containsExactly(Map.of());
  }
}
