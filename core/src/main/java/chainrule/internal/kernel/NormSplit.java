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
    Ranges.on(kernels)
        .array(x)
        .array(weight)
        .array(bias)
        .array(y)
        .flag(centred)
        .eps(eps)
        .size(n)
        .run(
            rows,
            RowSplit.block(n),
            (r, from, to) ->
                r.kernels()
                    .norms()
                    .norm(
                        r.array(0),
                        r.array(1),
                        r.maybe(2),
                        r.array(3),
                        r.flag(),
                        r.eps(),
                        from,
                        to,
                        r.n(0)));
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
    if (rows == 0) {
      return;
    }
    int unit = dweight == null && dbias == null ? RowSplit.block(n) : CHUNK;
    int chunks = Split.tasks(rows, unit);
    boolean whole = chunks == 1;
    A weights = part(dweight, whole, Scratch.Use.PARTS, chunks * n);
    A biases = part(dbias, whole, Scratch.Use.MORE_PARTS, chunks * n);
    Ranges.on(kernels)
        .array(g)
        .array(x)
        .array(weight)
        .array(dx)
        .array(weights)
        .array(biases)
        .flag(centred)
        .eps(eps)
        .size(n)
        .size(rows)
        .size(unit)
        .run(chunks, rows <= RowSplit.block(n) ? chunks : 1, NormSplit::chunks);
    if (!whole) {
      add(kernels, weights, dweight, chunks, n);
      add(kernels, biases, dbias, chunks, n);
    }
  }

  /** Where a result's chunks go: into itself if it is one. */
  private static <A> @Nullable A part(@Nullable A y, boolean whole, Scratch.Use use, int size) {
    return y == null || whole ? y : Scratch.like(y, use, size);
  }

  private static <A> void chunks(Ranges<A> r, int from, int to) {
    int n = r.n(0);
    int rows = r.n(1);
    int unit = r.n(2);
    for (int c = from; c < to; c++) {
      r.kernels()
          .norms()
          .normBackward(
              r.array(0),
              r.array(1),
              r.array(2),
              r.maybe(3),
              r.maybe(4),
              r.maybe(5),
              c * n,
              r.flag(),
              r.eps(),
              c * unit,
              Split.end(c * unit, unit, rows),
              n);
    }
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
