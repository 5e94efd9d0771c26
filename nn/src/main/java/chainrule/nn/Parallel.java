package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.List;

/**
 * Branches on one input, added: {@code y = f₁(x) + … + fₙ(x)}. Children are named {@code 0}, {@code
 * 1}, …; {@link Concat} joins the results instead, {@link Residual} is the case of two.
 *
 * <p>The branches must have results of one shape, else {@link ShapeException}.
 */
public final class Parallel extends Module {
  /** Adds the results of the given branches. */
  public Parallel(Module... branches) {
    this(List.of(branches));
  }

  /**
   * Adds the results of the given branches, from the first to the last.
   *
   * @throws IllegalArgumentException if there is no branch
   */
  public Parallel(List<? extends Module> branches) {
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("Parallel: needs at least one branch");
    }
    for (int i = 0; i < branches.size(); i++) {
      child(Integer.toString(i), branches.get(i));
    }
  }

  @Override
  protected Tensor compute(Tensor x) {
    List<Module> branches = List.copyOf(children().values());
    Tensor sum = branches.getFirst().forward(x);
    for (int i = 1; i < branches.size(); i++) {
      Tensor y = branches.get(i).forward(x);
      if (!y.shape().equals(sum.shape())) {
        throw new ShapeException(
            "%s: branch 0 maps %s to %s, branch %d to %s; they must be one shape"
                .formatted(label(), x.shape(), sum.shape(), i, y.shape()));
      }
      sum = sum.add(y);
    }
    return sum;
  }
}
