package chainrule.internal.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One small pool of daemon threads for the process.
 *
 * <p>Callers split work into tasks by shape alone; how many threads run them changes nothing but
 * the time. The calling thread takes part, so a call from inside a task cannot deadlock.
 */
public final class Threads {
  /** How many threads compute: {@code -Dchainrule.threads}, else the processors at hand. */
  public static final int COUNT = count();

  private static final ThreadPoolExecutor POOL = pool();

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

  private static ThreadPoolExecutor pool() {
    var number = new AtomicInteger();
    var pool =
        new ThreadPoolExecutor(
            Math.max(1, COUNT - 1),
            Math.max(1, COUNT - 1),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              var thread = new Thread(task, "chainrule-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /**
   * Runs {@code task} for 0 … tasks−1, on as many threads as there are, and returns when all are
   * done.
   */
  public static void forEach(int tasks, IntConsumer task) {
    int helpers = Math.min(tasks, COUNT) - 1;
    if (helpers <= 0) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    var run = new Run(tasks, task);
    for (int i = 0; i < helpers; i++) {
      POOL.execute(run);
    }
    run.run();
    run.await();
  }

  /** The tasks of one call: whoever comes takes the next. */
  private static final class Run implements Runnable {
    private final int tasks;
    private final IntConsumer task;
    private final AtomicInteger next = new AtomicInteger();
    private final CountDownLatch open;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Run(int tasks, IntConsumer task) {
      this.tasks = tasks;
      this.task = task;
      this.open = new CountDownLatch(tasks);
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
        try {
          task.accept(i);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        } finally {
          open.countDown();
        }
      }
    }

    void await() {
      boolean interrupted = false;
      while (true) {
        try {
          open.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure.get()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {}
      }
    }
  }
}
