package chainrule.tensor;

/**
 * Thrown when a derivative cannot be taken: nothing was tracked, the graph was lost on the way, or
 * a saved value has changed since.
 */
public sealed class GraphException extends IllegalStateException permits CaptureException {
  private static final long serialVersionUID = 1;

  /** With a sentence for the user. */
  public GraphException(String message) {
    super(message);
  }
}
