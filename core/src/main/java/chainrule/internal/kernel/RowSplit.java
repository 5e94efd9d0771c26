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
    RowKernels<A> k = kernels.rows();
    int block = block(n);
    if (rows <= block) {
      k.softmax(x, y, 0, rows, n);
      return;
    }
    Threads.forEach(
        Split.tasks(rows, block),
        t -> k.softmax(x, y, t * block, Split.end(t * block, block, rows), n));
  }

  /** {@link RowKernels#softmaxBackward} over all rows. */
  public static <A> void softmaxBackward(Kernels<A> kernels, A g, A y, A dx, int rows, int n) {
    RowKernels<A> k = kernels.rows();
    int block = block(n);
    if (rows <= block) {
      k.softmaxBackward(g, y, dx, 0, rows, n);
      return;
    }
    Threads.forEach(
        Split.tasks(rows, block),
        t -> k.softmaxBackward(g, y, dx, t * block, Split.end(t * block, block, rows), n));
  }

  /** {@link RowKernels#logSoftmax} over all rows. */
  public static <A> void logSoftmax(Kernels<A> kernels, A x, A y, int rows, int n) {
    RowKernels<A> k = kernels.rows();
    int block = block(n);
    if (rows <= block) {
      k.logSoftmax(x, y, 0, rows, n);
      return;
    }
    Threads.forEach(
        Split.tasks(rows, block),
        t -> k.logSoftmax(x, y, t * block, Split.end(t * block, block, rows), n));
  }

  /** {@link RowKernels#logSoftmaxBackward} over all rows. */
  public static <A> void logSoftmaxBackward(Kernels<A> kernels, A g, A y, A dx, int rows, int n) {
    RowKernels<A> k = kernels.rows();
    int block = block(n);
    if (rows <= block) {
      k.logSoftmaxBackward(g, y, dx, 0, rows, n);
      return;
    }
    Threads.forEach(
        Split.tasks(rows, block),
        t -> k.logSoftmaxBackward(g, y, dx, t * block, Split.end(t * block, block, rows), n));
  }

  /** {@link RowKernels#crossEntropy} over all rows and {@link RowKernels#meanLoss}. */
  public static <A> void crossEntropy(Kernels<A> kernels, A x, int[] labels, A y, int rows, int n) {
    RowKernels<A> k = kernels.rows();
    A loss = Scratch.like(x, Scratch.Use.PARTS, rows);
    int block = block(n);
    if (rows <= block) {
      k.crossEntropy(x, labels, loss, 0, rows, n);
    } else {
      Threads.forEach(
          Split.tasks(rows, block),
          t -> k.crossEntropy(x, labels, loss, t * block, Split.end(t * block, block, rows), n));
    }
    k.meanLoss(loss, y, rows);
  }

  /** {@link RowKernels#crossEntropyBackward} over all rows. */
  public static <A> void crossEntropyBackward(
      Kernels<A> kernels, A g, A x, int[] labels, A dx, int rows, int n) {
    RowKernels<A> k = kernels.rows();
    int block = block(n);
    if (rows <= block) {
      k.crossEntropyBackward(g, x, labels, dx, rows, 0, rows, n);
      return;
    }
    Threads.forEach(
        Split.tasks(rows, block),
        t -> {
          int end = Split.end(t * block, block, rows);
          k.crossEntropyBackward(g, x, labels, dx, rows, t * block, end, n);
        });
  }
}
