package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Loops over windows on planes: convolution, pooling, and the sum that unfolding's adjoint is.
 *
 * <p>Convolutions work on whole batches and share the work among threads; the others take the
 * planes {@code from … to−1}. Arrays are N×C×H×W and, for weights, out × in/groups × kh × kw.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface WindowKernels<A> {
  /**
   * How many images make a chunk of the weight gradient: at most 16 chunks, and so few that their
   * sums fit into 2²¹ elements.
   */
  static int chunk(int images, long weights) {
    int chunks = Math.clamp((1L << 21) / Math.max(1, weights), 1, 16);
    return Math.max(1, Math.ceilDiv(images, chunks));
  }

  /**
   * {@code x[p, ·] = 0}, then each element of the columns is added where {@link Windows#unfold}
   * takes it from, in the order of (kh, kw).
   */
  void fold(A columns, A x, int from, int to, Geometry g);

  /**
   * {@code y = w ⋆ x + bias}: each element is one chain of fused multiply-adds from 0 over (c, kh,
   * kw) in order, the padding taking part with zeros; then the bias is added.
   *
   * @param bias one element per output channel, or null
   */
  void conv(A x, A w, @Nullable A bias, A y, int images, int in, int out, int groups, Geometry g);

  /**
   * The gradient for the input: for each element of a window one chain over the output channels,
   * {@code Σ w·dy}, from 0; these are added up as {@link #fold} does.
   */
  void convInput(A dy, A w, A dx, int images, int in, int out, int groups, Geometry g);

  /**
   * The gradient for the weight: chunks of {@link #chunk} images, each one chain from 0 over
   * (image, i, j) in order, the padding taking part with zeros; chunks are added in order.
   */
  void convWeight(A dy, A x, A dw, int images, int in, int out, int groups, Geometry g);

  /** The largest element of each window: NaN wins, the padding holds −∞. */
  void maxPool(A x, A y, int from, int to, Geometry g);

  /**
   * {@code dx = 0}, then for each window in order its gradient is added where its largest element
   * stands: the first NaN, else the first of equals, counting the padding.
   */
  void maxPoolBackward(A gradient, A x, A dx, int from, int to, Geometry g);

  /**
   * The mean of each window: its elements inside the plane added from 0 in order, then divided by
   * how many they are.
   *
   * @param padding whether the elements in the padding are counted too
   */
  void avgPool(A x, A y, int from, int to, boolean padding, Geometry g);

  /**
   * {@code dx = 0}, then for each window in order its gradient, divided as for {@link #avgPool}, is
   * added to its elements.
   */
  void avgPoolBackward(A gradient, A dx, int from, int to, boolean padding, Geometry g);
}
