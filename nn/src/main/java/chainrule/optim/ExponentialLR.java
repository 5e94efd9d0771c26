package chainrule.optim;

/** A rate that is multiplied by {@code gamma} every time. */
public final class ExponentialLR extends LRScheduler {
  private final double gamma;

  /**
   * A rate that falls exponentially.
   *
   * @param gamma at least 0
   */
  public ExponentialLR(Optimizer optimizer, double gamma) {
    super(optimizer);
    this.gamma = Checks.notNegative("ExponentialLR: gamma", gamma);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    return t == 0 ? group.lr() : group.lr() * gamma;
  }
}
