package chainrule.formats;

import chainrule.data.DataException;
import chainrule.data.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, checked: what each tensor is, where its bytes are, and the
 * metadata.
 *
 * <p>The format is eight bytes with the length of the header (little-endian), the header in JSON,
 * and the data. Entries must lie behind one another without overlap or gap and end where the file
 * ends.
 */
record Header(Map<String, Entry> entries, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";
  private static final long LONGEST = 100_000_000;
  private static final int PREFIX = 8;
  private static final int HIGHEST_RANK = 32;
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE - 8;
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

  /** The types that are read, with the size of an element. */
  enum Type {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    I32(4);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /** One tensor; {@code position} counts from the start of the file. */
  record Entry(Type type, int[] shape, int elements, long position) {
    String shapeText() {
      return shape.length == 0
          ? "()"
          : Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("×"));
    }
  }

  private record Span(String name, long begin, long end) {}

  static Header read(String name, Source source) throws IOException {
    long size = source.size();
    if (size < PREFIX) {
      throw fault(name, "%d bytes are too few for a safetensors file".formatted(size));
    }
    long length = source.read(0, PREFIX).getLong();
    if (length < 0 || length > LONGEST) {
      throw fault(
          name,
          "the header declares %s bytes; at most %d are read"
              .formatted(Long.toUnsignedString(length), LONGEST));
    }
    if (length > size - PREFIX) {
      throw fault(
          name, "the header declares %d bytes, the file has %d".formatted(length, size - PREFIX));
    }
    ByteBuffer bytes = source.read(PREFIX, (int) length);
    if (length == 0 || bytes.get(bytes.position()) != '{') {
      throw fault(name, "the header must start with {; this is not a safetensors file");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(name + ": the header is not UTF-8", e);
    }
    Map<String, Object> json;
    try {
      json = Json.parseObject(name + ": header", text);
    } catch (DataException e) {
      throw FormatException.of(e);
    }
    return parse(name, json, PREFIX + length, size);
  }

  private static Header parse(
      String name, Map<String, Object> json, long dataStart, long fileSize) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Map<String, String> metadata = Map.of();
    List<Span> spans = new ArrayList<>();
    for (Map.Entry<String, Object> field : json.entrySet()) {
      if (field.getKey().equals(METADATA)) {
        metadata = metadata(name, field.getValue());
      } else {
        String place = name + ": tensor " + DataException.quote(field.getKey());
        entries.put(field.getKey(), entry(place, field, dataStart, fileSize, spans));
      }
    }
    checkSpans(name, spans, fileSize - dataStart);
    return new Header(entries, metadata);
  }

  private static Map<String, String> metadata(String name, Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw fault(name, "__metadata__ must be an object of texts");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    map.forEach(
        (key, text) -> {
          if (!(text instanceof String string)) {
            throw fault(
                name,
                "__metadata__: %s must be a text".formatted(DataException.quote((String) key)));
          }
          metadata.put((String) key, string);
        });
    return metadata;
  }

  private static Entry entry(
      String place,
      Map.Entry<String, Object> field,
      long dataStart,
      long fileSize,
      List<Span> spans) {
    if (!(field.getValue() instanceof Map<?, ?> map) || !map.keySet().equals(FIELDS)) {
      throw fault(place, "an object with dtype, shape and data_offsets is expected");
    }
    Type type = type(place, String.valueOf(map.get("dtype")));
    long[] dims = longs(place + ": shape", map.get("shape"));
    if (dims.length > HIGHEST_RANK) {
      throw fault(place, "shape: %d dimensions; at most 32 are read".formatted(dims.length));
    }
    int[] shape = new int[dims.length];
    long elements = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] > MOST_ELEMENTS || elements * dims[i] > MOST_ELEMENTS) {
        throw fault(place, "shape: more than 2^31 - 9 elements");
      }
      shape[i] = (int) dims[i];
      elements *= dims[i];
    }
    long[] offsets = longs(place + ": data_offsets", map.get("data_offsets"));
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw fault(place, "data_offsets: a begin and an end are expected");
    }
    if (offsets[1] > fileSize - dataStart) {
      throw fault(
          place,
          "data_offsets: ends at %d, the file has %d bytes of data"
              .formatted(offsets[1], fileSize - dataStart));
    }
    if (offsets[1] - offsets[0] != elements * type.bytes) {
      throw fault(
          place,
          "%d bytes of data for %d elements of %s"
              .formatted(offsets[1] - offsets[0], elements, type));
    }
    spans.add(new Span(field.getKey(), offsets[0], offsets[1]));
    return new Entry(type, shape, (int) elements, dataStart + offsets[0]);
  }

  private static Type type(String place, String dtype) {
    for (Type type : Type.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw fault(
        place,
        "dtype %s is not read; F64, F32, F16, BF16, I64 and I32 are"
            .formatted(DataException.quote(dtype)));
  }

  private static long[] longs(String place, @Nullable Object value) {
    if (!(value instanceof List<?> list)) {
      throw fault(place, "a list of whole numbers is expected");
    }
    long[] numbers = new long[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Long number) || number < 0) {
        throw fault(place, "whole numbers from 0 up are expected");
      }
      numbers[i] = number;
    }
    return numbers;
  }

  private static void checkSpans(String name, List<Span> spans, long dataSize) {
    spans.sort(Comparator.comparingLong(Span::begin).thenComparingLong(Span::end));
    long end = 0;
    for (Span span : spans) {
      if (span.begin() != end) {
        throw fault(
            name,
            "tensor %s begins at %d, where %s at %d"
                .formatted(
                    DataException.quote(span.name()),
                    span.begin(),
                    span.begin() < end
                        ? "another one overlaps it: that one ends"
                        : "there is a gap: the one before it ends",
                    end));
      }
      end = span.end();
    }
    if (end != dataSize) {
      throw fault(
          name, "the file has %d bytes of data, its tensors have %d".formatted(dataSize, end));
    }
  }

  static FormatException fault(String place, String sentence) {
    return new FormatException(place + ": " + sentence);
  }
}
