package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * NAdam: Adam with Nesterov's momentum.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state m, v, which start at 0, and
 * with {@code μᵢ = β₁ (1 − ½ · 0.96^(i · momentumDecay))}:
 *
 * <ol>
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code m ← β₁ m + (1 − β₁) g}
 *   <li>{@code v ← β₂ v + (1 − β₂) g²}
 *   <li>{@code d ← √v + e} with {@code e = eps · √(1 − β₂ᵗ)}
 *   <li>{@code p ← p − (a · g + b · m) / d} with {@code a = lr · √(1 − β₂ᵗ) · (1 − μₜ) / (1 − Π
 *       μᵢ)}, i to t, and {@code b = lr · √(1 − β₂ᵗ) · μₜ₊₁ / (1 − Π μᵢ)}, i to t + 1
 * </ol>
 *
 * <p>Source: Dozat, <i>Incorporating Nesterov momentum into Adam</i>, 2016, algorithm 2, with the
 * momentum schedule of its section 3. PyTorch before version 2 multiplies μₜ into the second
 * product twice; this is the paper's. β₁ cannot be moved by a schedule, as the products span all
 * steps.
 *
 * {@snippet :
 * var nadam = new NAdam(model.parameters(), NAdam.options().lr(2e-3));
 * }
 */
public final class NAdam extends ElementwiseOptimizer {
  /** A product of momenta below this no longer changes 1 less it. */
  private static final double NEGLIGIBLE = 0x1p-60;

  /** An optimizer of the given parameters with the default options. */
  public NAdam(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public NAdam(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.002, betas 0.9 and 0.999, eps 1e-8, no weight decay, momentum decay 0.004. */
  public static Options options() {
    return new Options(2e-3, 0.9, 0.999, 1e-8, 0, 4e-3);
  }

  /**
   * The options of {@link NAdam}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the mean of squared gradients, in [0, 1)
   * @param eps what is added to the root, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param momentumDecay how fast the momentum rises to β₁, at least 0
   */
  public record Options(
      double lr, double beta1, double beta2, double eps, double weightDecay, double momentumDecay)
      implements UpdateRule {
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
      Checks.notNegative("momentumDecay", momentumDecay);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    /** The same with another rise of the momentum. */
    public Options momentumDecay(double momentumDecay) {
      return new Options(lr, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    /** The same with other decays of the means. */
    public Options betas(double beta1, double beta2) {
      return new Options(lr, beta1, beta2, eps, weightDecay, momentumDecay);
    }

    @Override
    public List<String> slots() {
      return List.of("m", "v");
    }

    @Override
    public int scalars() {
      return 3;
    }

    @Override
    public void scalars(long t, double[] into) {
      double correction = Math.sqrt(1 - AdamMeans.power(beta2, t));
      double product = 1;
      for (long i = 1; i <= t && product > NEGLIGIBLE; i++) {
        product *= mu(i);
      }
      double next = mu(t + 1);
      into[0] = lr * correction * (1 - mu(t)) / (1 - product);
      into[1] = lr * correction * next / (1 - product * next);
      into[2] = eps * correction;
    }

    private double mu(long t) {
      return beta1 * (1 - 0.5 * StrictMath.pow(0.96, t * momentumDecay));
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E a = scalars.get(0);
      E b = scalars.get(1);
      E e = scalars.get(2);
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      E m = state.get(0).mul(beta1).add(g.mul(1 - beta1));
      E v = state.get(1).mul(beta2).add(g.square().mul(1 - beta2));
      E d = v.sqrt().add(e);
      return List.of(p.sub(g.mul(a).add(m.mul(b)).div(d)), m, v);
    }
  }
}
