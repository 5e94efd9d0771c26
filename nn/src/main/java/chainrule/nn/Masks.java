package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.Arrays;

/** Masks of ones and zeros: 1 where something is, 0 where nothing is. */
public final class Masks {
  private Masks() {}

  /** For sequences of the given lengths, padded to {@code steps}: N×T, F32. */
  public static Tensor lengths(int steps, int... lengths) {
    return lengths(DType.F32, steps, lengths);
  }

  /**
   * For sequences of the given lengths, padded to {@code steps}: N×T.
   *
   * @throws IllegalArgumentException if a length is negative or above {@code steps}
   */
  public static Tensor lengths(DType dtype, int steps, int... lengths) {
    double[] mask = new double[lengths.length * steps];
    for (int i = 0; i < lengths.length; i++) {
      if (lengths[i] < 0 || lengths[i] > steps) {
        throw new IllegalArgumentException(
            "Masks.lengths: the length %d of sequence %d is not in [0, %d]"
                .formatted(lengths[i], i, steps));
      }
      Arrays.fill(mask, i * steps, i * steps + lengths[i], 1);
    }
    return Tensor.of(mask, lengths.length, steps).to(dtype);
  }

  /** Position i sees positions 0 … i: T×T, F32. */
  public static Tensor causal(int steps) {
    return Tensor.ones(steps, steps).tril(0);
  }
}
