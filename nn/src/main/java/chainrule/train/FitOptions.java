package chainrule.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * How long and how {@link Trainer#fit} trains.
 *
 * <p>Start from {@link Trainer#epochs} and change what should differ; every method returns a copy.
 *
 * <pre>{@code
 * var options = Trainer.epochs(20).batch(32).seed(7).patience(3).bestWeights(true);
 * }</pre>
 *
 * @param epochs how often the whole training set is seen; at least 0
 * @param batch rows of a step; the last batch of an epoch may be shorter
 * @param seed decides the order of the rows in every epoch
 * @param patience stop after so many epochs without a lower validation loss; 0 never stops early
 * @param bestWeights whether the weights of the epoch with the lowest validation loss are restored
 * @param clipNorm gradients longer than this, all parameters together, are scaled to it; ∞ clips
 *     nothing
 * @param stop asked between batches; {@code true} ends the fit and keeps what was learned
 * @param listeners told what happens, in this order
 */
public record FitOptions(
    int epochs,
    int batch,
    long seed,
    int patience,
    boolean bestWeights,
    double clipNorm,
    BooleanSupplier stop,
    List<TrainListener> listeners) {

  /** Checks every number; the message names the option. */
  public FitOptions {
    if (epochs < 0) {
      throw new IllegalArgumentException("epochs " + epochs + ": must be 0 or more");
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch " + batch + ": must be 1 or more");
    }
    if (patience < 0) {
      throw new IllegalArgumentException(
          "patience " + patience + ": must be 0 (never stop early) or more");
    }
    if (!(clipNorm > 0)) {
      throw new IllegalArgumentException("clipNorm " + clipNorm + ": must be above 0");
    }
    listeners = List.copyOf(listeners);
  }

  /** The defaults: batches of 64, seed 0, no clipping, no early stopping. */
  static FitOptions of(int epochs) {
    return new FitOptions(
        epochs, 64, 0, 0, false, Double.POSITIVE_INFINITY, () -> false, List.of());
  }

  /** A copy with other {@code epochs}. */
  public FitOptions epochs(int epochs) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy with another batch size. */
  public FitOptions batch(int batch) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy with another seed. */
  public FitOptions seed(long seed) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy that stops after {@code patience} epochs without a lower validation loss. */
  public FitOptions patience(int patience) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy that does, or does not, restore the weights of the best epoch. */
  public FitOptions bestWeights(boolean bestWeights) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy that clips the gradients' norm. */
  public FitOptions clipNorm(double clipNorm) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy that asks {@code stop} between batches. */
  public FitOptions stop(BooleanSupplier stop) {
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, listeners);
  }

  /** A copy with one more listener. */
  public FitOptions listener(TrainListener listener) {
    List<TrainListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new FitOptions(epochs, batch, seed, patience, bestWeights, clipNorm, stop, more);
  }
}
