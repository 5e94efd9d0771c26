package chainrule.optim;

/**
 * The rate rises from {@code baseLr} to {@code maxLr} and falls back, again and again, in straight
 * lines.
 *
 * <p>Source: Smith, <i>Cyclical learning rates for training neural networks</i>, 2017.
 */
public final class CyclicLR extends LRScheduler {
  /** How high the cycles after the first are. */
  public enum Mode {
    /** As the first. */
    TRIANGULAR,
    /** Half as high as the one before. */
    TRIANGULAR2,
    /** Times {@code gamma} to the power of the time. */
    EXP_RANGE
  }

  private final double maxLr;
  private final Options options;

  /** Cycles with the default options. */
  public CyclicLR(Optimizer optimizer, double baseLr, double maxLr) {
    this(optimizer, baseLr, maxLr, options());
  }

  /**
   * Cycles between two rates.
   *
   * @param baseLr at least 0
   * @param maxLr above 0
   * @throws IllegalArgumentException if the momentum is to move and the optimizer has none
   */
  public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, Options options) {
    super(optimizer);
    this.maxLr = Checks.positive("CyclicLR: maxLr", maxLr);
    this.options = options;
    for (int k = 0; k < groups().size(); k++) {
      if (options.cycleMomentum() && !groups().get(k).hasMomentum()) {
        throw new IllegalArgumentException(
            "CyclicLR: the optimizer has no momentum that can move; give it one, or switch it off"
                + " with cycleMomentum(false)");
      }
      base(k, Checks.notNegative("CyclicLR: baseLr", baseLr));
    }
    start();
  }

  /**
   * Rises and falls of 2,000 times, all of one height; the momentum moves from 0.9 to 0.8 and back.
   */
  public static Options options() {
    return new Options(2000, 0, Mode.TRIANGULAR, 1, true, 0.8, 0.9);
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    double up = options.stepSizeUp();
    double size = up + (options.stepSizeDown() == 0 ? up : options.stepSizeDown());
    double cycle = Math.floor(1 + t / size);
    double x = 1 + t / size - cycle;
    double ratio = up / size;
    double height = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
    height *=
        switch (options.mode()) {
          case TRIANGULAR -> 1;
          case TRIANGULAR2 -> 1 / StrictMath.pow(2, cycle - 1);
          case EXP_RANGE -> StrictMath.pow(options.gamma(), t);
        };
    if (options.cycleMomentum()) {
      double low = options.baseMomentum();
      double high = options.maxMomentum();
      group.momentum(high - (high - low) * height);
    }
    return base(k) + (maxLr - base(k)) * height;
  }

  /**
   * The options of {@link CyclicLR}.
   *
   * @param stepSizeUp times of a rise, at least 1
   * @param stepSizeDown times of a fall; 0 for as many as of a rise
   * @param mode how high later cycles are
   * @param gamma the base of EXP_RANGE, in (0, 1]
   * @param cycleMomentum whether the momentum moves against the rate
   * @param baseMomentum the momentum at the top of the rate, in (0, 1)
   * @param maxMomentum the momentum at the bottom, in (0, 1)
   */
  public record Options(
      int stepSizeUp,
      int stepSizeDown,
      Mode mode,
      double gamma,
      boolean cycleMomentum,
      double baseMomentum,
      double maxMomentum) {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.atLeast("stepSizeUp", 1, stepSizeUp);
      Checks.atLeast("stepSizeDown", 0, stepSizeDown);
      Checks.share("gamma", gamma);
      Checks.share("baseMomentum", baseMomentum);
      Checks.share("maxMomentum", maxMomentum);
    }

    /** The same with rises of another length. */
    public Options stepSizeUp(int stepSizeUp) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }

    /** The same with falls of another length. */
    public Options stepSizeDown(int stepSizeDown) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }

    /** The same with another height of later cycles. */
    public Options mode(Mode mode) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }

    /** The same with another base of EXP_RANGE. */
    public Options gamma(double gamma) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }

    /** The same with the momentum moving against the rate, or not. */
    public Options cycleMomentum(boolean cycleMomentum) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }

    /** The same with another momentum at the top of the rate. */
    public Options baseMomentum(double baseMomentum) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }

    /** The same with another momentum at the bottom. */
    public Options maxMomentum(double maxMomentum) {
      return new Options(
          stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
    }
  }
}
