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
    NormKernels<A> k = kernels.norms();
    int block = RowSplit.block(n);
    if (rows <= block) {
      k.norm(x, weight, bias, y, centred, eps, 0, rows, n);
      return;
    }
    Threads.forEach(
        Split.tasks(rows, block),
        t -> {
          int end = Split.end(t * block, block, rows);
          k.norm(x, weight, bias, y, centred, eps, t * block, end, n);
        });
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
      Threads.forEach(
          Split.tasks(rows, block),
          t -> {
            int end = Split.end(t * block, block, rows);
            k.normBackward(
                g, x, weight, dx, weights, biases, t * n, centred, eps, t * block, end, n);
          });
    }
    add(kernels, weights, dweight, chunks, n);
    add(kernels, biases, dbias, chunks, n);
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
