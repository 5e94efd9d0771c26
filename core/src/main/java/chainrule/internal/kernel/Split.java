package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Unary;

/**
 * Splits elementwise work and reductions into tasks, by shape alone; no call allocates anything.
 */
public final class Split {
  /** Elements (or multiply-adds) that make a task worth handing to another thread. */
  static final int GRAIN = 1 << 16;

  private Split() {}

  /** How many rows make one task when a row costs {@code work} elementary steps. */
  static int rows(long work) {
    return Math.clamp(4L * GRAIN / Math.max(1, work), 1, GRAIN);
  }

  /** How many tasks of {@code block} cover {@code n}. */
  static int tasks(int n, int block) {
    return n / block + (n % block == 0 ? 0 : 1);
  }

  /** Where a task of {@code block} from {@code from} ends: {@code n} is at most 2³¹−1. */
  static int end(int from, int block, int n) {
    return n - from < block ? n : from + block;
  }

  /** {@code y = f(x)} over {@code n} elements. */
  public static <A> void map(Kernels<A> kernels, Unary f, A x, A y, int n) {
    if (n <= GRAIN) {
      kernels.map(f, x, 0, y, 0, n);
    } else {
      Ranges.on(kernels)
          .function(f)
          .array(x)
          .array(y)
          .run(
              n,
              GRAIN,
              (r, from, to) ->
                  r.kernels()
                      .map((Unary) r.function(), r.array(0), from, r.array(1), from, to - from));
    }
  }

  /** {@code y[i] = f(a[i·as], b[i·bs])} over {@code n} elements, each stride 0 or 1. */
  public static <A> void zip(Kernels<A> kernels, Binary f, A a, int as, A b, int bs, A y, int n) {
    if (n <= GRAIN) {
      kernels.zip(f, a, 0, as, b, 0, bs, y, 0, n);
    } else {
      Walk.run(kernels, f, a, as, b, bs, y, n);
    }
  }

  /** {@code y = f(a, b)} with the operands' strides over {@code dims}; y is contiguous. */
  public static <A> void zip(
      Kernels<A> kernels, Binary f, A a, int[] as, A b, int[] bs, A y, int[] dims) {
    Walk.run(kernels, f, a, as, a, as, b, bs, y, dims);
  }

  /** {@code y = c ≠ 0 ? a : b} with the operands' strides over {@code dims}; y is contiguous. */
  public static <A> void select(
      Kernels<A> kernels, A c, int[] cs, A a, int[] as, A b, int[] bs, A y, int[] dims) {
    Walk.run(kernels, null, c, cs, a, as, b, bs, y, dims);
  }

  /** {@code y[o, j] = Σᵢ x[o, i, j]} over {@code outer × n × inner}. */
  public static <A> void sum(Kernels<A> kernels, A x, A y, int outer, int n, int inner) {
    Sums.run(kernels, x, y, outer, n, inner);
  }

  /** {@link Kernels#argExtreme} for all lines of {@code outer × n × inner}. */
  public static <A> void argExtreme(
      Kernels<A> kernels, A x, int[] y, int outer, int n, int inner, boolean smallest) {
    Lines.run(
        kernels,
        smallest ? Lines.Kind.ARG_MIN : Lines.Kind.ARG_MAX,
        x,
        y,
        null,
        outer,
        n,
        inner,
        0);
  }

  /** {@link Kernels#scatterAdd} for all lines of {@code outer × n × inner}. */
  public static <A> void scatterAdd(
      Kernels<A> kernels, A src, int[] index, A y, int outer, int n, int inner, int size) {
    Lines.run(kernels, Lines.Kind.SCATTER_ADD, src, index, y, outer, n, inner, size);
  }

  /** {@link Kernels#indexAdd} for all lines of {@code outer × n × inner}. */
  public static <A> void indexAdd(
      Kernels<A> kernels, A src, int[] index, A y, int outer, int n, int inner, int size) {
    Lines.run(kernels, Lines.Kind.INDEX_ADD, src, index, y, outer, n, inner, size);
  }
}
