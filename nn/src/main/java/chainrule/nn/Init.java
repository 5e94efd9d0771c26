package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.random.RandomGenerator;

/** A rule for a parameter's first value; {@link Inits} has those of the papers. */
@FunctionalInterface
public interface Init {
  /** Draws a tensor of the given dtype and shape; weights are out × in. */
  Tensor draw(DType dtype, RandomGenerator random, int... shape);
}
