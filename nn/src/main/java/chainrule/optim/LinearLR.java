package chainrule.optim;

/**
 * A rate whose factor goes in a straight line from {@code startFactor} to {@code endFactor} at time
 * {@code totalIters}: a warm-up.
 *
 * <p>Source: Goyal and others, <i>Accurate, large minibatch SGD</i>, 2017, section 2.2.
 */
public final class LinearLR extends LRScheduler {
  private final double startFactor;
  private final double endFactor;
  private final int totalIters;

  /** From a third to the whole rate at time 5. */
  public LinearLR(Optimizer optimizer) {
    this(optimizer, 1.0 / 3, 1, 5);
  }

  /**
   * From one share of the rate to another.
   *
   * @param startFactor in (0, 1]
   * @param endFactor in [0, 1]
   * @param totalIters the time of the last change, at least 1
   */
  public LinearLR(Optimizer optimizer, double startFactor, double endFactor, int totalIters) {
    super(optimizer);
    Checks.fraction("LinearLR: endFactor", endFactor);
    this.startFactor = Checks.share("LinearLR: startFactor", startFactor);
    this.endFactor = endFactor;
    this.totalIters = Checks.atLeast("LinearLR: totalIters", 1, totalIters);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    if (t == 0) {
      return group.lr() * startFactor;
    }
    if (t > totalIters) {
      return group.lr();
    }
    double rise = endFactor - startFactor;
    return group.lr() * (1 + rise / (totalIters * startFactor + (t - 1) * rise));
  }
}
