package chainrule.internal.kernel;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One small pool of daemon threads for the process.
 *
 * <p>Callers split work by shape alone wherever a sum would cross tasks, so how many threads run
 * them changes nothing but the time. The calling thread takes part and never depends on another to
 * make progress, so calls from several threads at once, from virtual threads and from inside a task
 * all come to an end.
 *
 * <p>A thread that has run out of work looks out for more for some microseconds before it sleeps:
 * the kernels of a training follow each other so closely that it is seldom woken. In steady state
 * nothing is allocated.
 */
public final class Threads {
  /** How many threads compute: {@code -Dchainrule.threads}, else the processors at hand. */
  public static final int COUNT = count();

  /** How long an idle thread looks out for work; with more threads than processors not at all. */
  private static final long PATIENCE_NANOS =
      COUNT <= Runtime.getRuntime().availableProcessors() ? 50_000 : 0;

  /** The calls that can be helped at once; a further one is run by its caller alone. */
  private static final Run[] RUNS = new Run[32];

  static {
    Arrays.setAll(RUNS, _ -> new Run());
  }

  /** Counts the calls published: what idle threads look at. */
  private static final AtomicInteger PUBLISHED = new AtomicInteger();

  private Threads() {}

  private static int count() {
    String set = System.getProperty("chainrule.threads", "");
    if (set.isEmpty()) {
      return Runtime.getRuntime().availableProcessors();
    }
    try {
      int n = Integer.parseInt(set);
      if (n >= 1 && n <= 1024) {
        return n;
      }
    } catch (NumberFormatException notANumber) {
      // falls through to the sentence below
    }
    throw new IllegalStateException("-Dchainrule.threads=" + set + ": a number from 1 to 1024");
  }

  /**
   * Runs {@code task} for 0 … tasks−1, on as many threads as there are, and returns when all are
   * done. What a task throws is thrown here, after the others have ended.
   */
  public static void forEach(int tasks, IntConsumer task) {
    int helpers = Math.min(tasks, COUNT) - 1;
    Run run = helpers <= 0 ? null : free();
    if (run == null) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    run.open(tasks, task);
    PUBLISHED.getAndIncrement();
    Worker.wake(helpers);
    run.help();
    run.await();
    switch (run.close()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {}
    }
  }

  /** A run that no call uses, now taken; null if there is none. */
  private static @Nullable Run free() {
    for (Run run : RUNS) {
      if (!run.taken.get() && run.taken.compareAndSet(false, true)) {
        return run;
      }
    }
    return null;
  }

  /**
   * The tasks of one call: whoever comes takes the next.
   *
   * <p>It is used again and again, and a helper may look at it late, when it serves another call.
   * That does no harm: to take a task is to raise the state from what was seen, and a call does not
   * end before every task taken is done.
   */
  private static final class Run {
    /** How many tasks, in the upper half, and the next to take, in the lower. */
    private final AtomicLong state = new AtomicLong();

    private final AtomicBoolean taken = new AtomicBoolean();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile @Nullable IntConsumer task;
    private volatile @Nullable Thread waiting;
    private int tasks;

    void open(int count, IntConsumer body) {
      tasks = count;
      task = body;
      done.set(0);
      state.set((long) count << 32);
    }

    @Nullable Throwable close() {
      Throwable thrown = failure.getAndSet(null);
      task = null;
      taken.set(false);
      return thrown;
    }

    /** Takes and runs tasks until none is left; whether there was any. */
    boolean help() {
      boolean any = false;
      while (true) {
        long seen = state.get();
        int next = (int) seen;
        int count = (int) (seen >>> 32);
        if (next >= count) {
          return any;
        }
        if (state.compareAndSet(seen, seen + 1)) {
          any = true;
          perform(next, count);
        }
      }
    }

    private void perform(int next, int count) {
      try {
        Objects.requireNonNull(task).accept(next);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      } finally {
        if (done.incrementAndGet() == count) {
          LockSupport.unpark(waiting);
        }
      }
    }

    /** Waits until the tasks that others have taken are done too. */
    void await() {
      if (done.get() == tasks) {
        return;
      }
      long until = System.nanoTime() + PATIENCE_NANOS;
      while (done.get() < tasks && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      if (done.get() == tasks) {
        return;
      }
      boolean interrupted = false;
      waiting = Thread.currentThread();
      while (done.get() < tasks) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      waiting = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A helper: runs what is open, looks out for more, sleeps. */
  private static final class Worker implements Runnable {
    private static final Worker[] ALL = start();

    private final AtomicInteger asleep = new AtomicInteger();
    private volatile @Nullable Thread thread;

    private static Worker[] start() {
      var all = new Worker[COUNT - 1];
      for (int i = 0; i < all.length; i++) {
        all[i] = new Worker();
        var thread = new Thread(all[i], "chainrule-" + (i + 1));
        thread.setDaemon(true);
        all[i].thread = thread;
        thread.start();
      }
      return all;
    }

    /** Wakes those of the first {@code n} helpers that sleep. */
    static void wake(int n) {
      for (int i = 0; i < n; i++) {
        Worker worker = ALL[i];
        if (worker.asleep.get() == 1 && worker.asleep.compareAndSet(1, 0)) {
          LockSupport.unpark(worker.thread);
        }
      }
    }

    @Override
    public void run() {
      while (true) {
        int seen = PUBLISHED.get();
        boolean any = false;
        for (Run run : RUNS) {
          any |= run.help();
        }
        if (!any) {
          rest(seen);
        }
      }
    }

    private void rest(int seen) {
      long until = System.nanoTime() + PATIENCE_NANOS;
      while (PUBLISHED.get() == seen) {
        if (System.nanoTime() >= until) {
          asleep.set(1);
          while (PUBLISHED.get() == seen && asleep.get() == 1) {
            LockSupport.park(this);
          }
          asleep.set(0);
          return;
        }
        Thread.onSpinWait();
      }
    }
  }
}
