package chainrule.train;

import chainrule.optim.LRScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * How long and how {@link Trainer#fit} trains; immutable.
 *
 * <p>Start from {@link Trainer#epochs} and change what should differ; every method that takes an
 * argument returns a copy, and refuses what is out of range with an {@link
 * IllegalArgumentException} that names the option.
 *
 * <pre>{@code
 * var options = Trainer.epochs(20).batch(32).seed(7).patience(3).bestWeights(true);
 * }</pre>
 */
public final class FitOptions implements Cloneable {
  private int epochs;
  private int batch = 64;
  private long seed;
  private int patience;
  private boolean bestWeights;
  private double clipNorm = Double.POSITIVE_INFINITY;
  private double clipValue = Double.POSITIVE_INFINITY;
  private int accumulate = 1;
  private double ema;
  private int swa;
  private boolean compile = true;
  private List<LRScheduler> schedulers = List.of();
  private List<LRScheduler> stepSchedulers = List.of();
  private BooleanSupplier stop = () -> false;
  private List<TrainListener> listeners = List.of();

  private FitOptions() {}

  /** The defaults: batches of 64, seed 0, no clipping, no early stopping, a compiled step. */
  static FitOptions of(int epochs) {
    return new FitOptions().epochs(epochs);
  }

  private FitOptions with(Consumer<FitOptions> change) {
    FitOptions copy;
    try {
      copy = (FitOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
    change.accept(copy);
    copy.check();
    return copy;
  }

  private void check() {
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
  }

  private static void check(boolean good, String option, Object value, String wanted) {
    if (!good) {
      throw new IllegalArgumentException(option + " " + value + ": must be " + wanted);
    }
  }

  private static <T> List<T> and(List<T> list, T more) {
    var all = new ArrayList<>(list);
    all.add(more);
    return List.copyOf(all);
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

  /** How often the whole training set is seen; at least 0. */
  public int epochs() {
    return epochs;
  }

  /** A copy with other {@code epochs}. */
  public FitOptions epochs(int epochs) {
    return with(o -> o.epochs = epochs);
  }

  /** Rows of a step; the last batch of an epoch may be shorter. */
  public int batch() {
    return batch;
  }

  /** A copy with another batch size. */
  public FitOptions batch(int batch) {
    return with(o -> o.batch = batch);
  }

  /** What decides the order of the rows in every epoch. */
  public long seed() {
    return seed;
  }

  /** A copy with another seed. */
  public FitOptions seed(long seed) {
    return with(o -> o.seed = seed);
  }

  /** Stop after so many epochs without a lower validation loss; 0 never stops early. */
  public int patience() {
    return patience;
  }

  /** A copy that stops after {@code patience} epochs without a lower validation loss. */
  public FitOptions patience(int patience) {
    return with(o -> o.patience = patience);
  }

  /** Whether the weights of the epoch with the lowest validation loss are restored. */
  public boolean bestWeights() {
    return bestWeights;
  }

  /** A copy that does, or does not, restore the weights of the best epoch. */
  public FitOptions bestWeights(boolean bestWeights) {
    return with(o -> o.bestWeights = bestWeights);
  }

  /** Gradients longer than this, all parameters together, are scaled to it; ∞ clips nothing. */
  public double clipNorm() {
    return clipNorm;
  }

  /** A copy that clips the gradients' norm. */
  public FitOptions clipNorm(double clipNorm) {
    return with(o -> o.clipNorm = clipNorm);
  }

  /** Elements of gradients are limited to this magnitude, before the norm is; ∞ limits nothing. */
  public double clipValue() {
    return clipValue;
  }

  /** A copy that limits the gradients' elements. */
  public FitOptions clipValue(double clipValue) {
    return with(o -> o.clipValue = clipValue);
  }

  /** Batches whose gradients make one step, as one batch of all their rows would; at least 1. */
  public int accumulate() {
    return accumulate;
  }

  /** A copy that makes a step of so many batches. */
  public FitOptions accumulate(int accumulate) {
    return with(o -> o.accumulate = accumulate);
  }

  /**
   * The decay of an exponential moving average of the weights, which is what is validated and kept;
   * 0 for none.
   */
  public double ema() {
    return ema;
  }

  /** A copy that keeps an exponential moving average of the weights. */
  public FitOptions ema(double ema) {
    return with(o -> o.ema = ema);
  }

  /**
   * The epoch from which on the weights after an epoch are averaged, counted from 1, the average
   * being what is kept; 0 for none.
   */
  public int swa() {
    return swa;
  }

  /**
   * A copy that averages the weights from an epoch on, counted from 1, and afterwards measures
   * batch-norm statistics for the average on the training rows (stochastic weight averaging).
   */
  public FitOptions swa(int swa) {
    return with(o -> o.swa = swa);
  }

  /**
   * Whether a step is captured once and replayed, with the same bits, as {@link
   * chainrule.compile.Compiled} does; what cannot be captured is run as it is written, after a
   * warning.
   */
  public boolean compile() {
    return compile;
  }

  /** A copy that does, or does not, compile the step. */
  public FitOptions compile(boolean compile) {
    return with(o -> o.compile = compile);
  }

  /** Schedules that move after every epoch. */
  public List<LRScheduler> schedulers() {
    return schedulers;
  }

  /** Schedules that move after every step. */
  public List<LRScheduler> stepSchedulers() {
    return stepSchedulers;
  }

  /** Asked between steps; {@code true} ends the fit and keeps what was learned. */
  public BooleanSupplier stop() {
    return stop;
  }

  /** A copy that asks {@code stop} between steps. */
  public FitOptions stop(BooleanSupplier stop) {
    return with(o -> o.stop = stop);
  }

  /** Told what happens, in this order. */
  public List<TrainListener> listeners() {
    return listeners;
  }

  /**
   * A copy with one more schedule that moves after every epoch, by the validation loss (or the
   * training loss, without a validation set) if it goes by a metric.
   */
  public FitOptions scheduler(LRScheduler scheduler) {
    return with(o -> o.schedulers = and(schedulers, scheduler));
  }

  /** A copy with one more schedule that moves after every step of the optimizer. */
  public FitOptions stepScheduler(LRScheduler stepScheduler) {
    return with(o -> o.stepSchedulers = and(stepSchedulers, stepScheduler));
  }

  /** A copy with one more listener. */
  public FitOptions listener(TrainListener listener) {
    return with(o -> o.listeners = and(listeners, listener));
  }
}
