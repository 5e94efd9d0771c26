package chainrule.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stream of the process that remembers what could not be written.
 *
 * <p>A {@link java.io.PrintWriter} swallows such errors, and a command whose results a full disk
 * lost would end as if all were well. That a reader such as {@code head} has seen enough and closed
 * the pipe is no error.
 */
final class StandardStream extends FilterOutputStream {
  private @Nullable String lost;

  StandardStream(FileDescriptor descriptor) {
    super(new FileOutputStream(descriptor));
  }

  /** Why something was lost, or null. */
  @Nullable String lost() {
    return lost;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.toLowerCase(Locale.ROOT).contains("pipe")) {
        lost = reason;
      }
      throw e;
    }
  }
}
