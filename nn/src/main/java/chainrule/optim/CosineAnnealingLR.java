package chainrule.optim;

/**
 * Half a cosine from the rate to {@code etaMin} at time {@code tMax}: {@code etaMin + ½ (lr −
 * etaMin)(1 + cos(π t/tMax))}; it rises again after that.
 *
 * <p>Source: Loshchilov and Hutter, <i>SGDR: stochastic gradient descent with warm restarts</i>,
 * 2017, equation 5, without restarts.
 */
public final class CosineAnnealingLR extends LRScheduler {
  private final int tMax;
  private final double etaMin;

  /** To 0 at time tMax. */
  public CosineAnnealingLR(Optimizer optimizer, int tMax) {
    this(optimizer, tMax, 0);
  }

  /**
   * To a least rate at time tMax.
   *
   * @param tMax at least 1
   * @param etaMin at least 0
   */
  public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin) {
    super(optimizer);
    this.tMax = Checks.atLeast("CosineAnnealingLR: tMax", 1, tMax);
    this.etaMin = Checks.notNegative("CosineAnnealingLR: etaMin", etaMin);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    if (t == 0) {
      return group.lr();
    }
    if ((t - 1 - tMax) % (2 * tMax) == 0) { // from the bottom there is no factor that leads up
      return group.lr() + (base(k) - etaMin) * (1 - StrictMath.cos(Math.PI / tMax)) / 2;
    }
    double now = 1 + StrictMath.cos(Math.PI * t / tMax);
    double before = 1 + StrictMath.cos(Math.PI * (t - 1) / tMax);
    return Math.max(0, now / before * (group.lr() - etaMin) + etaMin);
  }
}
