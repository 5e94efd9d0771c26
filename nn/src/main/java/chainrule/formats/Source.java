package chainrule.formats;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Bytes that are read by position: a file, or an array. */
interface Source {
  /** The number of bytes. */
  long size() throws IOException;

  /** Reads exactly the given bytes; the buffer is little-endian and ready to be read. */
  ByteBuffer read(long position, int length) throws IOException;

  static Source of(FileChannel channel) {
    return new Source() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, position + buffer.position()) < 0) {
            throw new EOFException("the file became shorter while it was read");
          }
        }
        return buffer.flip();
      }
    };
  }

  static Source of(byte[] bytes) {
    return new Source() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public ByteBuffer read(long position, int length) {
        return ByteBuffer.wrap(bytes, (int) position, length)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
      }
    };
  }
}
