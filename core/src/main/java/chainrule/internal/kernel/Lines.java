package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of an operation that goes along the middle axis of {@code outer × n × inner}, each line
 * for itself: extremes, and adding at indices.
 */
final class Lines<A> implements IntConsumer {
  private static final Pool<Lines<?>> SPARE = new Pool<>(Lines::new);

  enum Kind {
    ARG_MAX,
    ARG_MIN,
    SCATTER_ADD,
    INDEX_ADD
  }

  private @Nullable Kernels<A> kernels;
  private @Nullable A x;
  private int @Nullable [] index;
  private @Nullable A y;
  private Kind kind = Kind.ARG_MAX;
  private int lines;
  private int n;
  private int inner;
  private int size;
  private int block;

  private Lines() {}

  static <A> void run(
      Kernels<A> kernels,
      Kind kind,
      A x,
      int[] index,
      @Nullable A y,
      int outer,
      int n,
      int inner,
      int size) {
    Lines<A> tasks = spare();
    tasks.kernels = kernels;
    tasks.kind = kind;
    tasks.x = x;
    tasks.index = index;
    tasks.y = y;
    tasks.lines = outer * inner;
    tasks.n = n;
    tasks.inner = inner;
    tasks.size = size;
    int few = Math.clamp(Split.GRAIN / Math.max(1, n), 1, Split.GRAIN);
    // Lines that lie side by side share cache lines and pages: a task takes many.
    int side = Math.clamp(inner / 8, 64, 512);
    tasks.block = inner == 1 ? few : Split.tasks(few, side) * side;
    try {
      Threads.forEach(Split.tasks(tasks.lines, tasks.block), tasks);
    } finally {
      tasks.kernels = null;
      tasks.x = null;
      tasks.index = null;
      tasks.y = null;
      SPARE.giveBack(tasks);
    }
  }

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  private static <A> Lines<A> spare() {
    return (Lines<A>) SPARE.borrow();
  }

  @Override
  public void accept(int task) {
    Kernels<A> k = requireNonNull(kernels);
    A in = requireNonNull(x);
    int[] at = requireNonNull(index);
    int from = task * block;
    int to = Split.end(from, block, lines);
    switch (kind) {
      case ARG_MAX -> k.argExtreme(in, at, n, inner, from, to, false);
      case ARG_MIN -> k.argExtreme(in, at, n, inner, from, to, true);
      case SCATTER_ADD -> k.scatterAdd(in, at, requireNonNull(y), n, inner, size, from, to);
      case INDEX_ADD -> k.indexAdd(in, at, requireNonNull(y), n, inner, size, from, to);
    }
  }
}
