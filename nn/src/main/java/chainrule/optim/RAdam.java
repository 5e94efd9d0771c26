package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * RAdam: Adam that waits to divide by the mean square until it is known well enough.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state m, v, which start at 0, and
 * with {@code ρ∞ = 2/(1 − β₂) − 1} and {@code ρ = ρ∞ − 2t β₂ᵗ/(1 − β₂ᵗ)}:
 *
 * <ol>
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code m ← β₁ m + (1 − β₁) g}
 *   <li>{@code v ← β₂ v + (1 − β₂) g²}
 *   <li>if {@code ρ > 5}: {@code p ← p − a · r · √(1 − β₂ᵗ) · m / (√v + eps)} with {@code a = lr/(1
 *       − β₁ᵗ)} and {@code r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))}
 *   <li>otherwise {@code p ← p − a · m}
 * </ol>
 *
 * <p>Source: Liu and others, <i>On the variance of the adaptive learning rate and beyond</i>, 2020,
 * algorithm 2, with PyTorch's threshold of 5 and its place of eps.
 *
 * {@snippet :
 * var radam = new RAdam(model.parameters(), RAdam.options().lr(1e-3));
 * }
 */
public final class RAdam extends ElementwiseOptimizer {
  /** From this length of the mean square's memory on, its variance is finite and small enough. */
  private static final double KNOWN = 5;

  /** An optimizer of the given parameters with the default options. */
  public RAdam(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public RAdam(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.001, betas 0.9 and 0.999, eps 1e-8, no weight decay. */
  public static Options options() {
    return new Options(1e-3, 0.9, 0.999, 1e-8, 0);
  }

  /**
   * The options of {@link RAdam}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the mean of squared gradients, in [0, 1)
   * @param eps what is added to the root, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   */
  public record Options(double lr, double beta1, double beta2, double eps, double weightDecay)
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
      return new Options(lr, beta1, beta2, eps, weightDecay);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, beta1, beta2, eps, weightDecay);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, beta1, beta2, eps, weightDecay);
    }

    /** The same with other decays of the means. */
    public Options betas(double beta1, double beta2) {
      return new Options(lr, beta1, beta2, eps, weightDecay);
    }

    /** {@code beta1}, which plays the part of a momentum. */
    @Override
    public double momentum() {
      return beta1;
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, momentum, beta2, eps, weightDecay);
    }

    @Override
    public List<String> slots() {
      return List.of("m", "v");
    }

    @Override
    public int scalars() {
      return 4;
    }

    @Override
    public void scalars(long t, double[] into) {
      double power = AdamMeans.power(beta2, t);
      double most = 2 / (1 - beta2) - 1;
      double rho = most - 2 * t * power / (1 - power);
      double a = lr / (1 - AdamMeans.power(beta1, t));
      if (rho > KNOWN) {
        double r = (rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho);
        a *= Math.sqrt(r) * Math.sqrt(1 - power);
      }
      into[0] = a;
      into[1] = rho > KNOWN ? 1 : 0;
      into[2] = beta1;
      into[3] = 1 - beta1;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E a = scalars.get(0);
      E known = scalars.get(1);
      E b1 = scalars.get(2);
      E rest = scalars.get(3);
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      E m = state.get(0).mul(b1).add(g.mul(rest));
      E v = state.get(1).mul(beta2).add(g.square().mul(1 - beta2));
      E d = known.select(m.div(v.sqrt().add(eps)), m);
      return List.of(p.sub(d.mul(a)), m, v);
    }
  }
}
