package chainrule.optim;

import chainrule.math.Num;
import chainrule.tensor.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * RMSprop: steps divided by the running root mean square of the gradient.
 *
 * <p>At each step of a parameter p with gradient g and state v, a, b, which start at 0:
 *
 * <ol>
 *   <li>{@code g ← −g}, only to maximize
 *   <li>{@code g ← g + weightDecay · p}, left out without weight decay
 *   <li>{@code v ← alpha · v + (1 − alpha) g²}
 *   <li>{@code w ← v}, or centred {@code a ← alpha · a + (1 − alpha) g} and {@code w ← v − a²}
 *   <li>{@code d ← g / (√w + eps)}
 *   <li>{@code b ← momentum · b + d} and {@code d ← b}, left out without momentum
 *   <li>{@code p ← p − lr · d}
 * </ol>
 *
 * <p>Sources: Tieleman and Hinton, <i>Lecture 6.5: rmsprop</i>, 2012; the centred form: Graves,
 * <i>Generating sequences with recurrent neural networks</i>, 2013, equations 38–45. As in PyTorch
 * eps stands outside the root.
 *
 * {@snippet :
 * var rmsprop = new RMSprop(model.parameters(), RMSprop.options().lr(1e-3).centered(true));
 * }
 */
public final class RMSprop extends ElementwiseOptimizer {
  /** An optimizer of the given parameters with the default options. */
  public RMSprop(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public RMSprop(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
  }

  /** lr 0.01, alpha 0.99, eps 1e-8, no weight decay, no momentum, not centred. */
  public static Options options() {
    return new Options(0.01, 0.99, 1e-8, 0, 0, false, false);
  }

  /**
   * The options of {@link RMSprop}.
   *
   * @param lr the learning rate, at least 0
   * @param alpha the decay of the means, in [0, 1]
   * @param eps what is added to the root, at least 0
   * @param weightDecay the factor of an L2 penalty's gradient, at least 0
   * @param momentum the share of the velocity that a step keeps, in [0, 1)
   * @param centered whether to divide by the deviation from the mean gradient
   * @param maximize whether to climb instead of to descend
   */
  public record Options(
      double lr,
      double alpha,
      double eps,
      double weightDecay,
      double momentum,
      boolean centered,
      boolean maximize)
      implements UpdateRule, ParamGroup.Momentum {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.fraction("alpha", alpha);
      Checks.notNegative("eps", eps);
      Checks.notNegative("weightDecay", weightDecay);
      Checks.belowOne("momentum", momentum);
    }

    @Override
    public Options lr(double lr) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    /** The same with another decay of the means. */
    public Options alpha(double alpha) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    /** The same with another eps. */
    public Options eps(double eps) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    /** The same with another weight decay. */
    public Options weightDecay(double weightDecay) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    @Override
    public Options momentum(double momentum) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    /** The same with the mean gradient taken off, or not. */
    public Options centered(boolean centered) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    /** The same with the gradient turned round, to climb, or not. */
    public Options maximize(boolean maximize) {
      return new Options(lr, alpha, eps, weightDecay, momentum, centered, maximize);
    }

    @Override
    public List<String> slots() {
      List<String> slots = new ArrayList<>(List.of("squareAvg"));
      if (centered) {
        slots.add("gradAvg");
      }
      if (momentum > 0) {
        slots.add("momentum");
      }
      return List.copyOf(slots);
    }

    @Override
    public int scalars() {
      return 2;
    }

    @Override
    public void scalars(long t, double[] into) {
      into[0] = lr;
      into[1] = momentum;
    }

    @Override
    public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
      E lr = scalars.get(0);
      E mu = scalars.get(1);
      if (maximize) {
        g = g.neg();
      }
      if (weightDecay != 0) {
        g = g.add(p.mul(weightDecay));
      }
      List<E> next = new ArrayList<>();
      E v = state.getFirst().mul(alpha).add(g.square().mul(1 - alpha));
      next.add(v);
      E w = v;
      if (centered) {
        E a = state.get(1).mul(alpha).add(g.mul(1 - alpha));
        next.add(a);
        w = v.sub(a.square());
      }
      E d = g.div(w.sqrt().add(eps));
      if (momentum > 0) {
        d = state.getLast().mul(mu).add(d);
        next.add(d);
      }
      next.addFirst(p.sub(d.mul(lr)));
      return next;
    }
  }
}
