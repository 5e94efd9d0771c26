package chainrule.optim;

import chainrule.tensor.StateDict;
import chainrule.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Moves the learning rates of an optimizer's groups from step to step, or from epoch to epoch.
 *
 * <p>Making a schedule sets the rates of time 0; every {@link #step} after that, called when the
 * optimizer has made its own, sets those of the next time. A rate follows from the one before it,
 * so that several schedules on one optimizer multiply, as in PyTorch; what they start from are the
 * groups' rates when the first of them was made.
 *
 * {@snippet :
 * var schedule = new CosineAnnealingLR(adam, 50);
 * for (int epoch = 0; epoch < 50; epoch++) {
 *   learn(model, adam);
 *   schedule.step();
 * }
 * }
 */
public abstract sealed class LRScheduler
    permits ConstantLR,
        LinearLR,
        StepLR,
        MultiStepLR,
        ExponentialLR,
        PolynomialLR,
        CosineAnnealingLR,
        CosineAnnealingWarmRestarts,
        OneCycleLR,
        CyclicLR,
        LambdaLR,
        SWALR,
        ReduceLROnPlateau,
        SequentialLR,
        ChainedScheduler {
  private final Optimizer optimizer;
  private final double[] base;
  private int lastEpoch;

  LRScheduler(Optimizer optimizer) {
    this.optimizer = optimizer;
    this.base = optimizer.paramGroups().stream().mapToDouble(ParamGroup::initialLr).toArray();
  }

  /** The optimizer whose rates move. */
  public final Optimizer optimizer() {
    return optimizer;
  }

  /** The groups that move: those that the optimizer had when the schedule was made. */
  final List<ParamGroup> groups() {
    return optimizer.paramGroups().subList(0, base.length);
  }

  /** What the rate of group k starts from. */
  final double base(int k) {
    return base[k];
  }

  final void base(int k, double lr) {
    base[k] = lr;
  }

  /** The time, 0 at first. */
  public final int lastEpoch() {
    return lastEpoch;
  }

  /** The rates now, one for each group. */
  public final double[] lastLr() {
    return groups().stream().mapToDouble(ParamGroup::lr).toArray();
  }

  /** The rate of group k at time t from that at t − 1; at time 0 from the one it starts with. */
  abstract double lr(int t, int k, ParamGroup group);

  /** Sets the rates of time 0, from those that stand. */
  void start() {
    lastEpoch = 0;
    set();
  }

  /** Sets the rates of time 0, from those that the schedule began with. */
  final void restart() {
    for (int k = 0; k < base.length; k++) {
      groups().get(k).lr(base[k]);
    }
    start();
  }

  /** Sets the rates of the next time. */
  public void step() {
    lastEpoch++;
    set();
  }

  /**
   * Sets the rates of the next time, by how well the training goes where the schedule asks for
   * that.
   *
   * @param metric such as the validation loss
   */
  public void step(double metric) {
    step();
  }

  private void set() {
    List<ParamGroup> groups = groups();
    for (int k = 0; k < groups.size(); k++) {
      groups.get(k).lr(lr(lastEpoch, k, groups.get(k)));
    }
  }

  /** What a schedule resumes from, together with the optimizer's own state. */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> dict = new LinkedHashMap<>();
    save("", dict);
    return Collections.unmodifiableMap(dict);
  }

  void save(String prefix, Map<String, Tensor> dict) {
    dict.put(prefix + "lastEpoch", Tensor.scalar((double) lastEpoch));
    dict.put(prefix + "base", Tensor.of(base.clone()));
  }

  /**
   * Continues from a {@link #stateDict} of an equal schedule; the rates themselves are the
   * optimizer's state.
   *
   * @throws IllegalArgumentException if an entry is missing, unexpected, or of another shape or
   *     dtype; the message names them all
   */
  public final void loadStateDict(Map<String, Tensor> dict) {
    StateDict.check("loadStateDict of the schedule", "schedule", stateDict(), dict);
    load("", dict);
  }

  void load(String prefix, Map<String, Tensor> dict) {
    lastEpoch = (int) States.entry(dict, prefix + "lastEpoch").item();
    double[] from = States.entry(dict, prefix + "base").toDoubleArray();
    System.arraycopy(from, 0, base, 0, base.length);
  }
}
