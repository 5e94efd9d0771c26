package chainrule.optim;

import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Several schedules at once: their factors multiply.
 *
 * {@snippet :
 * var schedule = new ChainedScheduler(List.of(new LinearLR(sgd), new ExponentialLR(sgd, 0.9)));
 * }
 */
public final class ChainedScheduler extends LRScheduler {
  private final List<LRScheduler> schedulers;

  /**
   * Schedules of one optimizer, each of which has set the rates of its time 0 already.
   *
   * @throws IllegalArgumentException if there is none, or one is of another optimizer or goes by a
   *     metric
   */
  public ChainedScheduler(List<? extends LRScheduler> schedulers) {
    super(optimizer("ChainedScheduler", schedulers));
    this.schedulers = List.copyOf(schedulers);
  }

  /** The one optimizer of several schedules. */
  static Optimizer optimizer(String name, List<? extends LRScheduler> schedulers) {
    if (schedulers.isEmpty()) {
      throw new IllegalArgumentException(name + ": needs at least one schedule");
    }
    Optimizer optimizer = schedulers.getFirst().optimizer();
    for (LRScheduler s : schedulers) {
      if (!s.optimizer().equals(optimizer) || s instanceof ReduceLROnPlateau) {
        throw new IllegalArgumentException(
            name
                + (s instanceof ReduceLROnPlateau
                    ? ": ReduceLROnPlateau goes by a metric and cannot be a part"
                    : ": all schedules must be of one optimizer"));
      }
    }
    return optimizer;
  }

  @Override
  void start() {
    schedulers.forEach(LRScheduler::start);
    super.start();
  }

  @Override
  public void step() {
    schedulers.forEach(LRScheduler::step);
    super.step();
  }

  /** The parts have set it. */
  @Override
  double lr(int t, int k, ParamGroup group) {
    return group.lr();
  }

  @Override
  void save(String prefix, Map<String, Tensor> dict) {
    super.save(prefix, dict);
    for (int i = 0; i < schedulers.size(); i++) {
      schedulers.get(i).save(prefix + i + ".", dict);
    }
  }

  @Override
  void load(String prefix, Map<String, Tensor> dict) {
    super.load(prefix, dict);
    for (int i = 0; i < schedulers.size(); i++) {
      schedulers.get(i).load(prefix + i + ".", dict);
    }
  }
}
