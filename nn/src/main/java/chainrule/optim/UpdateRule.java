package chainrule.optim;

import chainrule.math.Num;
import java.util.List;

/**
 * Options that decide an update of every element alike: which state it keeps, which numbers depend
 * on the step, and the function from a parameter and its gradient to the next parameter.
 *
 * <p>A record that implements it is all that a new optimizer needs:
 *
 * {@snippet :
 * record SignDescent(double lr) implements UpdateRule {
 *   @Override
 *   public SignDescent lr(double lr) {
 *     return new SignDescent(lr);
 *   }
 *
 *   @Override
 *   public int scalars() {
 *     return 1;
 *   }
 *
 *   @Override
 *   public void scalars(long t, double[] into) {
 *     into[0] = lr;
 *   }
 *
 *   @Override
 *   public <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars) {
 *     return List.of(p.sub(g.sign().mul(scalars.getFirst())));
 *   }
 * }
 * var optimizer = new ElementwiseOptimizer(model.parameters(), new SignDescent(0.01));
 * }
 */
public interface UpdateRule extends ParamGroup.Options {
  @Override
  UpdateRule lr(double lr);

  /** The names of the state tensors of a parameter, each of its shape; they start at 0. */
  default List<String> slots() {
    return List.of();
  }

  /** How many numbers of the step the update takes as inputs. */
  int scalars();

  /**
   * Computes the numbers of step t, in double. Whatever a schedule moves belongs here.
   *
   * @param t the parameter's own count of steps, 1 at the first
   * @param into room for as many as {@link #scalars()} says
   */
  void scalars(long t, double[] into);

  /**
   * The next parameter, followed by the next state in the order of {@link #slots}.
   *
   * <p>It is read once a step and run over all elements of all parameters of the group: what
   * differs from parameter to parameter must come through its arguments.
   *
   * @param p the parameter
   * @param g its gradient
   * @param state its state in the order of {@link #slots}
   * @param scalars the numbers of {@link #scalars(long, double[])}
   */
  <E extends Num<E>> List<E> update(E p, E g, List<E> state, List<E> scalars);
}
