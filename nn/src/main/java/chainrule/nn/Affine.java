package chainrule.nn;

import chainrule.tensor.Pointwise;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code x·weight + bias} per channel, dimension 1, in one pass. */
final class Affine {
  private static final Pointwise OP =
      Pointwise.of("affine", 3, x -> x.get(0).mul(x.get(1)).add(x.get(2)));

  private Affine() {}

  /** Of weight and bias, or x itself without them. */
  static Tensor of(Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
    return weight == null || bias == null
        ? x
        : OP.apply(x, channels(weight, x.rank()), channels(bias, x.rank()));
  }

  /** One number for each channel, to broadcast against a tensor with so many dimensions. */
  static Tensor channels(Tensor numbers, int rank) {
    int[] shape = new int[Math.max(1, rank - 1)];
    Arrays.fill(shape, 1);
    shape[0] = numbers.size();
    return numbers.reshape(shape);
  }
}
