package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import chainrule.math.Binary;
import chainrule.math.Unary;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@link Kernels#linear} by way of {@link Kernels#gemm}: tasks are blocks of rows.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class LinearRun<A> implements IntConsumer {
  /** Fewer rows would not be worth what a task does to the right-hand side. */
  private static final int LEAST = 32;

  private static final Pool<LinearRun<?>> SPARE = new Pool<>(LinearRun::new);

  private @Nullable Kernels<A> kernels;
  private @Nullable A a;
  private @Nullable A b;
  private @Nullable A bias;
  private @Nullable A c;
  private @Nullable Unary f;
  private boolean ta;
  private boolean tb;
  private int ao;
  private int bo;
  private int co;
  private int m;
  private int k;
  private int n;
  private int block;

  private LinearRun() {}

  static <A> void run(
      Kernels<A> kernels,
      A a,
      int ao,
      boolean ta,
      A b,
      int bo,
      boolean tb,
      @Nullable A bias,
      @Nullable Unary f,
      A c,
      int co,
      int m,
      int k,
      int n) {
    LinearRun<A> run = spare();
    run.kernels = kernels;
    run.a = a;
    run.ao = ao;
    run.ta = ta;
    run.b = b;
    run.bo = bo;
    run.tb = tb;
    run.bias = bias;
    run.f = f;
    run.c = c;
    run.co = co;
    run.m = m;
    run.k = k;
    run.n = n;
    run.block = Math.max(LEAST, Split.rows((long) k * n));
    try {
      Threads.forEach(Split.tasks(m, run.block), run);
    } finally {
      run.kernels = null;
      run.a = null;
      run.b = null;
      run.bias = null;
      run.c = null;
      SPARE.giveBack(run);
    }
  }

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  private static <A> LinearRun<A> spare() {
    return (LinearRun<A>) SPARE.borrow();
  }

  @Override
  public void accept(int task) {
    Kernels<A> on = requireNonNull(kernels);
    A to = requireNonNull(c);
    int from = task * block;
    int end = Split.end(from, block, m);
    int left = ta ? ao + from : ao + from * k;
    on.gemm(
        false,
        end - from,
        k,
        n,
        requireNonNull(a),
        left,
        ta ? m : k,
        ta,
        requireNonNull(b),
        bo,
        tb ? k : n,
        tb,
        to,
        co + from * n,
        n);
    A more = bias;
    for (int i = from; more != null && i < end; i++) {
      on.zip(Binary.ADD, to, co + i * n, 1, more, 0, 1, to, co + i * n, n);
    }
    if (f != null) {
      on.map(f, to, co + from * n, to, co + from * n, (end - from) * n);
    }
  }
}
