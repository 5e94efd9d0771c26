package chainrule.optim;

import java.util.Collections;
import java.util.List;

/** A rate that is multiplied by {@code gamma} at each of the times {@code milestones}. */
public final class MultiStepLR extends LRScheduler {
  private final List<Integer> milestones;
  private final double gamma;

  /** With gamma 0.1. */
  public MultiStepLR(Optimizer optimizer, List<Integer> milestones) {
    this(optimizer, milestones, 0.1);
  }

  /**
   * A rate that falls at given times.
   *
   * @param milestones a time that is named twice counts twice
   * @param gamma at least 0
   */
  public MultiStepLR(Optimizer optimizer, List<Integer> milestones, double gamma) {
    super(optimizer);
    this.milestones = List.copyOf(milestones);
    this.gamma = Checks.notNegative("MultiStepLR: gamma", gamma);
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    int times = Collections.frequency(milestones, t);
    return times == 0 ? group.lr() : group.lr() * StrictMath.pow(gamma, times);
  }
}
