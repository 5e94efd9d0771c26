package chainrule.tensor;

import chainrule.math.Domain;
import java.util.random.RandomGenerator;

/** Inputs that operations name for their own tests. */
final class Examples {
  private Examples() {}

  /** Standard normal F64 values. */
  static Tensor normal(RandomGenerator random, int... shape) {
    return Tensor.randn(DType.F64, random, shape);
  }

  /** F64 values from where a function is smooth. */
  static Tensor in(Domain domain, RandomGenerator random, int... shape) {
    double[] values = new double[Shape.of(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = domain.sample(random);
    }
    return Tensor.of(values, shape);
  }
}
