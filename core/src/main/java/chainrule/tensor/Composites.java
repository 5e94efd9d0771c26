package chainrule.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Softmax, cross-entropy and normalisations, each defined by its expression. Derivatives of any
 * order follow from it.
 */
public sealed interface Composites permits Tensor {
  private Tensor tensor() {
    return (Tensor) this;
  }

  /** The maximum along a dimension as a constant, 0 where it is not finite: what to shift by. */
  static Tensor shift(Tensor x, int dim) {
    Tensor top = x.detach().max(dim, true);
    Tensor finite = top.abs().lt(Double.POSITIVE_INFINITY);
    return finite.select(top, top.constant(0));
  }

  /** {@code e^xᵢ / Σⱼ e^xⱼ} along a dimension, shifted by the maximum. */
  default Tensor softmax(int dim) {
    return Rows.along(tensor(), dim, new Rows.Softmax());
  }

  /** {@code xᵢ − ln Σⱼ e^xⱼ} along a dimension, shifted by the maximum. */
  default Tensor logSoftmax(int dim) {
    Tensor shifted = tensor().sub(shift(tensor(), dim));
    return shifted.sub(shifted.exp().sum(dim, true).log());
  }

  /**
   * The mean of {@code −ln softmax(x)[label]} over rows.
   *
   * @param labels I32, one per row of this N×C tensor of logits
   * @throws IndexOutOfBoundsException if a label is outside [0, C)
   */
  default Tensor crossEntropy(Tensor labels) {
    Tensor x = tensor();
    if (x.rank() != 2 || labels.rank() != 1 || labels.size() != x.size(0)) {
      throw new ShapeException(
          "crossEntropy: logits "
              + x.shape()
              + " with labels "
              + labels.shape()
              + "; they should be N×C and N");
    }
    return x.logSoftmax(1).gather(1, labels.unsqueeze(1)).mean().neg();
  }

  /**
   * {@code (x − mean)/√(var + ε)·weight + bias} over the last dimensions, as many as {@code weight}
   * has; var is the mean square deviation (Ba, Kiros and Hinton 2016, eq. 3–4).
   *
   * @param weight the gain; its shape says which dimensions are normalised
   * @param bias the offset, or null
   */
  default Tensor layerNorm(Tensor weight, @Nullable Tensor bias, double eps) {
    Tensor x = tensor();
    int n = weight.rank();
    for (int i = 1; i <= n; i++) {
      if (n > x.rank() || x.size(-i) != weight.size(-i)) {
        throw new ShapeException(
            "layerNorm: " + x.shape() + " does not end in the weight's shape " + weight.shape());
      }
    }
    int[] dims = new int[n];
    for (int i = 0; i < n; i++) {
      dims[i] = i - n;
    }
    Tensor centred = x.sub(x.mean(dims, true));
    Tensor scale = centred.square().mean(dims, true).add(eps).rsqrt();
    Tensor y = centred.mul(scale).mul(weight);
    return bias == null ? y : y.add(bias);
  }

  /**
   * {@code (x − mean)/√(var + ε)·weight + bias} per channel, dimension 1, with the given statistics
   * (Ioffe and Szegedy 2015, algorithm 1).
   *
   * @param mean the channel means, C
   * @param var the channel variances, C
   */
  default Tensor batchNorm(
      Tensor mean, Tensor var, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    Tensor y = tensor().sub(channel(mean)).mul(channel(var.add(eps).rsqrt()));
    if (weight != null) {
      y = y.mul(channel(weight));
    }
    return bias == null ? y : y.add(channel(bias));
  }

  private Tensor channel(Tensor c) {
    Tensor x = tensor();
    if (x.rank() < 2 || c.rank() != 1 || c.size() != x.size(1)) {
      throw new ShapeException(
          "batchNorm: " + x.shape() + " has no " + c.shape() + " channels in dimension 1");
    }
    int[] dims = new int[x.rank() - 1];
    Arrays.fill(dims, 1);
    dims[0] = c.size();
    return c.reshape(dims);
  }
}
