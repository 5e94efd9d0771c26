package chainrule.train;

import chainrule.optim.LRScheduler;
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
 * @param clipValue elements of gradients are limited to this magnitude, before the norm is; ∞
 *     limits nothing
 * @param accumulate batches whose gradients make one step, as one batch of all their rows would; at
 *     least 1
 * @param ema the decay of an exponential moving average of the weights, which is what is validated
 *     and kept; 0 for none
 * @param swa the epoch from which on the weights after an epoch are averaged, counted from 1, the
 *     average being what is kept; 0 for none
 * @param schedulers schedules that move after every epoch
 * @param stepSchedulers schedules that move after every step
 * @param stop asked between steps; {@code true} ends the fit and keeps what was learned
 * @param listeners told what happens, in this order
 */
public record FitOptions(
    int epochs,
    int batch,
    long seed,
    int patience,
    boolean bestWeights,
    double clipNorm,
    double clipValue,
    int accumulate,
    double ema,
    int swa,
    List<LRScheduler> schedulers,
    List<LRScheduler> stepSchedulers,
    BooleanSupplier stop,
    List<TrainListener> listeners) {

  /** Checks every number; the message names the option. */
  public FitOptions {
    check(epochs >= 0, "epochs", epochs, "0 or more");
    check(batch >= 1, "batch", batch, "1 or more");
    check(patience >= 0, "patience", patience, "0 (never stop early) or more");
    check(clipNorm > 0, "clipNorm", clipNorm, "above 0");
    check(clipValue > 0, "clipValue", clipValue, "above 0");
    check(accumulate >= 1, "accumulate", accumulate, "1 or more");
    check(ema >= 0 && ema < 1, "ema", ema, "from 0 (no average) to below 1");
    check(swa >= 0, "swa", swa, "0 (no average) or more");
    if (ema > 0 && swa > 0) {
      throw new IllegalArgumentException("ema and swa are two averages of the weights; choose one");
    }
    schedulers = List.copyOf(schedulers);
    stepSchedulers = List.copyOf(stepSchedulers);
    listeners = List.copyOf(listeners);
  }

  private static void check(boolean good, String option, Object value, String wanted) {
    if (!good) {
      throw new IllegalArgumentException(option + " " + value + ": must be " + wanted);
    }
  }

  /** The defaults: batches of 64, seed 0, no clipping, no early stopping. */
  static FitOptions of(int epochs) {
    double none = Double.POSITIVE_INFINITY;
    return new FitOptions(
        epochs, 64, 0, 0, false, none, none, 1, 0, 0, List.of(), List.of(), () -> false, List.of());
  }

  /**
   * How many steps a fit to so many rows makes, as schedules need to know.
   *
   * @throws IllegalArgumentException if they do not fit an int
   */
  public int steps(int rows) {
    long steps = (long) epochs * Math.ceilDiv(Math.ceilDiv(rows, batch), accumulate);
    if (steps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("more than 2³¹ − 1 steps: " + steps);
    }
    return (int) steps;
  }

  /** A copy with other {@code epochs}. */
  public FitOptions epochs(int epochs) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy with another batch size. */
  public FitOptions batch(int batch) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy with another seed. */
  public FitOptions seed(long seed) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that stops after {@code patience} epochs without a lower validation loss. */
  public FitOptions patience(int patience) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that does, or does not, restore the weights of the best epoch. */
  public FitOptions bestWeights(boolean bestWeights) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that clips the gradients' norm. */
  public FitOptions clipNorm(double clipNorm) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that limits the gradients' elements. */
  public FitOptions clipValue(double clipValue) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that makes a step of so many batches. */
  public FitOptions accumulate(int accumulate) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that keeps an exponential moving average of the weights. */
  public FitOptions ema(double ema) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /**
   * A copy that averages the weights from an epoch on, counted from 1, and afterwards measures
   * batch-norm statistics for the average on the training rows (stochastic weight averaging).
   */
  public FitOptions swa(int swa) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy that asks {@code stop} between steps. */
  public FitOptions stop(BooleanSupplier stop) {
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        listeners);
  }

  /**
   * A copy with one more schedule that moves after every epoch, by the validation loss (or the
   * training loss, without a validation set) if it goes by a metric.
   */
  public FitOptions scheduler(LRScheduler scheduler) {
    List<LRScheduler> more = new ArrayList<>(schedulers);
    more.add(scheduler);
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        more,
        stepSchedulers,
        stop,
        listeners);
  }

  /** A copy with one more schedule that moves after every step of the optimizer. */
  public FitOptions stepScheduler(LRScheduler stepScheduler) {
    List<LRScheduler> more = new ArrayList<>(stepSchedulers);
    more.add(stepScheduler);
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        more,
        stop,
        listeners);
  }

  /** A copy with one more listener. */
  public FitOptions listener(TrainListener listener) {
    List<TrainListener> more = new ArrayList<>(listeners);
    more.add(listener);
    return new FitOptions(
        epochs,
        batch,
        seed,
        patience,
        bestWeights,
        clipNorm,
        clipValue,
        accumulate,
        ema,
        swa,
        schedulers,
        stepSchedulers,
        stop,
        more);
  }
}
