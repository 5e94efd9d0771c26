package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Adam: steps scaled by running means of the gradient and of its square.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state m, v, which start at 0:
 *
 * <ol>
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code m ← β₁ m + (1 − β₁) g}
 *   <li>{@code v ← β₂ v + (1 − β₂) g²}
 *   <li>{@code p ← p − a · m / (√v + e)} with {@code a = lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ)} and {@code e
 *       = eps · √(1 − β₂ᵗ)}
 * </ol>
 *
 * <p>The last line is {@code p − lr · m̂ / (√v̂ + eps)} with the corrected means {@code m̂ = m/(1 −
 * β₁ᵗ)} and {@code v̂ = v/(1 − β₂ᵗ)}, written so that the corrections cost nothing per element; eps
 * stands outside the root. Source: Kingma and Ba, <i>Adam: a method for stochastic
 * optimization</i>, 2015, algorithm 1 and section 2. Weight decay is PyTorch's L2 penalty, which
 * passes through m and v; {@link AdamW} decouples it.
 *
 * {@snippet :
 * var adam = new Adam(model.parameters(), Adam.options().lr(1e-3));
 * }
 */
public final class Adam extends Optimizer {
  private final Options options;

  /** An optimizer of the given parameters with the default options. */
  public Adam(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Adam(Collection<Parameter> parameters, Options options) {
    super(parameters, options.lr(), "m", "v");
    this.options = options;
  }

  /** lr 0.001, betas 0.9 and 0.999, eps 1e-8, no weight decay. */
  public static Options options() {
    return new Options(1e-3, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public double[] scalars(long t) {
    return scalars(t, lr(), options);
  }

  /** a and e of step t. */
  static double[] scalars(long t, double lr, Options o) {
    double correction1 = 1 - StrictMath.pow(o.beta1, (double) t);
    double correction2 = Math.sqrt(1 - StrictMath.pow(o.beta2, (double) t));
    return new double[] {lr * correction2 / correction1, o.eps * correction2};
  }

  @Override
  public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
    E m = state.getFirst();
    E v = state.getLast();
    return update(p, g, m, v, scalars.getFirst(), scalars.getLast(), options);
  }

  /** The update: p, m and v after the step. */
  static <E extends Num<E>> List<E> update(E p, E g, E m, E v, E a, E e, Options o) {
    if (o.weightDecay != 0) {
      g = g.add(p.mul(o.weightDecay));
    }
    m = m.mul(o.beta1).add(g.mul(1 - o.beta1));
    v = v.mul(o.beta2).add(g.square().mul(1 - o.beta2));
    p = p.sub(m.div(v.sqrt().add(e)).mul(a));
    return List.of(p, m, v);
  }

  /**
   * The options of {@link Adam} and {@link AdamW}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the mean of squared gradients, in [0, 1)
   * @param eps what is added to the root, at least 0
   * @param weightDecay for Adam the factor of an L2 penalty's gradient, for AdamW the share of a
   *     parameter that a step of lr 1 would take away; at least 0
   */
  public record Options(double lr, double beta1, double beta2, double eps, double weightDecay) {
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

    /** The same with another learning rate. */
    public Options lr(double lr) {
      return new Options(lr, beta1, beta2, eps, weightDecay);
    }

    /** The same with other decays of the means. */
    public Options betas(double beta1, double beta2) {
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
  }
}
