package chainrule.internal.kernel;

/**
 * Splits the loops of {@link RowKernels} into tasks, by shape alone; what fits one task runs at
 * once.
 *
 * <p>An element of a row counts for several elementary steps, since it is visited several times.
 */
public final class RowSplit {
  private static final int STEPS = 4;

  private RowSplit() {}

  /** Rows that make one task. */
  static int block(int n) {
    return Split.rows((long) STEPS * n);
  }

  /** {@link RowKernels#softmax} over all rows. */
  public static <A> void softmax(Kernels<A> kernels, A x, A y, int rows, int n) {
    Ranges.on(kernels)
        .array(x)
        .array(y)
        .size(n)
        .run(
            rows,
            block(n),
            (r, from, to) -> r.kernels().rows().softmax(r.array(0), r.array(1), from, to, r.n(0)));
  }

  /** {@link RowKernels#softmaxBackward} over all rows. */
  public static <A> void softmaxBackward(Kernels<A> kernels, A g, A y, A dx, int rows, int n) {
    Ranges.on(kernels)
        .array(g)
        .array(y)
        .array(dx)
        .size(n)
        .run(
            rows,
            block(n),
            (r, from, to) ->
                r.kernels()
                    .rows()
                    .softmaxBackward(r.array(0), r.array(1), r.array(2), from, to, r.n(0)));
  }

  /** {@link RowKernels#logSoftmax} over all rows. */
  public static <A> void logSoftmax(Kernels<A> kernels, A x, A y, int rows, int n) {
    Ranges.on(kernels)
        .array(x)
        .array(y)
        .size(n)
        .run(
            rows,
            block(n),
            (r, from, to) ->
                r.kernels().rows().logSoftmax(r.array(0), r.array(1), from, to, r.n(0)));
  }

  /** {@link RowKernels#logSoftmaxBackward} over all rows. */
  public static <A> void logSoftmaxBackward(Kernels<A> kernels, A g, A y, A dx, int rows, int n) {
    Ranges.on(kernels)
        .array(g)
        .array(y)
        .array(dx)
        .size(n)
        .run(
            rows,
            block(n),
            (r, from, to) ->
                r.kernels()
                    .rows()
                    .logSoftmaxBackward(r.array(0), r.array(1), r.array(2), from, to, r.n(0)));
  }

  /** {@link RowKernels#crossEntropy} over all rows and {@link RowKernels#meanLoss}. */
  public static <A> void crossEntropy(Kernels<A> kernels, A x, int[] labels, A y, int rows, int n) {
    A loss = Scratch.like(x, Scratch.Use.PARTS, rows);
    Ranges.on(kernels)
        .array(x)
        .array(loss)
        .index(labels)
        .size(n)
        .run(
            rows,
            block(n),
            (r, from, to) ->
                r.kernels()
                    .rows()
                    .crossEntropy(r.array(0), r.index(), r.array(1), from, to, r.n(0)));
    kernels.rows().meanLoss(loss, y, rows);
  }

  /** {@link RowKernels#crossEntropyBackward} over all rows. */
  public static <A> void crossEntropyBackward(
      Kernels<A> kernels, A g, A x, int[] labels, A dx, int rows, int n) {
    Ranges.on(kernels)
        .array(g)
        .array(x)
        .array(dx)
        .index(labels)
        .size(n)
        .size(rows)
        .run(
            rows,
            block(n),
            (r, from, to) ->
                r.kernels()
                    .rows()
                    .crossEntropyBackward(
                        r.array(0), r.array(1), r.index(), r.array(2), r.n(1), from, to, r.n(0)));
  }
}
