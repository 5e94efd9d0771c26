package chainrule.internal.kernel;

import chainrule.math.Binary;
import org.jspecify.annotations.Nullable;

/** Splits the loops of {@link NormKernels} into tasks, by shape alone. */
public final class NormSplit {
  private static final int CHUNK = 256;

  private NormSplit() {}

  /** {@link NormKernels#norm} over all rows. */
  public static <A> void norm(
      Kernels<A> kernels,
      A x,
      A weight,
      @Nullable A bias,
      A y,
      boolean centred,
      double eps,
      int rows,
      int n) {
    RowTasks<A> tasks = RowTasks.of(kernels, rows, n, RowSplit.block(n));
    tasks.with(0, x).with(1, weight).with(2, bias).with(3, y);
    tasks.centred = centred;
    tasks.eps = eps;
    tasks.run(
        (t, from, to) ->
            t.kernels()
                .norms()
                .norm(
                    t.array(0),
                    t.array(1),
                    t.arrayOrNull(2),
                    t.array(3),
                    t.centred,
                    t.eps,
                    from,
                    to,
                    t.n));
  }

  /**
   * {@link NormKernels#normBackward} over all rows: those of {@code dweight} and {@code dbias} are
   * summed in chunks of 256, and chunks are added in order.
   */
  public static <A> void normBackward(
      Kernels<A> kernels,
      A g,
      A x,
      A weight,
      @Nullable A dx,
      @Nullable A dweight,
      @Nullable A dbias,
      boolean centred,
      double eps,
      int rows,
      int n) {
    NormKernels<A> k = kernels.norms();
    if (rows == 0) {
      return;
    }
    int chunks = Split.tasks(rows, CHUNK);
    int block = dweight == null && dbias == null ? RowSplit.block(n) : CHUNK;
    if (rows <= block) {
      k.normBackward(g, x, weight, dx, dweight, dbias, 0, centred, eps, 0, rows, n);
      return;
    }
    A weights = dweight == null ? null : Scratch.like(x, Scratch.Use.PARTS, chunks * n);
    A biases = dbias == null ? null : Scratch.like(x, Scratch.Use.MORE_PARTS, chunks * n);
    if (rows <= RowSplit.block(n)) {
      for (int c = 0; c < chunks; c++) {
        int end = Split.end(c * CHUNK, CHUNK, rows);
        k.normBackward(g, x, weight, dx, weights, biases, c * n, centred, eps, c * CHUNK, end, n);
      }
    } else {
      RowTasks<A> tasks = RowTasks.of(kernels, rows, n, block).with(0, g).with(1, x);
      tasks.with(2, weight).with(3, dx).with(4, weights).with(5, biases);
      tasks.centred = centred;
      tasks.eps = eps;
      tasks.run(NormSplit::part);
    }
    add(kernels, weights, dweight, chunks, n);
    add(kernels, biases, dbias, chunks, n);
  }

  private static <A> void part(RowTasks<A> t, int from, int to) {
    t.kernels()
        .norms()
        .normBackward(
            t.array(0),
            t.array(1),
            t.array(2),
            t.arrayOrNull(3),
            t.arrayOrNull(4),
            t.arrayOrNull(5),
            from / t.block * t.n,
            t.centred,
            t.eps,
            from,
            to,
            t.n);
  }

  private static <A> void add(
      Kernels<A> kernels, @Nullable A parts, @Nullable A y, int chunks, int n) {
    if (parts == null || y == null) {
      return;
    }
    System.arraycopy(parts, 0, y, 0, n);
    for (int c = 1; c < chunks; c++) {
      kernels.zip(Binary.ADD, y, 0, 1, parts, c * n, 1, y, 0, n);
    }
  }
}
