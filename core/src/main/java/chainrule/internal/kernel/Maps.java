package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import chainrule.math.Unary;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The tasks of a function of single elements. */
final class Maps<A> implements IntConsumer {
  private static final Pool<Maps<?>> SPARE = new Pool<>(Maps::new);

  private @Nullable Kernels<A> kernels;
  private @Nullable Unary f;
  private @Nullable A x;
  private @Nullable A y;
  private int n;

  private Maps() {}

  static <A> void run(Kernels<A> kernels, Unary f, A x, A y, int n) {
    Maps<A> tasks = spare();
    tasks.kernels = kernels;
    tasks.f = f;
    tasks.x = x;
    tasks.y = y;
    tasks.n = n;
    try {
      Threads.forEach(Split.tasks(n, Split.GRAIN), tasks);
    } finally {
      tasks.kernels = null;
      tasks.x = null;
      tasks.y = null;
      SPARE.giveBack(tasks);
    }
  }

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  private static <A> Maps<A> spare() {
    return (Maps<A>) SPARE.borrow();
  }

  @Override
  public void accept(int task) {
    int from = task * Split.GRAIN;
    requireNonNull(kernels)
        .map(
            requireNonNull(f),
            requireNonNull(x),
            from,
            requireNonNull(y),
            from,
            Split.end(from, Split.GRAIN, n) - from);
  }
}
