package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop over rows in tasks of some rows each, with what it works on: taken from a pool, so that a
 * call allocates nothing.
 *
 * <pre>{@code
 * RowTasks.of(kernels, rows, n, block)
 *     .with(0, x)
 *     .with(1, y)
 *     .run((t, from, to) -> t.kernels().rows().softmax(t.array(0), t.array(1), from, to, t.n));
 * }</pre>
 */
final class RowTasks<A> implements IntConsumer {
  private static final Pool<RowTasks<?>> SPARE = new Pool<>(RowTasks::new);

  private static final int[] NONE = {};

  /** Computes some rows; captures nothing. */
  @FunctionalInterface
  interface Loop<A> {
    void run(RowTasks<A> t, int from, int to);
  }

  private final @Nullable Object[] arrays = new @Nullable Object[6];
  private @Nullable Kernels<A> kernels;
  private @Nullable Loop<A> loop;
  int[] labels = NONE;
  boolean centred;
  double eps;
  int rows;
  int n;
  int block;

  private RowTasks() {}

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  static <A> RowTasks<A> of(Kernels<A> kernels, int rows, int n, int block) {
    RowTasks<A> tasks = (RowTasks<A>) SPARE.borrow();
    tasks.kernels = kernels;
    tasks.rows = rows;
    tasks.n = n;
    tasks.block = block;
    return tasks;
  }

  /** Gives the loop an array, or none. */
  RowTasks<A> with(int i, @Nullable A array) {
    arrays[i] = array;
    return this;
  }

  /** Runs all tasks, and is given back. */
  void run(Loop<A> what) {
    loop = what;
    try {
      if (rows <= block) {
        what.run(this, 0, rows);
      } else {
        Threads.forEach(Split.tasks(rows, block), this);
      }
    } finally {
      kernels = null;
      loop = null;
      labels = NONE;
      Arrays.fill(arrays, null);
      SPARE.giveBack(this);
    }
  }

  @Override
  public void accept(int task) {
    int from = task * block;
    requireNonNull(loop).run(this, from, Split.end(from, block, rows));
  }

  Kernels<A> kernels() {
    return requireNonNull(kernels);
  }

  A array(int i) {
    return requireNonNull(arrayOrNull(i));
  }

  @SuppressWarnings("unchecked") // what was given
  @Nullable A arrayOrNull(int i) {
    return (A) arrays[i];
  }
}
