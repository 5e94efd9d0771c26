package chainrule.formats;

import chainrule.data.DataException;
import chainrule.data.Json;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named tensors in the safetensors format (github.com/huggingface/safetensors).
 *
 * <p>F32, F64 and I32 are written. F16 and BF16 are read as F32, exactly, and I64 as I32 when every
 * number fits. The whole header is checked against the size of the file before a tensor is
 * allocated.
 *
 * <pre>{@code
 * Safetensors.write(path, model.stateDict(), Map.of());
 * var tensors = Safetensors.read(path).tensors();
 * }</pre>
 *
 * @param tensors by name, in the order of the header
 * @param metadata free texts by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final int CHUNK = 1 << 20;

  /** Keeps copies in the given order. */
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * Reads a file.
   *
   * @throws FormatException if the file is not as the format wants it
   */
  public static Safetensors read(Path path) {
    String name = path.toString();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      Source source = Source.of(channel);
      return read(name, source, Header.read(name, source));
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  /** Reads a file's bytes; the name stands in messages. */
  public static Safetensors parse(String name, byte[] file) {
    try {
      Source source = Source.of(file);
      return read(name, source, Header.read(name, source));
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  static Safetensors read(String name, Source source, Header header) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, Header.Entry> entry : header.entries().entrySet()) {
      String place = name + ": tensor " + DataException.quote(entry.getKey());
      tensors.put(entry.getKey(), tensor(place, source, entry.getValue()));
    }
    return new Safetensors(tensors, header.metadata());
  }

  private static Tensor tensor(String place, Source source, Header.Entry entry) throws IOException {
    int n = entry.elements();
    Tensor flat =
        switch (entry.type()) {
          case F64 -> {
            double[] data = new double[n];
            chunks(source, entry, (b, from, count) -> b.asDoubleBuffer().get(data, from, count));
            yield Tensor.of(data, n);
          }
          case F32 -> {
            float[] data = new float[n];
            chunks(source, entry, (b, from, count) -> b.asFloatBuffer().get(data, from, count));
            yield Tensor.of(data, n);
          }
          case F16 -> {
            float[] data = new float[n];
            chunks(source, entry, each(data, Float::float16ToFloat));
            yield Tensor.of(data, n);
          }
          case BF16 -> {
            float[] data = new float[n];
            chunks(source, entry, each(data, bits -> Float.intBitsToFloat(bits << 16)));
            yield Tensor.of(data, n);
          }
          case I32 -> {
            int[] data = new int[n];
            chunks(source, entry, (b, from, count) -> b.asIntBuffer().get(data, from, count));
            yield Tensor.of(data, n);
          }
          case I64 -> {
            int[] data = new int[n];
            chunks(source, entry, (b, from, count) -> narrow(place, b, data, from, count));
            yield Tensor.of(data, n);
          }
        };
    return flat.reshape(entry.shape());
  }

  private static void narrow(String place, ByteBuffer bytes, int[] data, int from, int count) {
    for (int i = 0; i < count; i++) {
      long value = bytes.getLong();
      if (value != (int) value) {
        throw Header.fault(
            place, "element %d is %d, which is beyond 32 bits".formatted(from + i, value));
      }
      data[from + i] = (int) value;
    }
  }

  private interface Half {
    float value(short bits);
  }

  private interface Chunk {
    void take(ByteBuffer bytes, int from, int count);
  }

  private static Chunk each(float[] data, Half half) {
    return (bytes, from, count) -> {
      for (int i = 0; i < count; i++) {
        data[from + i] = half.value(bytes.getShort());
      }
    };
  }

  private static void chunks(Source source, Header.Entry entry, Chunk chunk) throws IOException {
    int size = entry.type().bytes;
    int step = CHUNK / size;
    for (int from = 0; from < entry.elements(); from += step) {
      int count = Math.min(step, entry.elements() - from);
      chunk.take(source.read(entry.position() + (long) from * size, count * size), from, count);
    }
  }

  /**
   * Writes or replaces a file, whole or not at all.
   *
   * <p>The tensors are sorted by name, those of F64 before the others so that all are aligned, and
   * so is the metadata: equal content gives equal bytes, whatever the order of the maps.
   *
   * @param tensors F32, F64 or I32 by name
   * @param metadata free texts by name
   */
  public static void write(
      Path path, Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
    AtomicFiles.write(path, out -> write(out, tensors, metadata));
  }

  /** The bytes of a file, as {@link #write} writes it. */
  public static byte[] bytes(Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(out, tensors, metadata);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void write(
      OutputStream out, Map<String, ? extends Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<Map.Entry<String, Tensor>> entries = new ArrayList<>();
    tensors.forEach((name, tensor) -> entries.add(Map.entry(name, tensor)));
    entries.sort(
        Comparator.comparingInt((Map.Entry<String, Tensor> e) -> -bytesOf(e.getValue().dtype()))
            .thenComparing(Map.Entry.comparingByKey()));

    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(Header.METADATA, new TreeMap<>(metadata));
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : entries) {
      Tensor tensor = entry.getValue();
      long end = offset + (long) tensor.size() * bytesOf(tensor.dtype());
      Map<String, Object> field = new LinkedHashMap<>();
      field.put("dtype", tensor.dtype().name());
      field.put("shape", Arrays.stream(tensor.shape().toArray()).boxed().toList());
      field.put("data_offsets", List.of(offset, end));
      if (entry.getKey().equals(Header.METADATA)) {
        throw new IllegalArgumentException("a tensor cannot be named " + Header.METADATA);
      }
      header.put(entry.getKey(), field);
      offset = end;
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(json.length, 8) * 8;
    byte[] length = new byte[Long.BYTES];
    ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).putLong(padded);
    out.write(length);
    out.write(json);
    out.write(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
    for (Map.Entry<String, Tensor> entry : entries) {
      write(out, entry.getValue());
    }
  }

  private static int bytesOf(DType dtype) {
    return dtype == DType.F64 ? Double.BYTES : Float.BYTES;
  }

  private static void write(OutputStream out, Tensor tensor) throws IOException {
    int n = tensor.size();
    int step = CHUNK / bytesOf(tensor.dtype());
    float[] floats = tensor.dtype() == DType.F32 ? tensor.toFloatArray() : new float[0];
    double[] doubles = tensor.dtype() == DType.F64 ? tensor.toDoubleArray() : new double[0];
    int[] ints = tensor.dtype() == DType.I32 ? tensor.toIntArray() : new int[0];
    for (int from = 0; from < n; from += step) {
      int count = Math.min(step, n - from);
      byte[] bytes = new byte[count * bytesOf(tensor.dtype())];
      ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      switch (tensor.dtype()) {
        case F32 -> chunk.asFloatBuffer().put(floats, from, count);
        case F64 -> chunk.asDoubleBuffer().put(doubles, from, count);
        case I32 -> chunk.asIntBuffer().put(ints, from, count);
      }
      out.write(bytes);
    }
  }
}
