package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Branches on one input, joined: {@code y = cat(f₁(x), …, fₙ(x))} along a dimension. Children are
 * named {@code 0}, {@code 1}, ….
 *
 * {@snippet :
 * var inception = new Concat(1, new Conv2d(16, 8, 1), new Conv2d(16, 8, 3, padded));
 * }
 */
public final class Concat extends Module {
  private final int dim;

  /** Joins the results of the given branches along {@code dim}; −1 is the last. */
  public Concat(int dim, Module... branches) {
    this(dim, List.of(branches));
  }

  /**
   * Joins the results of the given branches along {@code dim}; −1 is the last.
   *
   * @throws IllegalArgumentException if there is no branch
   */
  public Concat(int dim, List<? extends Module> branches) {
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("Concat: needs at least one branch");
    }
    this.dim = dim;
    for (int i = 0; i < branches.size(); i++) {
      child(Integer.toString(i), branches.get(i));
    }
  }

  @Override
  protected Tensor compute(Tensor x) {
    List<Tensor> parts = new ArrayList<>();
    children().values().forEach(branch -> parts.add(branch.forward(x)));
    return Tensor.cat(dim, parts);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("dim", dim);
  }
}
