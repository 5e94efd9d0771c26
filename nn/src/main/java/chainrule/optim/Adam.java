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
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code m ← β₁ m + (1 − β₁) g}
 *   <li>{@code v ← β₂ v + (1 − β₂) g²}
 *   <li>{@code w ← v}, or with AMSGrad {@code w ← max(w, v)}, which starts at 0
 *   <li>{@code p ← p − a · m / (√w + e)} with {@code a = lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ)} and {@code e
 *       = eps · √(1 − β₂ᵗ)}
 * </ol>
 *
 * <p>The last line is {@code p − lr · m̂ / (√v̂ + eps)} with the corrected means {@code m̂ = m/(1 −
 * β₁ᵗ)} and {@code v̂ = v/(1 − β₂ᵗ)}, written so that the corrections cost nothing per element; eps
 * stands outside the root. Sources: Kingma and Ba, <i>Adam: a method for stochastic
 * optimization</i>, 2015, algorithm 1 and section 2; AMSGrad: Reddi, Kale and Kumar, <i>On the
 * convergence of Adam and beyond</i>, 2018, algorithm 2, with the corrections, as in PyTorch.
 * Weight decay is PyTorch's L2 penalty, which passes through m and v; {@link AdamW} decouples it.
 *
 * {@snippet :
 * var adam = new Adam(model.parameters(), Adam.options().lr(1e-3));
 * }
 */
public final class Adam extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public Adam(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Adam(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.001, betas 0.9 and 0.999, eps 1e-8, no weight decay, no AMSGrad. */
  public static Options options() {
    return new Options(1e-3, 0.9, 0.999, 1e-8, 0, false, false);
  }

  /**
   * The options of {@link Adam}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the mean of squared gradients, in [0, 1)
   * @param eps what is added to the root, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param amsgrad whether to divide by the largest mean square so far
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr,
      double beta1,
      double beta2,
      double eps,
      double weightDecay,
      boolean amsgrad,
      boolean maximize)
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
      return new Options(lr, beta1, beta2, eps, weightDecay, amsgrad, maximize);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, beta1, beta2, eps, weightDecay, amsgrad, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, beta1, beta2, eps, weightDecay, amsgrad, maximize);
    }

    /** The same with the largest mean square so far in place of the present one, or not. */
    public Options amsgrad(boolean amsgrad) {
      return new Options(lr, beta1, beta2, eps, weightDecay, amsgrad, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, beta1, beta2, eps, weightDecay, amsgrad, maximize);
    }

    /** The same with other decays of the means. */
    public Options betas(double beta1, double beta2) {
      return new Options(lr, beta1, beta2, eps, weightDecay, amsgrad, maximize);
    }

    /** {@code beta1}, which plays the part of a momentum. */
    @Override
    public double momentum() {
      return beta1;
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, momentum, beta2, eps, weightDecay, amsgrad, maximize);
    }

    @Override
    public List<String> slots() {
      return amsgrad ? List.of("m", "v", "vmax") : List.of("m", "v");
    }

    @Override
    public int scalars() {
      return 4;
    }

    @Override
    public void scalars(long t, double[] into) {
      AdamMeans.scalars(t, lr, beta1, beta2, eps, into);
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      return AdamMeans.update(p, g, state, scalars, beta2, amsgrad);
    }
  }
}
