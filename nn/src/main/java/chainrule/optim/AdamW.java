package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Adam with decoupled weight decay.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state m, v, which start at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code p ← (1 − lr · weightDecay) · p}
 *   <li>the lines of {@link Adam} from m on
 * </ol>
 *
 * <p>Source: Loshchilov and Hutter, <i>Decoupled weight decay regularization</i>, 2019, algorithm
 * 2, in PyTorch's form, where the learning rate scales the decay.
 *
 * {@snippet :
 * var adamW = new AdamW(model.parameters(), AdamW.options().lr(3e-4).weightDecay(0.1));
 * }
 */
public final class AdamW extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public AdamW(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public AdamW(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.001, betas 0.9 and 0.999, eps 1e-8, weight decay 0.01, no AMSGrad. */
  public static Options options() {
    return new Options(1e-3, 0.9, 0.999, 1e-8, 0.01, false, false);
  }

  /**
   * The options of {@link AdamW}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the decay of the mean of gradients, in [0, 1)
   * @param beta2 the decay of the mean of squared gradients, in [0, 1)
   * @param eps what is added to the root, at least 0
   * @param weightDecay the share of a parameter that a step of lr 1 would take away, at least 0
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
      return 5;
    }

    @Override
    public void scalars(long t, double[] into) {
      AdamMeans.scalars(t, lr, beta1, beta2, eps, into);
      into[4] = 1 - lr * weightDecay;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {

      E keep = scalars.getLast();
      if (maximize) {
        g = g.neg();
      }
      return AdamMeans.update(p.mul(keep), g, state, scalars, beta2, amsgrad);
    }
  }
}
