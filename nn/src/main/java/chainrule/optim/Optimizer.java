package chainrule.optim;

import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.StateDict;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Changes parameters by their gradients.
 *
 * {@snippet :
 * optimizer.zeroGrad();
 * loss.backward();
 * optimizer.step();
 * }
 *
 * <p>Parameters stand in groups, each with its own options; most optimizers have one. Every
 * parameter counts its own steps, from 1; a parameter without a gradient, or a frozen one, is left
 * as it is. Most optimizers are an {@link UpdateRule}, run by {@link ElementwiseOptimizer}.
 */
public abstract sealed class Optimizer permits ElementwiseOptimizer, LAMB, LBFGS {
  private final List<ParamGroup> groups = new ArrayList<>();
  private List<Parameter> unreached = List.of();

  /**
   * An optimizer of the given parameters, each counted once.
   *
   * @throws IllegalArgumentException if there is no parameter or lr is negative or not finite
   */
  protected Optimizer(Collection<Parameter> parameters, ParamGroup.Options options) {
    groups.add(new ParamGroup(parameters, options));
  }

  /** The parameters of all groups in order, each once. */
  public final List<Parameter> parameters() {
    return groups.stream().flatMap(g -> g.parameters().stream()).toList();
  }

  /** The groups in order. */
  public final List<ParamGroup> paramGroups() {
    return Collections.unmodifiableList(groups);
  }

  /**
   * Takes on further parameters under options of their own.
   *
   * @param options of the same optimizer
   * @throws IllegalArgumentException if the options are another optimizer's, there is no parameter,
   *     or one is in a group already
   */
  public final void addParamGroup(Collection<Parameter> parameters, ParamGroup.Options options) {
    Class<?> wanted = groups.getFirst().options().getClass();
    if (options.getClass() != wanted) {
      throw new IllegalArgumentException(
          "addParamGroup: %s in an optimizer of %s"
              .formatted(name(options.getClass()), name(wanted)));
    }
    var group = new ParamGroup(parameters, options);
    for (Parameter known : parameters()) {
      for (Parameter p : group.parameters()) {
        if (p == known) {
          throw new IllegalArgumentException(
              "addParamGroup: a parameter of shape %s%s is in a group already"
                  .formatted(p.shape(), p.name().isEmpty() ? "" : ", " + p.name() + ","));
        }
      }
    }
    added(group);
    groups.add(group);
  }

  private static String name(Class<?> options) {
    Class<?> outer = options.getEnclosingClass();
    return (outer == null ? "" : outer.getSimpleName() + ".") + options.getSimpleName();
  }

  /** A further group is about to join. */
  void added(ParamGroup group) {}

  /** The learning rate, of the first group where there are several. */
  public final double lr() {
    return groups.getFirst().lr();
  }

  /**
   * Sets the learning rate of the next steps, in every group.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final void lr(double lr) {
    groups.forEach(g -> g.lr(lr));
  }

  /** Forgets all gradients. */
  public final void zeroGrad() {
    groups.forEach(g -> g.parameters().forEach(Parameter::zeroGrad));
  }

  /**
   * Updates every parameter that has a gradient.
   *
   * @throws GraphException if no parameter has one
   */
  public abstract void step();

  /**
   * Evaluates and updates.
   *
   * @param closure clears the gradients, computes the loss, goes backward, and returns the loss
   * @return the loss before the step
   */
  public Tensor step(Supplier<Tensor> closure) {
    Tensor loss = closure.get();
    step();
    return loss;
  }

  /**
   * What a step does, but for numbers that change from step to step such as the learning rate: a
   * compiled step holds as long as this stays equal.
   */
  public abstract Object structure();

  /**
   * The trainable parameters that had no gradient at the last step: parts of the model that the
   * loss does not reach.
   */
  public final List<Parameter> unreached() {
    return unreached;
  }

  /** A step went over the parameters. */
  final void stepped(List<Parameter> missed, boolean any) {
    unreached = List.copyOf(missed);
    if (!any) {
      throw new GraphException(
          "step: none of the %d parameters has a gradient; call backward() on a loss first"
              .formatted(parameters().size()));
    }
  }

  /**
   * What a training resumes from: the learning rate ({@code lr}), the momentum where there is one,
   * and, for the i-th parameter, its step count ({@code i.step}) and its state ({@code i.m} and so
   * on). Group k after the first has {@code group.k.lr}. The other options are the program's.
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> dict = new LinkedHashMap<>();
    for (int k = 0; k < groups.size(); k++) {
      ParamGroup group = groups.get(k);
      dict.put(key(k, "lr"), Tensor.scalar(group.lr()));
      if (group.hasMomentum()) {
        dict.put(key(k, "momentum"), Tensor.scalar(group.momentum()));
      }
    }
    save(dict);
    return Collections.unmodifiableMap(dict);
  }

  private static String key(int group, String option) {
    return group == 0 ? option : "group." + group + "." + option;
  }

  /** Adds the state of the parameters. */
  abstract void save(Map<String, Tensor> dict);

  /**
   * Continues from a {@link #stateDict} of an equal optimizer, or, if anything does not fit, leaves
   * this one as it is.
   *
   * @throws IllegalArgumentException if an entry is missing, unexpected, or of another shape or
   *     dtype; the message names them all
   */
  public final void loadStateDict(Map<String, Tensor> dict) {
    check(dict);
    for (int k = 0; k < groups.size(); k++) {
      ParamGroup group = groups.get(k);
      group.lr(States.entry(dict, key(k, "lr")).item());
      if (group.hasMomentum()) {
        group.momentum(States.entry(dict, key(k, "momentum")).item());
      }
    }
    load(dict);
  }

  void check(Map<String, Tensor> dict) {
    StateDict.check("loadStateDict of the optimizer", "optimizer", stateDict(), dict);
  }

  /** Takes the state of the parameters from a map that has been checked. */
  abstract void load(Map<String, Tensor> dict);
}
