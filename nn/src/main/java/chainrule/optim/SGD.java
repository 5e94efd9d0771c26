package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Stochastic gradient descent with momentum.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and velocity b, which starts at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code g ← g + weightDecay · p}
 *   <li>{@code b ← momentum · b + (1 − dampening) · g}, at the first step {@code b ← g}
 *   <li>{@code d ← b}, or with Nesterov's momentum {@code d ← g + momentum · b}
 *   <li>{@code p ← p − lr · d}
 * </ol>
 *
 * <p>Line 2 is left out without weight decay, lines 3 and 4 without momentum (d is then g). State:
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
public final class SGD extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public SGD(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /**
   * An optimizer of the given parameters.
   *
   * @throws IllegalArgumentException if nesterov is asked for without momentum or with dampening
   */
  public SGD(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.01, no momentum, no dampening, no weight decay. */
  public static Options options() {
    return new Options(0.01, 0, 0, false, 0, false);
  }

  /**
   * The options of {@link SGD}.
   *
   * @param lr the learning rate, at least 0
   * @param momentum the share of the velocity that a step keeps, in [0, 1)
   * @param dampening the share of the gradient that does not enter the velocity, finite
   * @param nesterov whether to look ahead along the velocity
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr,
      double momentum,
      double dampening,
      boolean nesterov,
      double weightDecay,
      boolean maximize)
      implements UpdateRule, ParamGroup.Momentum {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.belowOne("momentum", momentum);
      Checks.finite("dampening", dampening);
      Checks.notNegative("weightDecay", weightDecay);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, momentum, dampening, nesterov, weightDecay, maximize);
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, momentum, dampening, nesterov, weightDecay, maximize);
    }

    /** The same with another dampening. */
    public Options dampening(double dampening) {
      return new Options(lr, momentum, dampening, nesterov, weightDecay, maximize);
    }

    /** The same with or without Nesterov's momentum. */
    public Options nesterov(boolean nesterov) {
      return new Options(lr, momentum, dampening, nesterov, weightDecay, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, momentum, dampening, nesterov, weightDecay, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, momentum, dampening, nesterov, weightDecay, maximize);
    }

    @Override
    public void check() {
      if (nesterov && (momentum == 0 || dampening != 0)) {
        throw new IllegalArgumentException(
            "SGD: nesterov needs a momentum above 0 and no dampening");
      }
    }

    @Override
    public List<String> slots() {
      return momentum > 0 ? List.of("momentum") : List.of();
    }

    @Override
    public int scalars() {
      return 3;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr;
      into[1] = momentum;
      into[2] = t == 1 ? 1 : 1 - dampening;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E lr = scalars.get(0);
      E mu = scalars.get(1);
      E rest = scalars.get(2);
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      if (momentum == 0) {
        return List.of(p.sub(g.mul(lr)));
      }
      E b = state.getFirst().mul(mu).add(dampening == 0 ? g : g.mul(rest));
      E d = nesterov ? g.add(b.mul(mu)) : b;
      return List.of(p.sub(d.mul(lr)), b);
    }
  }
}
