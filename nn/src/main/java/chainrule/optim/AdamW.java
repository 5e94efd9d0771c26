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
 *   <li>{@code p ← (1 − lr · weightDecay) · p}
 *   <li>the lines of {@link Adam}, without its weight decay
 * </ol>
 *
 * <p>Source: Loshchilov and Hutter, <i>Decoupled weight decay regularization</i>, 2019, algorithm
 * 2, in PyTorch's form, where the learning rate scales the decay.
 */
public final class AdamW extends Optimizer {
  private final Adam.Options options;

  /** An optimizer of the given parameters with the default options. */
  public AdamW(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /** An optimizer of the given parameters. */
  public AdamW(Collection<Parameter> parameters, Adam.Options options) {
    super(parameters, options.lr(), "m", "v");
    this.options = options;
  }

  /** lr 0.001, betas 0.9 and 0.999, eps 1e-8, weight decay 0.01. */
  public static Adam.Options options() {
    return new Adam.Options(1e-3, 0.9, 0.999, 1e-8, 0.01);
  }

  @Override
  public double[] scalars(long t) {
    double[] adam = Adam.scalars(t, lr(), options);
    return new double[] {1 - lr() * options.weightDecay(), adam[0], adam[1]};
  }

  @Override
  public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
    E m = state.getFirst();
    E v = state.getLast();
    return update(p, g, m, v, scalars.get(0), scalars.get(1), scalars.get(2), options);
  }

  /** The update, keep = 1 − lr · weightDecay: p, m and v after the step. */
  static <E extends Num<E>> List<E> update(E p, E g, E m, E v, E keep, E a, E e, Adam.Options o) {
    return Adam.update(p.mul(keep), g, m, v, a, e, o.weightDecay(0));
  }
}
