package chainrule.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with an input, in one sentence that starts with the place: {@code path: …} or
 * {@code path:line: …}.
 *
 * <p>The message is always a single line: control characters that come from the input are shown as
 * {@code �}.
 */
public class DataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_QUOTE = 40;

  /** An error with its whole message. */
  public DataException(String message) {
    this(message, null);
  }

  /** An error with its whole message and its cause. */
  public DataException(String message, @Nullable Throwable cause) {
    super(oneLine(message), cause);
  }

  /** An error at a line of a file; lines count from 1. */
  public static DataException at(String name, long line, String sentence) {
    return new DataException(name + ":" + line + ": " + sentence);
  }

  /** An error somewhere in a file. */
  public static DataException in(String name, String sentence) {
    return new DataException(name + ": " + sentence);
  }

  /** An error that the file system reported while a file was read. */
  public static DataException reading(String name, IOException e) {
    return new DataException(name + ": " + reason(e, "cannot be read"), e);
  }

  /** An error that the file system reported while a file was written. */
  public static DataException writing(String name, IOException e) {
    return new DataException(name + ": " + reason(e, "cannot be written"), e);
  }

  private static String reason(IOException e, String failure) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> failure + ": permission denied";
      default ->
          failure + ": " + (e.getMessage() == null ? e.getClass().getName() : e.getMessage());
    };
  }

  /** A piece of the input as it is shown in a message: in quotes, and shortened when it is long. */
  public static String quote(String text) {
    if (text.length() <= LONGEST_QUOTE) {
      return "'" + text + "'";
    }
    return "'" + text.substring(0, LONGEST_QUOTE - 1) + "…'";
  }

  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder(message);
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        line.setCharAt(i, '\uFFFD');
      }
    }
    return line.toString();
  }
}
