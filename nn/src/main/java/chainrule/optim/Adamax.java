package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Adamax: Adam with the largest magnitude in place of the mean square.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state m, u, which start at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code m ← β₁ m + (1 − β₁) g}
 *   <li>{@code u ← max(β₂ u, |g| + eps)}
 *   <li>{@code p ← p − a · m / u} with {@code a = lr / (1 − β₁ᵗ)}
 * </ol>
 *
 * <p>Source: Kingma and Ba, <i>Adam: a method for stochastic optimization</i>, 2015, algorithm 2;
 * eps is PyTorch's addition.
 *
 * {@snippet :
 * var adamax = new Adamax(model.parameters(), Adamax.options().lr(2e-3));
 * }
 */
public final class Adamax extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public Adamax(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Adamax(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.002, betas 0.9 and 0.999, eps 1e-8, no weight decay. */
  public static Options options() {
    return new Options(2e-3, 0.9, 0.999, 1e-8, 0, false);
  }

  /**
   * The options of {@link Adamax}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the largest magnitude, in [0, 1)
   * @param eps what is added to the magnitude of a gradient, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr, double beta1, double beta2, double eps, double weightDecay, boolean maximize)
      implements UpdateRule, ParamGroup.Momentum {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.belowOne("beta1", beta1);
      Checks.belowOne("beta2", beta2);
      Checks.notNegative("eps", eps);
      Checks.notNegative("weightDecay", weightDecay);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** The same with other decays of the means. */
    public Options betas(double beta1, double beta2) {
      return new Options(lr, beta1, beta2, eps, weightDecay, maximize);
    }

    /** {@code beta1}, which plays the part of a momentum. */
    @Override
    public double momentum() {
      return beta1;
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, momentum, beta2, eps, weightDecay, maximize);
    }

    @Override
    public List<String> slots() {
      return List.of("m", "u");
    }

    @Override
    public int scalars() {
      return 3;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr / (1 - AdamMeans.power(beta1, t));
      into[1] = beta1;
      into[2] = 1 - beta1;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E a = scalars.get(0);
      E b1 = scalars.get(1);
      E rest = scalars.get(2);
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      E m = state.get(0).mul(b1).add(g.mul(rest));
      E u = state.get(1).mul(beta2).maximum(g.abs().add(eps));
      return List.of(p.sub(m.div(u).mul(a)), m, u);
    }
  }
}
