package chainrule.optim;

/**
 * A rate that is multiplied by {@code factor} until time {@code totalIters}, and whole from then
 * on.
 */
public final class ConstantLR extends LRScheduler {
  private final double factor;
  private final int totalIters;

  /** A third of the rate until time 5. */
  public ConstantLR(Optimizer optimizer) {
    this(optimizer, 1.0 / 3, 5);
  }

  /**
   * A share of the rate until a time; a factor of 1 leaves the rate as it is.
   *
   * @param factor in (0, 1]
   * @param totalIters the time of the whole rate, at least 0
   */
  public ConstantLR(Optimizer optimizer, double factor, int totalIters) {
    super(optimizer);
    this.factor = Checks.share("ConstantLR: factor", factor);
    this.totalIters = Checks.atLeast("ConstantLR: totalIters", 0, totalIters);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    if (t == 0) {
      return group.lr() * factor;
    }
    return t == totalIters ? group.lr() * (1 / factor) : group.lr();
  }
}
