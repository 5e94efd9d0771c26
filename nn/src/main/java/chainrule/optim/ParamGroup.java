package chainrule.optim;

import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Parameters that an optimizer changes under the same options.
 *
 * {@snippet :
 * var adam = new Adam(body.parameters(), Adam.options().lr(1e-4));
 * adam.addParamGroup(head.parameters(), Adam.options().lr(1e-2));
 * adam.paramGroups().get(1).lr(1e-3);
 * }
 */
public final class ParamGroup {
  /** The options of a group: a learning rate, and what else the optimizer has. */
  public interface Options {
    /** The learning rate. */
    double lr();

    /** The same with another learning rate. */
    Options lr(double lr);

    /**
     * Checks what single options cannot say; called when a group is made.
     *
     * @throws IllegalArgumentException if options do not go together
     */
    default void check() {}
  }

  /**
   * Options with a momentum that a schedule can move: that of {@link SGD} and {@link RMSprop}, β₁
   * of {@link Adam} and its kin.
   */
  public interface Momentum extends Options {
    /** The momentum, 0 for none. */
    double momentum();

    /** The same with another momentum. */
    Momentum momentum(double momentum);
  }

  private final List<Parameter> parameters;
  private Options options;
  private double initialLr = Double.NaN;

  ParamGroup(Collection<Parameter> parameters, Options options) {
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    this.parameters = parameters.stream().filter(seen::add).toList();
    if (this.parameters.isEmpty()) {
      throw new IllegalArgumentException("an optimizer needs at least one parameter");
    }
    options.check();
    Checks.notNegative("lr", options.lr());
    this.options = options;
  }

  /** The parameters in order, each once. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** The options in force. */
  public Options options() {
    return options;
  }

  /** The learning rate. */
  public double lr() {
    return options.lr();
  }

  /**
   * Sets the learning rate of the next steps.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   */
  public void lr(double lr) {
    options = options.lr(Checks.notNegative("lr", lr));
  }

  /** The learning rate when the first schedule was made: what all of them start from. */
  double initialLr() {
    if (Double.isNaN(initialLr)) {
      initialLr = lr();
    }
    return initialLr;
  }

  void initialLr(double lr) {
    initialLr = lr;
  }

  /** Whether there is a momentum that can be moved. */
  public boolean hasMomentum() {
    return options instanceof Momentum m && m.momentum() > 0;
  }

  /**
   * The momentum, 0 if there is none.
   *
   * @see Momentum
   */
  public double momentum() {
    return options instanceof Momentum m ? m.momentum() : 0;
  }

  /**
   * Sets the momentum of the next steps.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1, both excluded, or the group was
   *     made without one
   */
  public void momentum(double momentum) {
    if (!(options instanceof Momentum m) || m.momentum() == 0) {
      throw new IllegalArgumentException(
          "a group that was made without momentum cannot get one; give it one in its options");
    }
    if (!(momentum > 0 && momentum < 1)) {
      throw new IllegalArgumentException("momentum must be in (0, 1), got " + momentum);
    }
    options = m.momentum(momentum);
  }
}
