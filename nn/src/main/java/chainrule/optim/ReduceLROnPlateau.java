package chainrule.optim;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * Multiplies the rate by {@code factor} when a metric has not improved for more than {@code
 * patience} epochs.
 *
 * {@snippet :
 * var schedule = new ReduceLROnPlateau(adam, ReduceLROnPlateau.options().patience(3));
 * schedule.step(validationLoss);
 * }
 */
public final class ReduceLROnPlateau extends LRScheduler {
  /** Which metrics are good. */
  public enum Mode {
    /** Small ones. */
    MIN,
    /** Large ones. */
    MAX
  }

  /** What the threshold is. */
  public enum ThresholdMode {
    /** A share of the best metric. */
    REL,
    /** A difference. */
    ABS
  }

  private final Options options;
  private double best;
  private int bad;
  private int resting;
  private boolean reducing;

  /** With the default options. */
  public ReduceLROnPlateau(Optimizer optimizer) {
    this(optimizer, options());
  }

  /** With the given options. */
  public ReduceLROnPlateau(Optimizer optimizer, Options options) {
    super(optimizer);
    this.options = options;
    this.best = options.mode() == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
  }

  /**
   * A tenth of the rate after more than 10 epochs in which a metric that should fall did not fall
   * by 1 in 10,000.
   */
  public static Options options() {
    return new Options(Mode.MIN, 0.1, 10, 1e-4, ThresholdMode.REL, 0, 0, 1e-8);
  }

  /**
   * Always refused: a metric is needed.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void step() {
    throw new UnsupportedOperationException(
        "ReduceLROnPlateau goes by a metric: call step(metric), after an epoch");
  }

  @Override
  public void step(double metric) {
    if (better(metric)) {
      best = metric;
      bad = 0;
    } else {
      bad++;
    }
    if (resting > 0) {
      resting--;
      bad = 0;
    }
    boolean reduce = bad > options.patience();
    if (reduce) {
      resting = options.cooldown();
      bad = 0;
    }
    reducing = reduce;
    super.step();
  }

  private boolean better(double metric) {
    double t = options.threshold();
    boolean share = options.thresholdMode() == ThresholdMode.REL;
    return options.mode() == Mode.MIN
        ? metric < (share ? best * (1 - t) : best - t)
        : metric > (share ? best * (t + 1) : best + t);
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    double next = Math.max(group.lr() * options.factor(), options.minLr());
    return reducing && group.lr() - next > options.eps() ? next : group.lr();
  }

  @Override
  void save(String prefix, Map<String, Tensor> dict) {
    super.save(prefix, dict);
    dict.put(prefix + "best", Tensor.scalar(best));
    dict.put(prefix + "bad", Tensor.scalar((double) bad));
    dict.put(prefix + "resting", Tensor.scalar((double) resting));
  }

  @Override
  void load(String prefix, Map<String, Tensor> dict) {
    super.load(prefix, dict);
    best = States.entry(dict, prefix + "best").item();
    bad = (int) States.entry(dict, prefix + "bad").item();
    resting = (int) States.entry(dict, prefix + "resting").item();
  }

  /**
   * The options of {@link ReduceLROnPlateau}.
   *
   * @param mode whether a good metric is small or large
   * @param factor what the rate is multiplied by, in [0, 1)
   * @param patience how many epochs without improvement are let pass, at least 0
   * @param threshold what an improvement is at least, at least 0
   * @param thresholdMode whether the threshold is a share of the best metric or a difference
   * @param cooldown how many epochs after a reduction do not count, at least 0
   * @param minLr the least rate, at least 0
   * @param eps a smaller reduction is left out, at least 0
   */
  public record Options(
      Mode mode,
      double factor,
      int patience,
      double threshold,
      ThresholdMode thresholdMode,
      int cooldown,
      double minLr,
      double eps) {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.belowOne("factor", factor);
      Checks.atLeast("patience", 0, patience);
      Checks.notNegative("threshold", threshold);
      Checks.atLeast("cooldown", 0, cooldown);
      Checks.notNegative("minLr", minLr);
      Checks.notNegative("eps", eps);
    }

    /** The same with metrics that are good when small, or when large. */
    public Options mode(Mode mode) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with another factor. */
    public Options factor(double factor) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with another patience. */
    public Options patience(int patience) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with another least improvement. */
    public Options threshold(double threshold) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with thresholds that are shares, or differences. */
    public Options thresholdMode(ThresholdMode thresholdMode) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with another rest after a reduction. */
    public Options cooldown(int cooldown) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with another least rate. */
    public Options minLr(double minLr) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }

    /** The same with another least reduction. */
    public Options eps(double eps) {
      return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
    }
  }
}
