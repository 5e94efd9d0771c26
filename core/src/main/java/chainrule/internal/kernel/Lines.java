package chainrule.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * Operations that go along the middle axis of {@code outer × n × inner}, each line for itself:
 * extremes, and adding at indices.
 */
final class Lines {
  enum Kind {
    ARG_MAX,
    ARG_MIN,
    SCATTER_ADD,
    INDEX_ADD
  }

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
    int few = Math.clamp(Split.GRAIN / Math.max(1, n), 1, Split.GRAIN);
    // Lines that lie side by side share cache lines and pages: a task takes many.
    int side = Math.clamp(inner / 8, 64, 512);
    Ranges.on(kernels)
        .function(kind)
        .array(x)
        .array(y)
        .index(index)
        .size(n)
        .size(inner)
        .size(size)
        .run(outer * inner, inner == 1 ? few : Split.tasks(few, side) * side, Lines::part);
  }

  private static <A> void part(Ranges<A> r, int from, int to) {
    Kernels<A> k = r.kernels();
    A x = r.array(0);
    int[] at = r.index();
    int n = r.n(0);
    int inner = r.n(1);
    int size = r.n(2);
    switch ((Kind) r.function()) {
      case ARG_MAX -> k.argExtreme(x, at, n, inner, from, to, false);
      case ARG_MIN -> k.argExtreme(x, at, n, inner, from, to, true);
      case SCATTER_ADD -> k.scatterAdd(x, at, r.array(1), n, inner, size, from, to);
      case INDEX_ADD -> k.indexAdd(x, at, r.array(1), n, inner, size, from, to);
    }
  }
}
