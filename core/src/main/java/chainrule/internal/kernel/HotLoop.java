package chainrule.internal.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The emitted loop of a program, once it pays: the program has done much work by then, and the JIT
 * has compiled the loop.
 *
 * <p>Until C2 has compiled it, code on vectors makes an object of every vector and is a thousand
 * times slower. So a thread of its own calls a new loop on scratch arrays until it overtakes the
 * program's blocks ({@link LoopTrial}); only then anybody sees it. If that never happens, or the
 * loop cannot be emitted, the blocks go on. Which of the two runs makes no difference to the bits.
 *
 * <p>{@code -Dchainrule.emit=never} leaves everything to blocks; {@code now} uses every loop at
 * once, which is slow and for tests.
 */
final class HotLoop {
  /** Steps times elements after which a program is worth a class: some ten milliseconds. */
  private static final long HOT = 1L << 25;

  /** A loop that has not become fast is tried again after so many times the work. */
  private static final int AGAIN = 8;

  /** What a step costs beside its elements, in elements. */
  private static final int CALL = 128;

  private static final int MOST = 256;

  private enum When {
    NEVER,
    HOT,
    NOW
  }

  private static final When WHEN =
      switch (System.getProperty("chainrule.emit", "")) {
        case "never" -> When.NEVER;
        case "now" -> When.NOW;
        default -> When.HOT;
      };

  /** Those asked for last; others are forgotten, and emitted again if they come back. */
  private static final Map<List<Object>, HotLoop> ALL =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<Object>, HotLoop> eldest) {
          return size() > MOST;
        }
      };

  private static final ThreadPoolExecutor TRIALS =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST),
          Thread.ofPlatform()
              .daemon()
              .name("chainrule-emit")
              .inheritInheritableThreadLocals(false)
              .factory(),
          new ThreadPoolExecutor.DiscardPolicy());

  static {
    TRIALS.allowCoreThreadTimeOut(true);
  }

  private final LoopSpec spec;
  private final LoopTarget target;

  /** Races lose some of it, which does not matter. */
  private long work;

  /** The work after which a loop is tried. */
  private long due = HOT;

  private boolean asked;
  private volatile @Nullable Loop loop;

  private HotLoop(LoopSpec spec, LoopTarget target) {
    this.spec = spec;
    this.target = target;
    if (WHEN == When.NOW) {
      loop = emitted(spec, target);
    }
  }

  /** The one for these: everybody who asks for the same shares it. */
  static HotLoop of(LoopSpec spec, LoopTarget target) {
    synchronized (ALL) {
      return ALL.computeIfAbsent(List.of(spec, target), _ -> new HotLoop(spec, target));
    }
  }

  /** The loop if it is there and fast; otherwise null. */
  @Nullable Loop loop() {
    return loop;
  }

  /** Counts a run of so many elements without the loop; the loop is made when that is often. */
  void ranWithout(int elements, Kernels<?> kernels) {
    work += (long) spec.program().instructions().size() * (elements + CALL);
    if (work >= due && !asked && WHEN == When.HOT) {
      asked = true;
      TRIALS.execute(() -> trial(kernels));
    }
  }

  /** Code is linked when it runs first, so that this too can fail. */
  private void trial(Kernels<?> kernels) {
    try {
      loop = LoopTrial.run(spec, target, kernels);
      if (loop == null) {
        due *= AGAIN;
        asked = false;
      }
    } catch (RuntimeException | LinkageError e) {
      left(e);
    }
  }

  /**
   * The loop, or null if the JVM does not take it: it is too long, or classes cannot be defined.
   */
  static @Nullable Loop emitted(LoopSpec spec, LoopTarget target) {
    try {
      return Emit.loop(spec, target);
    } catch (IllegalArgumentException | IllegalAccessException | LinkageError e) {
      left(e);
      return null;
    }
  }

  /** Says to whom it may concern that a program is left to its blocks. */
  private static void left(Throwable why) {
    System.getLogger(HotLoop.class.getName())
        .log(System.Logger.Level.DEBUG, "a program runs in blocks", why);
  }
}
