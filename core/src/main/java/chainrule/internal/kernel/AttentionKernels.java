package chainrule.internal.kernel;

/**
 * The loops of attention that are not products of matrices: from scores to weights and back, in
 * place, over rows that begin {@code ld} elements apart.
 *
 * <p>Row r sees its first {@code min(n, first + r)} columns; the weights of the others are 0. Sums
 * over a row are those of {@link Kernels#sumInner}: 64 lanes, then halved. What lies between the
 * n-th element of a row and the next row is free to be written.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface AttentionKernels<A> {
  /** Arrays to compute in, and jobs. */
  Pool<AttentionScratch<A>> scratch();

  /** {@code y = c·x} over rows of {@code n} elements; c is rounded to the elements' type first. */
  void scale(double c, A x, int xo, int ldx, A y, int yo, int ldy, int rows, int n);

  /**
   * {@code s ← e / Σe} with {@code e = exp(s − m)} and m the largest score that the row sees, 0 if
   * it is not finite; a row whose scores are all −∞ becomes zeros.
   *
   * @param scratch where to add up
   */
  void weights(A s, int so, int ld, int rows, int n, int first, AttentionScratch<A> scratch);

  /**
   * {@code g ← p·(g − Σ g·p)}, 0 for what a row does not see; each step rounded.
   *
   * @param scratch where to add up
   */
  void weightsBackward(
      A p, int po, A g, int go, int ld, int rows, int n, int first, AttentionScratch<A> scratch);
}
