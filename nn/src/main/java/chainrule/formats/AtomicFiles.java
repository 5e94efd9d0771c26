package chainrule.formats;

import chainrule.data.DataException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files that appear whole or not at all.
 *
 * <p>The content goes to a temporary file in the same folder, is forced to the disk, and then takes
 * the name in one step; a reader sees the old file or the new one, also after a power cut. When
 * anything fails the temporary file is removed and an old file stays as it was.
 */
public final class AtomicFiles {
  private AtomicFiles() {}

  /** Writes a file's content to a stream. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces a file; folders that are missing are made.
   *
   * @throws DataException if the file cannot be written
   */
  public static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    Path last = absolute.getFileName();
    if (folder == null || last == null || Files.isDirectory(absolute)) {
      throw DataException.in(target.toString(), "a folder stands where a file is to be written");
    }
    long tag = ThreadLocalRandom.current().nextLong();
    Path temporary = folder.resolve(".%s.%016x.tmp".formatted(last, tag));
    try {
      Files.createDirectories(folder);
      try {
        fill(temporary, content);
        move(temporary, absolute);
      } finally {
        Files.deleteIfExists(temporary);
      }
      force(folder);
    } catch (IOException e) {
      throw DataException.writing(target.toString(), e);
    }
  }

  /**
   * Writes or replaces a text file in UTF-8.
   *
   * @throws DataException if the file cannot be written
   */
  public static void writeText(Path target, String text) {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void fill(Path temporary, Content content) throws IOException {
    try (FileChannel channel =
            FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private static void move(Path temporary, Path target) throws IOException {
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the new name last; folders cannot be opened on every system, and then need not be. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException _) {
      return;
    }
  }
}
