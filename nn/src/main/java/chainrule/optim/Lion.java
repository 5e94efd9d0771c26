package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Lion: steps of one size, along the sign of a momentum.
 *
 * <p>At each step of a parameter p with gradient g and state m, which starts at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code p ← (1 − lr · weightDecay) · p}
 *   <li>{@code d ← sign(β₁ m + (1 − β₁) g)}
 *   <li>{@code p ← p − lr · d}
 *   <li>{@code m ← β₂ m + (1 − β₂) g}
 * </ol>
 *
 * <p>Source: Chen and others, <i>Symbolic discovery of optimization algorithms</i>, 2023, algorithm
 * 2. A learning rate 3 to 10 times smaller than Adam's is the authors' advice.
 *
 * {@snippet :
 * var lion = new Lion(model.parameters(), Lion.options().lr(1e-4).weightDecay(0.1));
 * }
 */
public final class Lion extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public Lion(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Lion(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.0001, betas 0.9 and 0.99, no weight decay. */
  public static Options options() {
    return new Options(1e-4, 0.9, 0.99, 0, false);
  }

  /**
   * The options of {@link Lion}.
   *
   * @param lr the learning rate, at least 0
   * @param beta1 the share of the momentum in the direction, in [0, 1)
   * @param beta2 the decay of the momentum, in [0, 1)
   * @param weightDecay the share of a parameter that a step of lr 1 would take away, at least 0
   * @param maximize whether to climb instead of to descend
   */
  public record Options(double lr, double beta1, double beta2, double weightDecay, boolean maximize)
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
      Checks.notNegative("weightDecay", weightDecay);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, beta1, beta2, weightDecay, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, beta1, beta2, weightDecay, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, beta1, beta2, weightDecay, maximize);
    }

    /** The same with another share of the momentum, and another decay of it. */
    public Options betas(double beta1, double beta2) {
      return new Options(lr, beta1, beta2, weightDecay, maximize);
    }

    /** {@code beta1}, which plays the part of a momentum. */
    @Override
    public double momentum() {
      return beta1;
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, momentum, beta2, weightDecay, maximize);
    }

    @Override
    public List<String> slots() {
      return List.of("m");
    }

    @Override
    public int scalars() {
      return 4;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr;
      into[1] = 1 - lr * weightDecay;
      into[2] = beta1;
      into[3] = 1 - beta1;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E lr = scalars.get(0);
      E keep = scalars.get(1);
      E b1 = scalars.get(2);
      E rest = scalars.get(3);
      E m = state.getFirst();
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        p = p.mul(keep);
      }
      E d = m.mul(b1).add(g.mul(rest)).sign();
      return List.of(p.sub(d.mul(lr)), m.mul(beta2).add(g.mul(1 - beta2)));
    }
  }
}
