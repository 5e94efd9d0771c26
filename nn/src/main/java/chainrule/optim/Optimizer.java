package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.StateDict;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Changes parameters by their gradients.
 *
 * {@snippet :
 * optimizer.zeroGrad();
 * loss.backward();
 * optimizer.step();
 * }
 *
 * <p>A subclass names the tensors of state that it keeps for each parameter, says which numbers
 * depend on the step ({@link #scalars}), and gives the update as a function over {@link Num}
 * ({@link #update}). State starts at 0. Every parameter counts its own steps, from 1; a parameter
 * without a gradient, or a frozen one, is left as it is.
 */
public abstract class Optimizer {
  private final List<Parameter> parameters;
  private final List<String> slots;
  private final Tensor[][] state;
  private final long[] steps;
  private List<Parameter> unreached = List.of();
  private double lr;

  /**
   * An optimizer of the given parameters, each counted once.
   *
   * @param slots the names of the state tensors of a parameter, each of the parameter's shape
   * @throws IllegalArgumentException if there is no parameter or lr is negative or not finite
   */
  protected Optimizer(Collection<Parameter> parameters, double lr, String... slots) {
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    this.parameters = parameters.stream().filter(seen::add).toList();
    if (this.parameters.isEmpty()) {
      throw new IllegalArgumentException("an optimizer needs at least one parameter");
    }
    this.slots = List.of(slots);
    this.lr = Checks.notNegative("lr", lr);
    this.steps = new long[this.parameters.size()];
    this.state = new Tensor[this.parameters.size()][slots.length];
    for (int i = 0; i < state.length; i++) {
      Parameter p = this.parameters.get(i);
      for (int k = 0; k < slots.length; k++) {
        state[i][k] = Tensor.zeros(p.dtype(), p.shape());
      }
    }
  }

  /** The parameters in order, each once. */
  public final List<Parameter> parameters() {
    return parameters;
  }

  /** The learning rate. */
  public final double lr() {
    return lr;
  }

  /**
   * Sets the learning rate of the next steps.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public final void lr(double lr) {
    this.lr = Checks.notNegative("lr", lr);
  }

  /** The names of the state tensors that each parameter has. */
  public final List<String> slots() {
    return slots;
  }

  /** Forgets all gradients. */
  public final void zeroGrad() {
    parameters.forEach(Parameter::zeroGrad);
  }

  /**
   * The numbers of step t that the update takes as inputs, computed in double.
   *
   * @param t the parameter's own count of steps, 1 at the first
   */
  public abstract double[] scalars(long t);

  /**
   * The next parameter, followed by the next state in the order of {@link #slots}.
   *
   * @param p the parameter
   * @param g its gradient
   * @param state its state in the order of {@link #slots}
   * @param scalars the numbers of {@link #scalars}
   */
  public abstract <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars);

  /**
   * Updates every parameter that has a gradient.
   *
   * @throws GraphException if no parameter has one
   */
  public final void step() {
    List<Parameter> missed = new ArrayList<>();
    boolean any = false;
    for (int i = 0; i < state.length; i++) {
      Parameter p = parameters.get(i);
      Tensor g = p.grad();
      if (!p.trainable()) {
        continue;
      }
      if (g == null) {
        missed.add(p);
        continue;
      }
      any = true;
      int index = i;
      Tape.noGrad(() -> step(index, p, g));
    }
    unreached = List.copyOf(missed);
    if (!any) {
      throw new GraphException(
          "step: none of the %d parameters has a gradient; call backward() on a loss first"
              .formatted(parameters.size()));
    }
  }

  private void step(int i, Parameter p, Tensor g) {
    steps[i]++;
    Tensor value = p.value();
    List<Tensor> scalars = new ArrayList<>();
    for (double c : scalars(steps[i])) {
      scalars.add(value.constant(c));
    }
    List<Tensor> next = update(value, g, List.of(state[i]), scalars);
    p.set(next.getFirst());
    for (int k = 0; k < slots.size(); k++) {
      state[i][k] = next.get(k + 1).flushSubnormals();
    }
  }

  /**
   * The trainable parameters that had no gradient at the last step: parts of the model that the
   * loss does not reach.
   */
  public final List<Parameter> unreached() {
    return unreached;
  }

  /**
   * The learning rate ({@code lr}) and, for the i-th parameter, its step count ({@code i.step}) and
   * its state ({@code i.m} and so on).
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> dict = new LinkedHashMap<>();
    dict.put("lr", Tensor.scalar(lr));
    for (int i = 0; i < state.length; i++) {
      dict.put(i + ".step", Tensor.scalar((double) steps[i]));
      for (int k = 0; k < slots.size(); k++) {
        dict.put(i + "." + slots.get(k), state[i][k]);
      }
    }
    return Collections.unmodifiableMap(dict);
  }

  /**
   * Continues from a {@link #stateDict} of an equal optimizer, or, if anything does not fit, leaves
   * this one as it is.
   *
   * @throws IllegalArgumentException if an entry is missing, unexpected, or of another shape or
   *     dtype; the message names them all
   */
  public final void loadStateDict(Map<String, Tensor> dict) {
    StateDict.check("loadStateDict of the optimizer", "optimizer", stateDict(), dict);
    lr(entry(dict, "lr").item());
    for (int i = 0; i < state.length; i++) {
      steps[i] = (long) entry(dict, i + ".step").item();
      for (int k = 0; k < slots.size(); k++) {
        state[i][k] = entry(dict, i + "." + slots.get(k)).detach();
      }
    }
  }

  private static Tensor entry(Map<String, Tensor> dict, String key) {
    return Objects.requireNonNull(dict.get(key), key);
  }
}
