package chainrule.train;

/**
 * Thrown when the loss of a batch is NaN or infinite; the message names the epoch and the batch and
 * says what to try.
 */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** What was learned before. */
  private final transient History history;

  /** With a sentence for the user and the epochs that went well. */
  DivergedException(String message, History history) {
    super(message);
    this.history = history;
  }

  /** The epochs completed before the loss was lost. */
  public History history() {
    return history;
  }
}
