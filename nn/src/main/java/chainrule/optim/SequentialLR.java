package chainrule.optim;

import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * One schedule after the other: the k-th from the time {@code milestones[k − 1]} on, where it
 * begins with its own time 0.
 *
 * {@snippet :
 * var warmUp = new LinearLR(adam, 0.01, 1, 100);
 * var cosine = new CosineAnnealingLR(adam, 900);
 * var schedule = new SequentialLR(List.of(warmUp, cosine), List.of(100));
 * }
 */
public final class SequentialLR extends LRScheduler {
  private final List<LRScheduler> schedulers;
  private final List<Integer> milestones;

  /**
   * Schedules of one optimizer, and the times at which all but the first begin.
   *
   * @throws IllegalArgumentException if there are not one fewer milestones than schedules, if these
   *     do not grow, or if a schedule is of another optimizer or goes by a metric
   */
  public SequentialLR(List<? extends LRScheduler> schedulers, List<Integer> milestones) {
    super(ChainedScheduler.optimizer("SequentialLR", schedulers));
    if (milestones.size() != schedulers.size() - 1) {
      throw new IllegalArgumentException(
          "SequentialLR: %d schedules need %d milestones, got %d"
              .formatted(schedulers.size(), schedulers.size() - 1, milestones.size()));
    }
    for (int k = 0; k < milestones.size(); k++) {
      if (milestones.get(k) <= (k == 0 ? 0 : milestones.get(k - 1))) {
        throw new IllegalArgumentException(
            "SequentialLR: milestones must be above 0 and grow, got " + milestones);
      }
    }
    this.schedulers = List.copyOf(schedulers);
    this.milestones = List.copyOf(milestones);
    start();
  }

  @Override
  void start() {
    schedulers.getFirst().restart();
    super.start();
  }

  @Override
  public void step() {
    int time = lastEpoch() + 1;
    int current = (int) milestones.stream().filter(m -> m <= time).count();
    if (milestones.contains(time)) {
      schedulers.get(current).restart();
    } else {
      schedulers.get(current).step();
    }
    super.step();
  }

  /** The part under way has set it. */
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
