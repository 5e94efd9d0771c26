package chainrule.tensor;

/** Thrown when shapes do not fit an operation; the message names the operation and the shapes. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** With a sentence for the user. */
  public ShapeException(String message) {
    super(message);
  }
}
