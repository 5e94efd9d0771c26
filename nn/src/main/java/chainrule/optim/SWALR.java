package chainrule.optim;

/**
 * From whatever the rate is to {@code swaLr}, where it stays: for averaging weights.
 *
 * <p>Source: Izmailov and others, <i>Averaging weights leads to wider optima and better
 * generalization</i>, 2018.
 */
public final class SWALR extends LRScheduler {
  private final double swaLr;
  private final int annealEpochs;
  private final Anneal strategy;

  /** In 10 times along a cosine. */
  public SWALR(Optimizer optimizer, double swaLr) {
    this(optimizer, swaLr, 10, Anneal.COS);
  }

  /**
   * In so many times, on the given way.
   *
   * @param swaLr at least 0
   * @param annealEpochs at least 0
   */
  public SWALR(Optimizer optimizer, double swaLr, int annealEpochs, Anneal strategy) {
    super(optimizer);
    this.swaLr = Checks.notNegative("SWALR: swaLr", swaLr);
    this.annealEpochs = Checks.atLeast("SWALR: annealEpochs", 0, annealEpochs);
    this.strategy = strategy;
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    int time = annealEpochs == 0 ? Math.max(1, t) : t;
    double before = share(time - 1);
    double from = before == 1 ? swaLr : (group.lr() - before * swaLr) / (1 - before);
    double now = share(time);
    return Math.max(0, swaLr * now + from * (1 - now));
  }

  private double share(int time) {
    return strategy.at(0, 1, Math.clamp((double) time / Math.max(1, annealEpochs), 0.0, 1.0));
  }
}
