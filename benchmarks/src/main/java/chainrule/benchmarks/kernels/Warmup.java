package chainrule.benchmarks.kernels;

/** Lets the compiler do its work before anything is measured. */
final class Warmup {
  private static final long CALM_NANOS = 200_000_000;
  private static final long LONGEST_NANOS = 5_000_000_000L;
  private static final int FEWEST = 8;

  /** What counts as faster: by a tenth. */
  private static final double FASTER = 0.9;

  private Warmup() {}

  /** Calls until calls have not become faster for a while. */
  static void settle(Runnable call) {
    long start = System.nanoTime();
    long faster = start;
    long now = start;
    double best = Double.MAX_VALUE;
    int calls = 0;
    while (now - start < LONGEST_NANOS && (now - faster < CALM_NANOS || calls < FEWEST)) {
      long before = System.nanoTime();
      call.run();
      now = System.nanoTime();
      calls++;
      if (now - before < FASTER * best) {
        best = now - before;
        faster = now;
      }
    }
  }
}
