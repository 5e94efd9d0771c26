package chainrule.benchmarks.peers;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Waits until a process computes no longer: threads of an engine look out for more work after a
 * turn, for a few hundred milliseconds some of them, on a processor that the next in turn needs.
 */
final class Rest {
  /** Processor time is counted in steps of this length, and a resting process may use one. */
  private static final Duration STEP = Duration.ofMillis(10);

  /** A thread that spins uses several steps in such a time. */
  static final long LOOK_MILLIS = 50;

  private static final int LOOKS = 60;

  private Rest() {}

  /**
   * Returns when the process has used almost nothing for {@code millis}.
   *
   * @param used the processor time of the process so far; empty where the system does not say
   * @return false if it still computes after sixty looks
   */
  static boolean await(Supplier<Optional<Duration>> used, long millis) throws InterruptedException {
    Duration before = used.get().orElse(Duration.ZERO);
    for (int look = 0; look < LOOKS; look++) {
      Thread.sleep(millis);
      Duration now = used.get().orElse(Duration.ZERO);
      if (now.minus(before).compareTo(STEP) <= 0) {
        return true;
      }
      before = now;
    }
    return false;
  }
}
