package chainrule.data;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * An array of bytes in the IDX format of the MNIST files, plain or compressed with gzip.
 *
 * <p>The file is two zero bytes, the type 0x08 (unsigned byte, the only one read here), the number
 * of dimensions, each dimension as a big-endian 32-bit number, and then the elements. A plain file
 * must be exactly as long as its dimensions say, before anything is allocated; a compressed one is
 * unpacked piece by piece and refused as soon as it is shorter or longer than that.
 *
 * @param dims the dimensions, one to four
 * @param data the elements, row by row, to be read as unsigned
 */
record Idx(int[] dims, byte[] data) {
  private static final int MOST_DIMS = 4;
  private static final int UNSIGNED_BYTE = 0x08;
  private static final long LARGEST = 1L << 30;
  private static final int CHUNK = 1 << 16;

  /** No stream that deflate wrote unpacks to more than this many times its size. */
  private static final long LARGEST_RATIO = 1032;

  static Idx read(Path path) {
    String name = path.toString();
    try (InputStream in = Files.newInputStream(path)) {
      return parse(name, in, Files.size(path));
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  static Idx parse(String name, byte[] file) {
    try {
      return parse(name, new ByteArrayInputStream(file), file.length);
    } catch (IOException e) {
      throw DataException.reading(name, e);
    }
  }

  private static Idx parse(String name, InputStream file, long size) throws IOException {
    byte[] magic = file.readNBytes(2);
    InputStream whole = new Rejoined(magic, file);
    if (magic.length == 2 && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b) {
      try (InputStream in = new GZIPInputStream(whole, CHUNK)) {
        return body(name, in, size * LARGEST_RATIO, false);
      } catch (EOFException e) {
        throw new DataException(name + ": the gzip data ends too early; the file is truncated", e);
      } catch (IOException e) {
        throw new DataException(name + ": the gzip data is damaged (" + e.getMessage() + ")", e);
      }
    }
    return body(name, whole, size, true);
  }

  /** The two bytes that were looked at, and then the rest. */
  private static final class Rejoined extends InputStream {
    private final byte[] head;
    private final InputStream rest;
    private int at;

    Rejoined(byte[] head, InputStream rest) {
      this.head = head;
      this.rest = rest;
    }

    @Override
    public int read() throws IOException {
      return at < head.length ? head[at++] & 0xff : rest.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (at < head.length && length > 0) {
        into[offset] = head[at++];
        return 1;
      }
      return rest.read(into, offset, length);
    }

    @Override
    public int available() throws IOException {
      return head.length - at + rest.available();
    }
  }

  private static Idx body(String name, InputStream in, long most, boolean exact)
      throws IOException {
    byte[] magic = in.readNBytes(4);
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
      throw DataException.in(
          name, "not an IDX file: it must start with the bytes 0, 0, type and dimensions");
    }
    if (magic[2] != UNSIGNED_BYTE) {
      throw DataException.in(
          name,
          "IDX elements of type 0x%02x; only unsigned bytes (0x08) are read".formatted(magic[2]));
    }
    int rank = magic[3] & 0xff;
    if (rank < 1 || rank > MOST_DIMS) {
      throw DataException.in(name, "IDX of %d dimensions; one to four are read".formatted(rank));
    }
    byte[] sizes = in.readNBytes(4 * rank);
    if (sizes.length < 4 * rank) {
      throw DataException.in(name, "the IDX header is truncated");
    }
    int[] dims = new int[rank];
    long count = 1;
    for (int d = 0; d < rank; d++) {
      long dim =
          (sizes[4 * d] & 0xffL) << 24
              | (sizes[4 * d + 1] & 0xffL) << 16
              | (sizes[4 * d + 2] & 0xffL) << 8
              | (sizes[4 * d + 3] & 0xffL);
      if (dim == 0) {
        throw DataException.in(name, "dimension %d of the IDX header is 0".formatted(d));
      }
      if (dim > LARGEST || count * dim > LARGEST) {
        throw DataException.in(name, "the IDX header declares more than 2^30 elements");
      }
      dims[d] = (int) dim;
      count *= dim;
    }
    long header = 4 + 4L * rank;
    if (count > most - header) {
      throw DataException.in(
          name,
          "the IDX header declares %d bytes (%s), more than the file can hold; it is truncated"
                  .formatted(count, dimensions(dims))
              + " or its counts are wrong");
    }
    if (exact && count != most - header) {
      throw DataException.in(name, longer(count, dims));
    }
    return new Idx(dims, elements(name, in, (int) count, dims));
  }

  private static byte[] elements(String name, InputStream in, int count, int[] dims)
      throws IOException {
    byte[] data = new byte[Math.min(count, CHUNK)];
    int filled = 0;
    while (filled < count) {
      if (filled == data.length) {
        data = Arrays.copyOf(data, (int) Math.min(count, 2L * data.length));
      }
      int got = in.read(data, filled, data.length - filled);
      if (got < 0) {
        throw DataException.in(
            name,
            "truncated: the IDX header declares %d bytes (%s), the file has %d"
                .formatted(count, dimensions(dims), filled));
      }
      filled += got;
    }
    if (in.read() >= 0) {
      throw DataException.in(name, longer(count, dims));
    }
    return data;
  }

  private static String longer(long count, int[] dims) {
    return "the file goes on after the %d bytes (%s) that its IDX header declares"
        .formatted(count, dimensions(dims));
  }

  private static String dimensions(int[] dims) {
    StringBuilder text = new StringBuilder();
    for (int dim : dims) {
      text.append(text.isEmpty() ? "" : "×").append(dim);
    }
    return text.toString();
  }
}
