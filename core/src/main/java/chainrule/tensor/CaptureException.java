package chainrule.tensor;

/**
 * Thrown when a step cannot be compiled because it looks at numbers, which exist only when it runs;
 * run as it is written it may well be in order.
 */
public final class CaptureException extends GraphException {
  private static final long serialVersionUID = 1;

  /** With a sentence for the user. */
  public CaptureException(String message) {
    super(message);
  }
}
