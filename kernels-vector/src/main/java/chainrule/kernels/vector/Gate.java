package chainrule.kernels.vector;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds vector loops back until all of them are compiled: before that every vector is an object on
 * the heap, and a loop takes thousands of times as long. Meanwhile the scalar loops run, which are
 * fast within milliseconds and give the same bits.
 *
 * <p>A thread of its own calls the loops on small arrays until each has been as fast as only
 * machine code is; one that never is, on a JVM that cannot compile it, never runs.
 */
final class Gate {
  /** Multiply-adds asked for before it pays to wake the compiler: some milliseconds' worth. */
  private static final long WORTH = 1 << 24;

  /**
   * One operation on a vector takes under 1 ns in the code of C2. In that of C1, which makes an
   * object of every vector, it takes 10 ns and more; in the interpreter, thousands.
   */
  private static final long NANOS = 3;

  /** Steps of a call: as of a loop that is long. */
  static final int STEPS = 24;

  /** Calls of a loop in a row. */
  private static final int TURN = 8;

  /** Calls of no steps that follow each: what the compiler counts is calls. */
  private static final int EMPTY = 24;

  /** After so many rounds the compiler has counted enough. */
  private static final int COUNTED = 40;

  private static final long PAUSE_NANOS = 2_000_000;

  /** How often in succession a loop must be fast. */
  private static final int SURE = 3;

  private static final long LONGEST_NANOS = 60_000_000_000L;

  /**
   * A loop to call.
   *
   * @param operations how many operations on vectors a step has, roughly
   * @param call takes the number of steps, 0 to {@link #STEPS}, and works on arrays of its own;
   *     every branch should be taken in some calls
   */
  record Loop(int operations, IntConsumer call) {}

  private final Supplier<List<Loop>> loops;
  private final @Nullable Gate next;
  private final long longest;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean open;

  /**
   * {@code loops} is asked for them when work begins; {@code next} is what the compiler gets after
   * these.
   */
  Gate(Supplier<List<Loop>> loops, @Nullable Gate next) {
    this(loops, next, LONGEST_NANOS);
  }

  /** Stays shut if a loop is slow after so long. */
  Gate(Supplier<List<Loop>> loops, @Nullable Gate next, long longest) {
    this.loops = loops;
    this.next = next;
    this.longest = longest;
  }

  /** Whether the loops may run. */
  boolean open() {
    return open;
  }

  /** Whether the loops may run, for so much work. */
  boolean open(long work) {
    if (open) {
      return true;
    }
    if (asked.addAndGet(work) >= WORTH) {
      begin();
    }
    return false;
  }

  /** Waits until this gate and those after it are open, or will stay shut. */
  void await() throws InterruptedException {
    begin();
    for (Gate gate = this; gate != null; gate = gate.next) {
      gate.done.await();
    }
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      Thread.ofPlatform().daemon().name("chainrule-compile").start(this::compile);
    }
  }

  private void compile() {
    List<Loop> all = loops.get();
    int[] fast = new int[all.size()];
    long start = System.nanoTime();
    int left = fast.length;
    for (int round = 0; left > 0 && System.nanoTime() - start < longest; round++) {
      if (round > COUNTED) {
        LockSupport.parkNanos(PAUSE_NANOS); // leaves the processor to the compiler
      }
      left = 0;
      for (int i = 0; i < fast.length; i++) {
        if (fast[i] < SURE) {
          fast[i] = quick(all.get(i)) ? fast[i] + 1 : 0;
          left++;
        }
      }
    }
    open = left == 0;
    done.countDown();
    if (next != null) {
      next.begin();
    }
  }

  /** Whether the best of some calls was machine code. */
  private static boolean quick(Loop loop) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < TURN; i++) {
      long before = System.nanoTime();
      loop.call().accept(STEPS);
      least = Math.min(least, System.nanoTime() - before);
      for (int empty = 0; empty < EMPTY; empty++) {
        loop.call().accept(0);
      }
    }
    return least < NANOS * STEPS * loop.operations();
  }
}
