package chainrule.benchmarks.kernels;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/** Lets the compiler do its work before anything is measured. */
final class Warmup {
  private static final long CALM_NANOS = 200_000_000;
  private static final long LONGEST_NANOS = 5_000_000_000L;

  /** Compilers that worked less in such a while are done with what matters. */
  private static final long CALM_COMPILER_MILLIS = 8;

  private static final int FEWEST = 8;

  /** What counts as faster: by a tenth. */
  private static final double FASTER = 0.9;

  private Warmup() {}

  /** Calls until for a while calls have not become faster, and little has been compiled. */
  static void settle(Runnable call) {
    long start = System.nanoTime();
    long changed = start;
    long now = start;
    double best = Double.MAX_VALUE;
    long compiled = compiled();
    int calls = 0;
    while (now - start < LONGEST_NANOS && (now - changed < CALM_NANOS || calls < FEWEST)) {
      long before = System.nanoTime();
      call.run();
      now = System.nanoTime();
      calls++;
      if (now - before < FASTER * best) {
        best = now - before;
        changed = now;
      }
      if (now - changed >= CALM_NANOS) {
        long compiler = compiled();
        if (compiler - compiled >= CALM_COMPILER_MILLIS) {
          changed = now;
        }
        compiled = compiler;
      }
    }
  }

  /** Milliseconds that compilers have spent. */
  private static long compiled() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    return compiler == null || !compiler.isCompilationTimeMonitoringSupported()
        ? 0
        : compiler.getTotalCompilationTime();
  }
}
