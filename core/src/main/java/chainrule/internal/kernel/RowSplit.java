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

  private static <A> RowTasks<A> tasks(Kernels<A> kernels, int rows, int n) {
    return RowTasks.of(kernels, rows, n, block(n));
  }

  /** {@link RowKernels#softmax} over all rows. */
  public static <A> void softmax(Kernels<A> kernels, A x, A y, int rows, int n) {
    tasks(kernels, rows, n)
        .with(0, x)
        .with(1, y)
        .run((t, from, to) -> t.kernels().rows().softmax(t.array(0), t.array(1), from, to, t.n));
  }

  /** {@link RowKernels#softmaxBackward} over all rows. */
  public static <A> void softmaxBackward(Kernels<A> kernels, A g, A y, A dx, int rows, int n) {
    tasks(kernels, rows, n)
        .with(0, g)
        .with(1, y)
        .with(2, dx)
        .run(
            (t, from, to) ->
                t.kernels()
                    .rows()
                    .softmaxBackward(t.array(0), t.array(1), t.array(2), from, to, t.n));
  }

  /** {@link RowKernels#logSoftmax} over all rows. */
  public static <A> void logSoftmax(Kernels<A> kernels, A x, A y, int rows, int n) {
    tasks(kernels, rows, n)
        .with(0, x)
        .with(1, y)
        .run((t, from, to) -> t.kernels().rows().logSoftmax(t.array(0), t.array(1), from, to, t.n));
  }

  /** {@link RowKernels#logSoftmaxBackward} over all rows. */
  public static <A> void logSoftmaxBackward(Kernels<A> kernels, A g, A y, A dx, int rows, int n) {
    tasks(kernels, rows, n)
        .with(0, g)
        .with(1, y)
        .with(2, dx)
        .run(
            (t, from, to) ->
                t.kernels()
                    .rows()
                    .logSoftmaxBackward(t.array(0), t.array(1), t.array(2), from, to, t.n));
  }

  /** {@link RowKernels#crossEntropy} over all rows and {@link RowKernels#meanLoss}. */
  public static <A> void crossEntropy(Kernels<A> kernels, A x, int[] labels, A y, int rows, int n) {
    A loss = Scratch.like(x, Scratch.Use.PARTS, rows);
    RowTasks<A> tasks = tasks(kernels, rows, n).with(0, x).with(1, loss);
    tasks.labels = labels;
    tasks.run(
        (t, from, to) ->
            t.kernels().rows().crossEntropy(t.array(0), t.labels, t.array(1), from, to, t.n));
    kernels.rows().meanLoss(loss, y, rows);
  }

  /** {@link RowKernels#crossEntropyBackward} over all rows. */
  public static <A> void crossEntropyBackward(
      Kernels<A> kernels, A g, A x, int[] labels, A dx, int rows, int n) {
    RowTasks<A> tasks = tasks(kernels, rows, n).with(0, g).with(1, x).with(2, dx);
    tasks.labels = labels;
    tasks.run(
        (t, from, to) ->
            t.kernels()
                .rows()
                .crossEntropyBackward(
                    t.array(0), t.array(1), t.labels, t.array(2), t.rows, from, to, t.n));
  }
}
