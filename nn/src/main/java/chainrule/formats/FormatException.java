package chainrule.formats;

import chainrule.data.DataException;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a file's format, in one sentence that starts with the file. */
public final class FormatException extends DataException {
  private static final long serialVersionUID = 1L;

  /** An error with its whole message. */
  public FormatException(String message) {
    super(message);
  }

  /** An error with its whole message and its cause. */
  public FormatException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The same words as another error, as an error of a file's format. */
  static FormatException of(DataException e) {
    return new FormatException(String.valueOf(e.getMessage()), e);
  }
}
