package chainrule.optim;

/** A rate that is multiplied by {@code gamma} every {@code stepSize} times. */
public final class StepLR extends LRScheduler {
  private final int stepSize;
  private final double gamma;

  /** With gamma 0.1. */
  public StepLR(Optimizer optimizer, int stepSize) {
    this(optimizer, stepSize, 0.1);
  }

  /**
   * A rate that falls in steps.
   *
   * @param stepSize at least 1
   * @param gamma at least 0
   */
  public StepLR(Optimizer optimizer, int stepSize, double gamma) {
    super(optimizer);
    this.stepSize = Checks.atLeast("StepLR: stepSize", 1, stepSize);
    this.gamma = Checks.notNegative("StepLR: gamma", gamma);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    return t == 0 || t % stepSize != 0 ? group.lr() : group.lr() * gamma;
  }
}
