package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.Collection;
import java.util.List;

/**
 * Rprop: a step size for every element, which grows while the gradient keeps its sign. For full
 * batches.
 *
 * <p>At each step of a parameter p with gradient g and state q, which starts at 0, and s, which
 * starts at lr:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code s ← s · etaPlus} where {@code g · q > 0}, {@code s · etaMinus} where {@code g · q <
 *       0}
 *   <li>{@code s ← min(max(s, stepMin), stepMax)}
 *   <li>{@code g ← 0} where {@code g · q < 0}
 *   <li>{@code p ← p − s · sign(g)}
 *   <li>{@code q ← g}
 * </ol>
 *
 * <p>Source: Riedmiller and Braun, <i>A direct adaptive method for faster backpropagation learning:
 * the RPROP algorithm</i>, 1993, in the form without backtracking of PyTorch. The learning rate is
 * read at the first step and never again.
 *
 * {@snippet :
 * var rprop = new Rprop(model.parameters(), Rprop.options().etas(0.5, 1.2).stepSizes(1e-6, 50));
 * }
 */
public final class Rprop extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public Rprop(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public Rprop(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.01, etas 0.5 and 1.2, step sizes from 1e-6 to 50. */
  public static Options options() {
    return new Options(0.01, 0.5, 1.2, 1e-6, 50, false);
  }

  /**
   * The options of {@link Rprop}.
   *
   * @param lr the step size at the start, at least 0
   * @param etaMinus the factor after a change of sign, in (0, 1)
   * @param etaPlus the factor otherwise, above 1
   * @param stepMin the smallest step size, at least 0
   * @param stepMax the largest step size, not below the smallest
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr, double etaMinus, double etaPlus, double stepMin, double stepMax, boolean maximize)
      implements UpdateRule {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.notNegative("stepMin", stepMin);
      Checks.notNegative("stepMax", stepMax);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, etaMinus, etaPlus, stepMin, stepMax, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, etaMinus, etaPlus, stepMin, stepMax, maximize);
    }

    /** The same with other factors of the step size. */
    public Options etas(double etaMinus, double etaPlus) {
      return new Options(lr, etaMinus, etaPlus, stepMin, stepMax, maximize);
    }

    /** The same with other limits of the step size. */
    public Options stepSizes(double stepMin, double stepMax) {
      return new Options(lr, etaMinus, etaPlus, stepMin, stepMax, maximize);
    }

    @Override
    public void check() {
      if (!(0 < etaMinus && etaMinus < 1 && 1 < etaPlus && etaPlus < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "Rprop: etas must be below and above 1, got %s and %s".formatted(etaMinus, etaPlus));
      }
      if (stepMin > stepMax) {
        throw new IllegalArgumentException(
            "Rprop: step sizes from %s to %s; the first must be the smaller"
                .formatted(stepMin, stepMax));
      }
    }

    @Override
    public List<String> slots() {
      return List.of("prev", "stepSize");
    }

    @Override
    public int scalars() {
      return 2;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr;
      into[1] = t == 1 ? 1 : 0;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E lr = scalars.get(0);
      E first = scalars.get(1);
      if (maximize) {
        g = g.neg();
      }
      E same = g.mul(state.get(0));
      E s = first.select(lr, state.get(1));
      s = same.gt(0).select(s.mul(etaPlus), same.lt(0).select(s.mul(etaMinus), s));
      s = s.clamp(stepMin, stepMax);
      g = same.lt(0).select(g.constant(0), g);
      return List.of(p.sub(g.sign().mul(s)), g, s);
    }
  }
}
