package chainrule.internal.kernel;

/** Refuses a processor without a fused multiply-add instruction. */
final class Fma {
  private static final int CALLS = 200;
  private static final long SLOW_NANOS = 50_000; // emulated: ~650 ns a call; in hardware: ~10

  @SuppressWarnings("UnusedVariable") // written, so that the loop is not removed
  private static volatile double sink;

  private Fma() {}

  /**
   * Throws unless fused multiply-add runs in hardware.
   *
   * <p>Without it the JVM computes {@link Math#fma} in {@code BigDecimal}, thousands of times
   * slower.
   */
  static void require() {
    if (Boolean.getBoolean("chainrule.allowSlowFma")) {
      return;
    }
    long best = Long.MAX_VALUE;
    for (int attempt = 0; attempt < 20 && best > SLOW_NANOS; attempt++) {
      long start = System.nanoTime();
      double x = 1.1;
      for (int i = 0; i < CALLS; i++) {
        x = Math.fma(x, 0.999, 1e-3);
      }
      sink = x;
      best = Math.min(best, System.nanoTime() - start);
    }
    if (best > SLOW_NANOS) {
      throw new IllegalStateException(
          "this processor (or JVM) has no fused multiply-add, without which Chainrule is thousands"
              + " of times slower; -Dchainrule.allowSlowFma=true runs it anyway");
    }
  }
}
