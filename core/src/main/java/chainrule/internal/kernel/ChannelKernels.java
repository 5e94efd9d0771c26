package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Loops of normalisation by channel, dimension 1 of N×C×inner, each step rounded.
 *
 * <p>Where the inner size is 1 the tensor is a matrix with a row of all {@code n} channels for each
 * of the batch; else it has rows of {@code n} elements of one channel each, row r of channel {@code
 * r mod channels}. Sums over a row of one channel are those of {@link Kernels#sumInner}: 64 lanes,
 * then halved.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface ChannelKernels<A> {
  /** {@code scale = 1/√(var[at + c] + ε)}, the root and its reciprocal in double, rounded once. */
  void scale(A var, int at, A scale, double eps, int channels);

  /** {@code y[at + c] = x[c]/count}. */
  void divide(A x, int count, A y, int at, int channels);

  /** {@code factor = scale·weight}, or scale without a weight. */
  void factor(A scale, @Nullable A weight, A factor, int channels);

  /**
   * What arrives at mean and variance, one after the other in g: {@code g[c] = −(factor·sum)} and
   * {@code g[channels + c] = −0.5·(factor·scale·product)}.
   */
  void momentsArrive(A factor, A scale, A sum, A product, A g, int channels);

  /** From there to x: {@code offset = g[c]/count}, {@code slope = 2·g[channels + c]/count}. */
  void momentsBackward(A g, int count, A offset, A slope, int channels);

  /** {@code q[r] = Σ (x − mean)²} over each row of one channel. */
  void squaresInner(A x, A mean, A q, int from, int to, int n, int channels);

  /** {@code q[r] = Σ g·((x − mean)·scale)} over each row of one channel. */
  void productsInner(A g, A x, A mean, A scale, A q, int from, int to, int n, int channels);

  /** {@code q[at + c] = Σ x} over the rows of all channels, in order, at least one. */
  void sumOuter(A x, A q, int at, int from, int to, int n);

  /** {@code q[at + c] = Σ (x − mean)²} over the rows of all channels, likewise. */
  void squaresOuter(A x, A mean, A q, int at, int from, int to, int n);

  /** {@code q[at + c] = Σ g·((x − mean)·scale)} over the rows of all channels, likewise. */
  void productsOuter(A g, A x, A mean, A scale, A q, int at, int from, int to, int n);

  /**
   * {@code y = (x − mean)·scale·weight + bias} in rows of one channel each, or if {@code mixed} in
   * rows of all channels; what is null is left out.
   */
  void normalise(
      A x,
      A mean,
      A scale,
      @Nullable A weight,
      @Nullable A bias,
      A y,
      int from,
      int to,
      int n,
      int channels,
      boolean mixed);
}
