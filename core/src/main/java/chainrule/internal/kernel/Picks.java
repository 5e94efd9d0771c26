package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The tasks of reading at indices along the middle axis of {@code outer × size × inner}. */
final class Picks implements IntConsumer {
  private static final Pool<Picks> SPARE = new Pool<>(Picks::new);

  private @Nullable Object src;
  private int @Nullable [] index;
  private @Nullable Object dst;
  private boolean blocks;
  private int total;
  private int size;
  private int n;
  private int inner;
  private int block;

  private Picks() {}

  static void run(
      boolean blocks, Object src, int[] index, Object dst, int outer, int size, int n, int inner) {
    if (outer == 0 || n == 0 || inner == 0) {
      return;
    }
    Picks picks = SPARE.borrow();
    picks.blocks = blocks;
    picks.src = src;
    picks.index = index;
    picks.dst = dst;
    picks.size = size;
    picks.n = n;
    picks.inner = inner;
    picks.total = blocks ? outer * n : outer * n * inner;
    picks.block = blocks ? Math.max(1, Split.GRAIN / inner) : Split.GRAIN;
    try {
      Threads.forEach(Split.tasks(picks.total, picks.block), picks);
    } finally {
      picks.src = null;
      picks.index = null;
      picks.dst = null;
      SPARE.giveBack(picks);
    }
  }

  @Override
  public void accept(int task) {
    int from = task * block;
    int to = Split.end(from, block, total);
    int[] at = requireNonNull(index);
    Object out = requireNonNull(dst);
    if (blocks) {
      select(requireNonNull(src), at, out, from, to);
      return;
    }
    switch (requireNonNull(src)) {
      case float[] x -> gather(x, at, (float[]) out, from, to);
      case double[] x -> gather(x, at, (double[]) out, from, to);
      case int[] x -> gather(x, at, (int[]) out, from, to);
      case Object x -> throw Copies.notNumbers(x);
    }
  }

  private void select(Object x, int[] at, Object y, int from, int to) {
    for (int line = from; line < to; line++) {
      int source = line / n * size + at[line % n];
      System.arraycopy(x, source * inner, y, line * inner, inner);
    }
  }

  private void gather(float[] x, int[] at, float[] y, int from, int to) {
    int p = from;
    while (p < to) {
      int line = p / inner;
      int j = p % inner;
      int base = line / n * size * inner + j;
      int end;
      if (inner == 1) {
        end = Split.end(p, n - line % n, to);
        for (; p < end; p++) {
          y[p] = x[base + at[p]];
        }
      } else {
        end = Split.end(p, inner - j, to);
        int shift = base - p;
        for (; p < end; p++) {
          y[p] = x[shift + p + at[p] * inner];
        }
      }
    }
  }

  private void gather(double[] x, int[] at, double[] y, int from, int to) {
    int p = from;
    while (p < to) {
      int line = p / inner;
      int j = p % inner;
      int base = line / n * size * inner + j;
      int end;
      if (inner == 1) {
        end = Split.end(p, n - line % n, to);
        for (; p < end; p++) {
          y[p] = x[base + at[p]];
        }
      } else {
        end = Split.end(p, inner - j, to);
        int shift = base - p;
        for (; p < end; p++) {
          y[p] = x[shift + p + at[p] * inner];
        }
      }
    }
  }

  private void gather(int[] x, int[] at, int[] y, int from, int to) {
    int p = from;
    while (p < to) {
      int line = p / inner;
      int j = p % inner;
      int base = line / n * size * inner + j;
      int end;
      if (inner == 1) {
        end = Split.end(p, n - line % n, to);
        for (; p < end; p++) {
          y[p] = x[base + at[p]];
        }
      } else {
        end = Split.end(p, inner - j, to);
        int shift = base - p;
        for (; p < end; p++) {
          y[p] = x[shift + p + at[p] * inner];
        }
      }
    }
  }
}
