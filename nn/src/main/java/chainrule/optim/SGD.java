package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Stochastic gradient descent with momentum.
 *
 * <p>At each step, for each parameter p with gradient g and velocity b, which starts at 0:
 *
 * <ol>
 *   <li>{@code g ← g + weightDecay · p}
 *   <li>{@code b ← momentum · b + g}
 *   <li>{@code d ← b}, or with Nesterov's momentum {@code d ← g + momentum · b}
 *   <li>{@code p ← p − lr · d}
 * </ol>
 *
 * <p>Line 1 is left out without weight decay, lines 2 and 3 without momentum (d is then g). State:
 * b, only with momentum. Sources: Polyak, <i>Some methods of speeding up the convergence of
 * iteration methods</i>, 1964; Rumelhart, Hinton and Williams, <i>Learning representations by
 * back-propagating errors</i>, 1986; Sutskever, Martens, Dahl and Hinton, <i>On the importance of
 * initialization and momentum in deep learning</i>, 2013. The form is PyTorch's, in which lr scales
 * the whole velocity.
 *
 * {@snippet :
 * var sgd = new SGD(model.parameters(), SGD.options().lr(0.1).momentum(0.9).nesterov(true));
 * }
 */
public final class SGD extends Optimizer {
  private final Options options;

  /** An optimizer of the given parameters with the default options. */
  public SGD(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /**
   * An optimizer of the given parameters.
   *
   * @throws IllegalArgumentException if nesterov is asked for without momentum
   */
  public SGD(Collection<Parameter> parameters, Options options) {
    super(
        parameters,
        options.lr(),
        options.momentum() > 0 ? new String[] {"momentum"} : new String[0]);
    if (options.nesterov() && options.momentum() == 0) {
      throw new IllegalArgumentException("SGD: nesterov needs a momentum above 0");
    }
    this.options = options;
  }

  /** lr 0.01, no momentum, no weight decay. */
  public static Options options() {
    return new Options(0.01, 0, false, 0);
  }

  @Override
  public double[] scalars(long t) {
    return new double[] {lr()};
  }

  @Override
  public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
    return update(p, g, state, scalars.getFirst(), options);
  }

  /** The update: p and, with momentum, b after the step. */
  static <E extends Num<E>> List<E> update(E p, E g, List<E> state, E lr, Options o) {
    if (o.weightDecay != 0) {
      g = g.add(p.mul(o.weightDecay));
    }
    if (o.momentum == 0) {
      return List.of(p.sub(g.mul(lr)));
    }
    E b = state.getFirst().mul(o.momentum).add(g);
    E d = o.nesterov ? g.add(b.mul(o.momentum)) : b;
    return List.of(p.sub(d.mul(lr)), b);
  }

  /**
   * The options of {@link SGD}.
   *
   * @param lr the learning rate, at least 0
   * @param momentum the share of the velocity that a step keeps, in [0, 1)
   * @param nesterov whether to look ahead along the velocity
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   */
  public record Options(double lr, double momentum, boolean nesterov, double weightDecay) {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.belowOne("momentum", momentum);
      Checks.notNegative("weightDecay", weightDecay);
    }

    /** The same with another learning rate. */
    public Options lr(double lr) {
      return new Options(lr, momentum, nesterov, weightDecay);
    }

    /** The same with another momentum. */
    public Options momentum(double momentum) {
      return new Options(lr, momentum, nesterov, weightDecay);
    }

    /** The same with or without Nesterov's momentum. */
    public Options nesterov(boolean nesterov) {
      return new Options(lr, momentum, nesterov, weightDecay);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, momentum, nesterov, weightDecay);
    }
  }
}
