package chainrule.optim;

import java.util.function.IntToDoubleFunction;

/** The rate times any function of time. */
public final class LambdaLR extends LRScheduler {
  private final IntToDoubleFunction factor;

  /**
   * The rate times {@code factor}.
   *
   * @param factor of the time, 0 at first; not part of the saved state
   */
  public LambdaLR(Optimizer optimizer, IntToDoubleFunction factor) {
    super(optimizer);
    this.factor = factor;
    start();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    return base(k) * factor.applyAsDouble(t);
  }
}
