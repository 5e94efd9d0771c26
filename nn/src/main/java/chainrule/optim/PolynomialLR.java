package chainrule.optim;

/** {@code lr · (1 − t/totalIters)^power}, and 0 from time {@code totalIters} on. */
public final class PolynomialLR extends LRScheduler {
  private final int totalIters;
  private final double power;

  /** To 0 at time 5 in a straight line. */
  public PolynomialLR(Optimizer optimizer) {
    this(optimizer, 5, 1);
  }

  /**
   * A rate that falls to 0.
   *
   * @param totalIters when it is 0, at least 1
   * @param power at least 0; 1 for a straight line
   */
  public PolynomialLR(Optimizer optimizer, int totalIters, double power) {
    super(optimizer);
    this.totalIters = Checks.atLeast("PolynomialLR: totalIters", 1, totalIters);
    this.power = Checks.notNegative("PolynomialLR: power", power);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    if (t == 0 || t > totalIters) {
      return group.lr();
    }
    double now = 1.0 - (double) t / totalIters;
    double before = 1.0 - (t - 1.0) / totalIters;
    return group.lr() * StrictMath.pow(now / before, power);
  }
}
