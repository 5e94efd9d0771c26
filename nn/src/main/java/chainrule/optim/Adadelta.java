package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Adadelta: steps in the units of the parameter, from running means of squared gradients and of
 * squared steps.
 *
 * <p>At each step of a parameter p with gradient g and state v, u, which start at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code v ← rho · v + (1 − rho) g²}
 *   <li>{@code d ← √(u + eps) / √(v + eps) · g}
 *   <li>{@code u ← rho · u + (1 − rho) d²}
 *   <li>{@code p ← p − lr · d}
 * </ol>
 *
 * <p>Source: Zeiler, <i>ADADELTA: an adaptive learning rate method</i>, 2012, algorithm 1; lr is
 * PyTorch's addition.
 *
 * {@snippet :
 * var adadelta = new Adadelta(model.parameters(), Adadelta.options().rho(0.95));
 * }
 */
public final class Adadelta extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public Adadelta(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Adadelta(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 1, rho 0.9, eps 1e-6, no weight decay. */
  public static Options options() {
    return new Options(1, 0.9, 1e-6, 0, false);
  }

  /**
   * The options of {@link Adadelta}.
   *
   * @param lr the learning rate, at least 0
   * @param rho the decay of both means, in [0, 1]
   * @param eps what is added under both roots, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param maximize whether to climb instead of to descend
   */
  public record Options(double lr, double rho, double eps, double weightDecay, boolean maximize)
      implements UpdateRule {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.fraction("rho", rho);
      Checks.notNegative("eps", eps);
      Checks.notNegative("weightDecay", weightDecay);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, rho, eps, weightDecay, maximize);
    }

    /** The same with another decay of the means. */
    public Options rho(double rho) {
      return new Options(lr, rho, eps, weightDecay, maximize);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, rho, eps, weightDecay, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, rho, eps, weightDecay, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, rho, eps, weightDecay, maximize);
    }

    @Override
    public List<String> slots() {
      return List.of("squareAvg", "accDelta");
    }

    @Override
    public int scalars() {
      return 1;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      E v = state.get(0);
      E u = state.get(1);
      v = v.mul(rho).add(g.square().mul(1 - rho));
      E d = u.add(eps).sqrt().div(v.add(eps).sqrt()).mul(g);
      u = u.mul(rho).add(d.square().mul(1 - rho));
      return List.of(p.sub(d.mul(scalars.getFirst())), v, u);
    }
  }
}
