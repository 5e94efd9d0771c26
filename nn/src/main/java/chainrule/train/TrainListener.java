package chainrule.train;

/**
 * Watches a {@link Trainer#fit}; every method does nothing unless overridden.
 *
 * <p>The methods are called on the thread that trains, between batches, so a slow listener slows
 * the training. A listener may change the optimizer's learning rate; it should change nothing else.
 */
public interface TrainListener {

  /**
   * An epoch is about to begin.
   *
   * @param epoch counted from 1
   * @param epochs how many were asked for
   */
  default void epochStarted(int epoch, int epochs) {}

  /** A step has been made, of one batch or of those that gradients were accumulated over. */
  default void batchDone(BatchEvent event) {}

  /** An epoch is over, and the validation set, if any, has been measured. */
  default void epochDone(EpochEvent event) {}

  /**
   * Something deserves attention but does not stop the training, such as a parameter that no
   * gradient reaches; said once in a fit.
   */
  default void warning(String sentence) {}

  /**
   * The state after a step.
   *
   * @param epoch counted from 1
   * @param batch the last of the step, counted from 1
   * @param batches in this epoch
   * @param rows learned in this epoch so far
   * @param loss of this step's rows, before it
   * @param meanLoss over the rows of this epoch so far
   * @param meanAccuracy over the rows of this epoch so far; NaN in a regression
   * @param samplesPerSecond in this epoch so far
   */
  record BatchEvent(
      int epoch,
      int batch,
      int batches,
      int rows,
      double loss,
      double meanLoss,
      double meanAccuracy,
      double samplesPerSecond) {}

  /**
   * The state after an epoch.
   *
   * @param epoch its line of the history
   * @param epochs how many were asked for
   * @param best whether its validation loss is the lowest so far; {@code false} without a
   *     validation set
   */
  record EpochEvent(History.Epoch epoch, int epochs, boolean best) {}
}
