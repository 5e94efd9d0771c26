package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Adagrad: steps that shrink with the squares of all gradients so far.
 *
 * <p>At step t = 1, 2, … of a parameter p with gradient g and state s, which starts at
 * initialAccumulatorValue:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code s ← s + g²}
 *   <li>{@code p ← p − a · g / (√s + eps)} with {@code a = lr / (1 + (t − 1) · lrDecay)}
 * </ol>
 *
 * <p>Source: Duchi, Hazan and Singer, <i>Adaptive subgradient methods for online learning and
 * stochastic optimization</i>, 2011, section 1.1, diagonal form.
 *
 * {@snippet :
 * var adagrad = new Adagrad(model.parameters(), Adagrad.options().lr(0.1));
 * }
 */
public final class Adagrad extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public Adagrad(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Adagrad(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.01, no decay of it, no weight decay, a sum that starts at 0, eps 1e-10. */
  public static Options options() {
    return new Options(0.01, 0, 0, 0, 1e-10, false);
  }

  /**
   * The options of {@link Adagrad}.
   *
   * @param lr the learning rate, at least 0
   * @param lrDecay how the learning rate falls with the steps, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param initialAccumulatorValue what the sum of squares starts at, at least 0
   * @param eps what is added to the root, at least 0
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr,
      double lrDecay,
      double weightDecay,
      double initialAccumulatorValue,
      double eps,
      boolean maximize)
      implements UpdateRule {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.notNegative("lrDecay", lrDecay);
      Checks.notNegative("weightDecay", weightDecay);
      Checks.notNegative("initialAccumulatorValue", initialAccumulatorValue);
      Checks.notNegative("eps", eps);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
    }

    /** The same with another decay of the learning rate. */
    public Options lrDecay(double lrDecay) {
      return new Options(lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
    }

    /** The same with another start of the sum of squares. */
    public Options initialAccumulatorValue(double initialAccumulatorValue) {
      return new Options(lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
    }

    @Override
    public List<String> slots() {
      return List.of("sum");
    }

    @Override
    public int scalars() {
      return 2;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr / (1 + (t - 1) * lrDecay);
      into[1] = t == 1 ? initialAccumulatorValue : 0;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E a = scalars.get(0);
      E start = scalars.get(1);
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      E s = state.getFirst();
      if (initialAccumulatorValue != 0) {
        s = s.add(start);
      }
      s = s.add(g.square());
      return List.of(p.sub(g.div(s.sqrt().add(eps)).mul(a)), s);
    }
  }
}
