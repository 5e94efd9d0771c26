package chainrule.tensor;

/** Thrown when element types do not fit an operation; the message names both. */
public final class DTypeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** With a sentence for the user. */
  public DTypeException(String message) {
    super(message);
  }
}
