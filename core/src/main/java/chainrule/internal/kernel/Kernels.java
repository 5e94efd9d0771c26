package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Unary;
import org.jspecify.annotations.Nullable;

/**
 * The loops that tensors are computed with, for one kind of array.
 *
 * <p>Offsets and strides count elements. Ranges are {@code from} included to {@code to} excluded,
 * so that callers can split work by shape. Each method states its order of rounding; an
 * implementation gives those bits and no others.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public interface Kernels<A> {
  /** The provider's name, as {@code -Dchainrule.kernels} and {@code doctor} spell it. */
  String name();

  /** Fused loops over rows: softmax and what is made of it. */
  RowKernels<A> rows();

  /** The loops of attention that are not products of matrices. */
  AttentionKernels<A> attention();

  /** Loops over windows on planes: convolution, pooling. */
  WindowKernels<A> windows();

  /** Fused loops over rows: layer and root-mean-square normalisation. */
  NormKernels<A> norms();

  /** Fused loops over channels: batch normalisation. */
  ChannelKernels<A> channels();

  /** Whether numbers are F32; otherwise F64. */
  boolean single();

  /**
   * Whether loops are much faster when all arrays of a call start at one offset, as the JIT wants
   * it for plain loops.
   */
  boolean oneIndex();

  /** Where loops are emitted that run as fast as these kernels. */
  LoopTarget loopTarget();

  /** {@code y[yo+i] = f(x[xo+i])} for i in 0 … n−1. */
  void map(Unary f, A x, int xo, A y, int yo, int n);

  /** {@code y[yo+i] = f(a[ao + i·as], b[bo + i·bs])} for i in 0 … n−1. */
  void zip(Binary f, A a, int ao, int as, A b, int bo, int bs, A y, int yo, int n);

  /** {@code y[yo+i] = c[co + i·cs] ≠ 0 ? a[ao + i·as] : b[bo + i·bs]}. */
  void select(A c, int co, int cs, A a, int ao, int as, A b, int bo, int bs, A y, int yo, int n);

  /** {@code y[yo + i·yRow + j] = x[xo + j·xRow + i]} for i below m and j below n. */
  void transpose(A x, int xo, int xRow, A y, int yo, int yRow, int m, int n);

  /** Puts 0 where an F32 number of {@code y[yo … yo+n−1]} is subnormal; F64 stays as it is. */
  void flush(A y, int yo, int n);

  /**
   * Sums along the inner axis: {@code y[r] = Σᵢ x[r·n + i]} for rows {@code from … to−1}.
   *
   * <p>Element i goes to lane i mod 64, each lane adding in order; then lanes are halved 32, 16 …
   * 1, empty lanes taking no part. The sum of nothing is 0.
   */
  void sumInner(A x, A y, int from, int to, int n);

  /**
   * Sums along an outer axis: {@code y[yo + j] = Σᵢ x[xo + i·inner + j]} for j in {@code from …
   * to−1}.
   *
   * <p>Rows are added in order, in chunks of 256 rows; chunks are added in order.
   */
  void sumOuter(A x, int xo, A y, int yo, int n, int inner, int from, int to);

  /** Running sums along the middle axis of {@code outer × n × inner}, from the end if reversed. */
  void cumsum(A x, A y, int outer, int n, int inner, boolean reverse);

  /**
   * {@code C = op(A)·op(B)} with op transposing where told; A is m×k after op, B is k×n, C is m×n.
   *
   * <p>Each element is one chain of fused multiply-adds over k in order, starting from 0.
   */
  default void matmul(
      A a, int ao, boolean ta, A b, int bo, boolean tb, A c, int co, int m, int k, int n) {
    linear(a, ao, ta, b, bo, tb, null, null, c, co, m, k, n);
  }

  /**
   * {@code C = f(op(A)·op(B) + bias)}: {@link #matmul}, then the bias of n elements is added to
   * every row, if there is one, then the function applied, if there is one; each step rounded.
   */
  void linear(
      A a,
      int ao,
      boolean ta,
      A b,
      int bo,
      boolean tb,
      @Nullable A bias,
      @Nullable Unary f,
      A c,
      int co,
      int m,
      int k,
      int n);

  /**
   * Waits until the loops that run are those that will run from now on: some kernels begin with
   * plainer ones, of the same bits, until the compiler is done with the others.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  default void settle() throws InterruptedException {}

  /**
   * The product of blocks of matrices, on the calling thread: {@code C = op(A)·op(B)}, or with
   * {@code more} {@code C += op(A)·op(B)}, every chain going on from what C holds.
   *
   * <p>The rows of A, B and C as they are stored begin {@code lda}, {@code ldb} and {@code ldc}
   * elements apart; rounding is that of {@link #matmul}.
   */
  void gemm(
      boolean more,
      int m,
      int k,
      int n,
      A a,
      int ao,
      int lda,
      boolean ta,
      A b,
      int bo,
      int ldb,
      boolean tb,
      A c,
      int co,
      int ldc);

  /**
   * Where the largest (or smallest) element of a line of {@code · × n × inner} stands, for lines
   * {@code from … to−1}: NaN wins, the first of equals counts.
   *
   * <p>Line r = o·inner + j holds the elements {@code x[(o·n + i)·inner + j]}; its answer is {@code
   * y[r]}.
   */
  void argExtreme(A x, int[] y, int n, int inner, int from, int to, boolean smallest);

  /**
   * The stable order that sorts each line of {@code outer × n × inner}; NaN counts as the largest.
   */
  void argSort(A x, int[] y, int outer, int n, int inner, boolean descending);

  /**
   * Adds along the middle axis: {@code y[o, index[o,i,j], j] += src[o,i,j]}, in the order of i,
   * with {@code src} of {@code · × n × inner} and {@code y} of {@code · × size × inner}, for the
   * lines {@code o·inner + j} of {@code from … to−1}.
   */
  void scatterAdd(A src, int[] index, A y, int n, int inner, int size, int from, int to);

  /**
   * Adds whole blocks: {@code y[o, index[i], j] += src[o, i, j]}, in the order of i, with {@code
   * src} of {@code · × n × inner} and {@code y} of {@code · × size × inner}, for the lines {@code
   * o·inner + j} of {@code from … to−1}.
   */
  void indexAdd(A src, int[] index, A y, int n, int inner, int size, int from, int to);
}
