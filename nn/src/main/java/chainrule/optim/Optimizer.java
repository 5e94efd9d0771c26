package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Buffer;
import chainrule.tensor.GraphException;
import chainrule.tensor.Parameter;
import chainrule.tensor.StateDict;
import chainrule.tensor.Tensor;
import chainrule.tensor.Update;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private final List<List<Buffer>> state = new ArrayList<>();
  private final long[] steps;
  private List<Parameter> unreached = List.of();
  private @Nullable Update update;
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
    for (Parameter p : this.parameters) {
      state.add(
          this.slots.stream()
              .map(slot -> new Buffer(slot, Tensor.zeros(p.dtype(), p.shape())))
              .toList());
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
   * <p>It is read once a step and run over all elements of all parameters: what differs from
   * parameter to parameter must come through its arguments.
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
    Update rule = update();
    for (int i = 0; i < state.size(); i++) {
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
      steps[i]++;
      rule.apply(p, g, state.get(i), scalars(steps[i]));
    }
    unreached = List.copyOf(missed);
    if (!any) {
      throw new GraphException(
          "step: none of the %d parameters has a gradient; call backward() on a loss first"
              .formatted(parameters.size()));
    }
  }

  private Update update() {
    Update known = update;
    if (known == null) {
      known = Update.of(slots.size(), scalars(1).length, this::update);
      update = known;
    } else {
      known.renew();
    }
    return known;
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
    for (int i = 0; i < state.size(); i++) {
      dict.put(i + ".step", Tensor.scalar((double) steps[i]));
      for (int k = 0; k < slots.size(); k++) {
        dict.put(i + "." + slots.get(k), state.get(i).get(k).value());
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
    for (int i = 0; i < state.size(); i++) {
      steps[i] = (long) entry(dict, i + ".step").item();
      for (int k = 0; k < slots.size(); k++) {
        state.get(i).get(k).set(entry(dict, i + "." + slots.get(k)));
      }
    }
  }

  private static Tensor entry(Map<String, Tensor> dict, String key) {
    return Objects.requireNonNull(dict.get(key), key);
  }
}
