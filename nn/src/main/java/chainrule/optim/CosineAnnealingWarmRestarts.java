package chainrule.optim;

import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * Half a cosine from the rate to {@code etaMin}, again and again, each time {@code tMult} times as
 * long as before; the first is {@code t0} long.
 *
 * <p>Source: Loshchilov and Hutter, <i>SGDR: stochastic gradient descent with warm restarts</i>,
 * 2017, equation 5.
 */
public final class CosineAnnealingWarmRestarts extends LRScheduler {
  private final int t0;
  private final int tMult;
  private final double etaMin;
  private int since;
  private int length;

  /** To 0, in stretches of equal length. */
  public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0) {
    this(optimizer, t0, 1, 0);
  }

  /**
   * To a least rate, in stretches that may grow.
   *
   * @param t0 at least 1
   * @param tMult at least 1
   * @param etaMin at least 0
   */
  public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult, double etaMin) {
    super(optimizer);
    this.t0 = Checks.atLeast("CosineAnnealingWarmRestarts: t0", 1, t0);
    this.tMult = Checks.atLeast("CosineAnnealingWarmRestarts: tMult", 1, tMult);
    this.etaMin = Checks.notNegative("CosineAnnealingWarmRestarts: etaMin", etaMin);
    start();
  }

  @Override
  void start() {
    since = 0;
    length = t0;
    super.start();
  }

  @Override
  public void step() {
    since++;
    if (since >= length) {
      since -= length;
      length *= tMult;
    }
    super.step();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    double cosine = StrictMath.cos(Math.PI * since / length);
    return etaMin + (base(k) - etaMin) * (1 + cosine) / 2;
  }

  @Override
  void save(String prefix, Map<String, Tensor> dict) {
    super.save(prefix, dict);
    dict.put(prefix + "since", Tensor.scalar((double) since));
    dict.put(prefix + "length", Tensor.scalar((double) length));
  }

  @Override
  void load(String prefix, Map<String, Tensor> dict) {
    super.load(prefix, dict);
    since = (int) States.entry(dict, prefix + "since").item();
    length = (int) States.entry(dict, prefix + "length").item();
  }
}
