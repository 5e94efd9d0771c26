package chainrule.internal.kernel;

import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Many matrix products: {@code Cᵢ = op(Aᵢ)·op(Bᵢ)} for every index i of a batch, over which A and B
 * may be broadcast.
 *
 * <p>An object is the job of one call; objects are used again, so that in steady state nothing is
 * allocated.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public final class Products<A> implements IntConsumer {
  /** Multiply-adds that are worth waking a thread for. */
  private static final long TASK = 1 << 19;

  /** From so many products on they are shared out whole, however large each is. */
  private static final int MANY = 8;

  private static final Pool<Products<Object>> POOL = new Pool<>(Products::new);

  private @Nullable Kernels<A> kernels;
  private @Nullable A a;
  private @Nullable A b;
  private @Nullable A c;
  private int[] batch = {};
  private int[] aSteps = {};
  private int[] bSteps = {};
  private boolean ta;
  private boolean tb;
  private int m;
  private int k;
  private int n;
  private int count;
  private int perTask;

  private Products() {}

  /**
   * Fills c, whose matrices lie one after the other.
   *
   * @param batch the sizes of the batch's dimensions
   * @param aSteps how many matrices of A are between neighbours along each of these dimensions; 0
   *     where A is broadcast
   * @param bSteps the same for B
   */
  public static <A> void run(
      Kernels<A> kernels,
      int[] batch,
      A a,
      int[] aSteps,
      boolean ta,
      A b,
      int[] bSteps,
      boolean tb,
      A c,
      int m,
      int k,
      int n) {
    Products<A> job = borrow();
    job.kernels = kernels;
    job.batch = batch;
    job.a = a;
    job.aSteps = aSteps;
    job.ta = ta;
    job.b = b;
    job.bSteps = bSteps;
    job.tb = tb;
    job.c = c;
    job.m = m;
    job.k = k;
    job.n = n;
    job.count = 1;
    for (int size : batch) {
      job.count *= size;
    }
    try {
      job.run(kernels, a, b, c);
    } finally {
      job.kernels = null;
      job.a = null;
      job.b = null;
      job.c = null;
      giveBack(job);
    }
  }

  private void run(Kernels<A> kernels, A a, A b, A c) {
    long work = (long) m * k * n;
    if (count == 1 || (count < MANY && work >= 2 * TASK)) {
      for (int i = 0; i < count; i++) {
        kernels.matmul(
            a, at(i, aSteps) * m * k, ta, b, at(i, bSteps) * k * n, tb, c, i * m * n, m, k, n);
      }
      return;
    }
    perTask = (int) Math.clamp(TASK / Math.max(1, work), 1L, Math.max(1L, count));
    Threads.forEach(Split.tasks(count, perTask), this);
  }

  @SuppressWarnings("unchecked") // an idle job holds no array, so it serves any kind
  private static <A> Products<A> borrow() {
    return (Products<A>) POOL.borrow();
  }

  @SuppressWarnings("unchecked") // as above
  private static <A> void giveBack(Products<A> job) {
    POOL.giveBack((Products<Object>) job);
  }

  /** Which matrix belongs to an index of the batch. */
  private int at(int index, int[] steps) {
    int at = 0;
    int rest = index;
    for (int i = batch.length - 1; i >= 0; i--) {
      at += rest % batch[i] * steps[i];
      rest /= batch[i];
    }
    return at;
  }

  @Override
  public void accept(int task) {
    Kernels<A> kernels = Objects.requireNonNull(this.kernels);
    A a = Objects.requireNonNull(this.a);
    A b = Objects.requireNonNull(this.b);
    A c = Objects.requireNonNull(this.c);
    int lda = ta ? m : k;
    int ldb = tb ? k : n;
    int end = Split.end(task * perTask, perTask, count);
    for (int i = task * perTask; i < end; i++) {
      int ao = at(i, aSteps) * m * k;
      int bo = at(i, bSteps) * k * n;
      kernels.gemm(false, m, k, n, a, ao, lda, ta, b, bo, ldb, tb, c, i * m * n, n);
    }
  }
}
