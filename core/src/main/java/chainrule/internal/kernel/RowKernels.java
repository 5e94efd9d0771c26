package chainrule.internal.kernel;

/**
 * Fused loops over the rows of a matrix, {@code from … to−1}, each of {@code n} elements.
 *
 * <p>Sums over a row are those of {@link Kernels#sumInner}: 64 lanes, then halved.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface RowKernels<A> {
  /**
   * {@code y = e / Σe} with {@code e = exp(x − m)} and m the largest of the row, 0 if it is not
   * finite; each step rounded.
   */
  void softmax(A x, A y, int from, int to, int n);

  /** {@code dx = y·(g − Σ g·y)}, each step rounded. */
  void softmaxBackward(A g, A y, A dx, int from, int to, int n);
}
