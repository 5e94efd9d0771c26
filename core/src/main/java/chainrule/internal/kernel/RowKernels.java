package chainrule.internal.kernel;

/**
 * Softmax and what is made of it, over the rows {@code from … to−1} of a matrix, each of {@code n}
 * elements.
 *
 * <p>In all of them m is the largest element of the row, or 0 if that is not finite, and each step
 * is rounded. Sums over a row are those of {@link Kernels#sumInner}: 64 lanes, then halved.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface RowKernels<A> {
  /** {@code y = e / Σe} with {@code e = exp(x − m)}. */
  void softmax(A x, A y, int from, int to, int n);

  /** {@code dx = y·(g − Σ g·y)}. */
  void softmaxBackward(A g, A y, A dx, int from, int to, int n);

  /** {@code y = (x − m) − ln Σ exp(x − m)}. */
  void logSoftmax(A x, A y, int from, int to, int n);

  /** {@code dx = g − exp(y)·Σg}. */
  void logSoftmaxBackward(A g, A y, A dx, int from, int to, int n);

  /** One number for each row: {@code loss[r] = (x[r, label[r]] − m) − ln Σ exp(x[r] − m)}. */
  void crossEntropy(A x, int[] labels, A loss, int from, int to, int n);

  /** {@code y[0] = −(Σ loss / rows)}, the sum in 64 lanes. */
  void meanLoss(A loss, A y, int rows);

  /**
   * {@code dx[r, i] = (e/Σe − [i = label[r]])·s} with {@code e = exp(x − m)} and {@code s =
   * g[0]/rows}.
   */
  void crossEntropyBackward(A g, A x, int[] labels, A dx, int rows, int from, int to, int n);
}
