package chainrule.tensor;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Softmax, cross-entropy and normalisations. Each is one {@link Fused} operation, defined by an
 * expression in other operations: derivatives of any order follow from it, and {@link
 * Tape#expressions} shows its steps.
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
    return Rows.along(tensor(), dim, new Rows.LogSoftmax());
  }

  /**
   * The mean of {@code −ln softmax(x)[label]} over rows.
   *
   * @param labels I32, one per row of this N×C tensor of logits
   * @throws IndexOutOfBoundsException if a label is outside [0, C)
   */
  default Tensor crossEntropy(Tensor labels) {
    return Tensor.apply(new Rows.CrossEntropy(), tensor(), labels);
  }

  /**
   * {@code (x − mean)/√(var + ε)·weight + bias} over the last dimensions, as many as {@code weight}
   * has; var is the mean square deviation (Ba, Kiros and Hinton 2016, eq. 3–4).
   *
   * @param weight the gain; its shape says which dimensions are normalised
   * @param bias the offset, of the weight's shape, or null
   */
  default Tensor layerNorm(Tensor weight, @Nullable Tensor bias, double eps) {
    return bias == null
        ? Tensor.apply(new Normalisations.LayerNorm(eps, false), tensor(), weight)
        : Tensor.apply(new Normalisations.LayerNorm(eps, true), tensor(), weight, bias);
  }

  /**
   * {@code x/√(mean(x²) + ε)·weight} over the last dimensions, as many as {@code weight} has (Zhang
   * and Sennrich 2019, eq. 4).
   *
   * @param weight the gain; its shape says which dimensions are normalised
   */
  default Tensor rmsNorm(Tensor weight, double eps) {
    return Tensor.apply(new Normalisations.RmsNorm(eps), tensor(), weight);
  }

  /**
   * The mean and the mean square deviation of each channel, dimension 1, over all other dimensions:
   * 2×C, the means first.
   */
  default Tensor channelMoments() {
    return Tensor.apply(new ChannelNormalisations.ChannelMoments(), tensor());
  }

  /**
   * {@code (x − mean)/√(var + ε)·weight + bias} per channel, dimension 1, with the given statistics
   * (Ioffe and Szegedy 2015, algorithm 1).
   *
   * @param mean the channel means, C
   * @param var the channel variances, C
   * @param weight the gain, C, or null
   * @param bias the offset, C, or null
   */
  default Tensor batchNorm(
      Tensor mean, Tensor var, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    checkChannels(mean);
    checkChannels(var);
    return batchNorm(Tensor.stack(0, mean, var), weight, bias, eps);
  }

  /**
   * {@code (x − mean)/√(var + ε)·weight + bias} per channel, dimension 1. With the tensor's own
   * {@link #channelMoments} it is the batch normalisation of a training.
   *
   * @param moments means and variances of the channels, 2×C
   * @param weight the gain, C, or null
   * @param bias the offset, C, or null
   */
  default Tensor batchNorm(
      Tensor moments, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    var op = new ChannelNormalisations.BatchNorm(eps, weight != null, bias != null);
    return Tensor.apply(
        op,
        Stream.of(tensor(), moments, weight, bias).filter(Objects::nonNull).toArray(Tensor[]::new));
  }

  /**
   * As {@link #scaledDotProductAttention(Tensor, Tensor, Tensor, boolean, double)}, without a mask
   * and with a scale of 1/√d.
   */
  default Tensor scaledDotProductAttention(Tensor key, Tensor value, boolean causal) {
    return scaledDotProductAttention(key, value, null, causal, 1 / Math.sqrt(tensor().size(-1)));
  }

  /**
   * Attention of these queries, {@code softmax(scale·q·kᵀ + mask)·v}: for each query the average of
   * the values, weighted by how well their keys fit (Vaswani and others 2017, eq. 1).
   *
   * <p>A query from which every key is hidden gets zeros, and passes no gradient. What is hidden
   * should be finite all the same: its weight is 0, and 0·∞ is NaN.
   *
   * @param key …×S×d, for these …×T×d queries
   * @param value …×S×e; the result is …×T×e, and the dimensions before the last two broadcast
   * @param mask what is added to the scores before softmax, of a shape that broadcasts to …×T×S,
   *     such as −∞ where a key is to be hidden from a query ({@link #hidingZeros} makes that of
   *     ones and zeros); null for nothing
   * @param causal whether query i sees keys 0 … i only, as if masked
   * @throws ShapeException if the shapes do not fit
   */
  default Tensor scaledDotProductAttention(
      Tensor key, Tensor value, @Nullable Tensor mask, boolean causal, double scale) {
    var op = new Attention(mask != null, causal, scale);
    return mask == null
        ? Tensor.apply(op, tensor(), key, value)
        : Tensor.apply(op, tensor(), key, value, mask);
  }

  /** {@code x ≠ 0 ? 0 : −∞}: a mask of ones and zeros as what attention adds to its scores. */
  default Tensor hidingZeros() {
    Tensor x = tensor();
    return x.select(x.constant(0), x.constant(Double.NEGATIVE_INFINITY));
  }

  private void checkChannels(Tensor c) {
    Tensor x = tensor();
    if (x.rank() < 2 || c.rank() != 1 || c.size() != x.size(1)) {
      throw new ShapeException(
          "batchNorm: " + x.shape() + " has no " + c.shape() + " channels in dimension 1");
    }
  }
}
