package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Layer and root-mean-square normalisation of the rows {@code from … to−1} of a matrix, each of
 * {@code n} elements.
 *
 * <p>In both directions, each step rounded: {@code μ = Σx/n}, or 0 unless {@code centred}; {@code s
 * = 1/√(Σ(x − μ)²/n + ε)}; {@code h = (x − μ)·s}. Sums over a row are those of {@link
 * Kernels#sumInner}: 64 lanes, then halved. The root and its reciprocal are taken in double and
 * rounded once.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface NormKernels<A> {
  /** {@code y = h·weight + bias}; without a bias nothing is added. */
  void norm(
      A x, A weight, @Nullable A bias, A y, boolean centred, double eps, int from, int to, int n);

  /**
   * With {@code d = g·weight}: {@code dx = ((d − Σd/n) − h·(Σ d·h/n))·s}, where Σd/n is 0 unless
   * {@code centred}.
   *
   * <p>{@code dweight[at … at+n−1] = Σ g·h} and {@code dbias[at … at+n−1] = Σ g} over the rows
   * {@code from … to−1} in order, at least one of them. Of the results those are computed that are
   * not null.
   */
  void normBackward(
      A g,
      A x,
      A weight,
      @Nullable A dx,
      @Nullable A dweight,
      @Nullable A dbias,
      int at,
      boolean centred,
      double eps,
      int from,
      int to,
      int n);
}
