package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import chainrule.math.Binary;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a sum along the middle axis of {@code outer × n × inner}.
 *
 * <p>Tasks read long runs of memory: whole rows, whole blocks of {@code n × inner}, the chunks of
 * 256 rows that the order of rounding asks for anyway, and columns only where there is one chunk.
 */
final class Sums<A> implements IntConsumer {
  private static final Pool<Sums<?>> SPARE = new Pool<>(Sums::new);
  private static final int CHUNK = 256;

  private enum Kind {
    ROWS,
    BLOCKS,
    COLUMNS,
    CHUNKS
  }

  private @Nullable Kernels<A> kernels;
  private @Nullable A x;
  private @Nullable A y;
  private @Nullable A partial;
  private Kind kind = Kind.ROWS;
  private int outer;
  private int n;
  private int inner;
  private int at;
  private int block;
  private float[] floats = new float[0];
  private double[] doubles = new double[0];

  private Sums() {}

  static <A> void run(Kernels<A> kernels, A x, A y, int outer, int n, int inner) {
    Sums<A> sums = spare();
    sums.kernels = kernels;
    sums.x = x;
    sums.y = y;
    sums.outer = outer;
    sums.n = n;
    sums.inner = inner;
    try {
      sums.run();
    } finally {
      sums.kernels = null;
      sums.x = null;
      sums.y = null;
      sums.partial = null;
      SPARE.giveBack(sums);
    }
  }

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  private static <A> Sums<A> spare() {
    return (Sums<A>) SPARE.borrow();
  }

  private void run() {
    long each = (long) n * inner;
    if (inner == 1) {
      go(Kind.ROWS, outer, Split.rows(n));
    } else if (outer > 1 && each <= 4L * Split.GRAIN) {
      go(Kind.BLOCKS, outer, Split.rows(each));
    } else {
      for (int o = 0; o < outer; o++) {
        at = o;
        if (n > CHUNK && each > Split.GRAIN) {
          chunks();
        } else {
          int columns = Math.max(512, Split.rows(n));
          go(Kind.COLUMNS, inner, columns - columns % 64);
        }
      }
    }
  }

  private void go(Kind what, int work, int size) {
    kind = what;
    block = size;
    Threads.forEach(Split.tasks(work, size), this);
  }

  /** Sums every chunk into a row of its own, then adds these rows in order. */
  private void chunks() {
    int count = Split.tasks(n, CHUNK);
    A rows = room(count * inner);
    partial = rows;
    go(Kind.CHUNKS, count, Split.rows((long) CHUNK * inner));
    A to = requireNonNull(y);
    System.arraycopy(rows, 0, to, at * inner, inner);
    for (int i = 1; i < count; i++) {
      requireNonNull(kernels)
          .zip(Binary.ADD, to, at * inner, 1, rows, i * inner, 1, to, at * inner, inner);
    }
  }

  @SuppressWarnings("unchecked") // room of the result's own kind
  private A room(int size) {
    if (requireNonNull(y) instanceof float[]) {
      if (floats.length < size) {
        floats = new float[size];
      }
      return (A) floats;
    }
    if (doubles.length < size) {
      doubles = new double[size];
    }
    return (A) doubles;
  }

  @Override
  public void accept(int task) {
    Kernels<A> k = requireNonNull(kernels);
    A in = requireNonNull(x);
    A out = requireNonNull(y);
    int from = task * block;
    switch (kind) {
      case ROWS -> k.sumInner(in, out, from, Split.end(from, block, outer), n);
      case BLOCKS -> {
        int to = Split.end(from, block, outer);
        for (int o = from; o < to; o++) {
          k.sumOuter(in, o * n * inner, out, o * inner, n, inner, 0, inner);
        }
      }
      case COLUMNS -> {
        int to = Split.end(from, block, inner);
        k.sumOuter(in, at * n * inner, out, at * inner, n, inner, from, to);
      }
      case CHUNKS -> {
        int to = Split.end(from, block, Split.tasks(n, CHUNK));
        A rows = requireNonNull(partial);
        for (int i = from; i < to; i++) {
          int start = at * n + i * CHUNK;
          int count = Split.end(i * CHUNK, CHUNK, n) - i * CHUNK;
          k.sumOuter(in, start * inner, rows, i * inner, count, inner, 0, inner);
        }
      }
    }
  }
}
