package chainrule.tensor;

import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Threads;

/** What computes in this process: for people who look, and for programs that report it. */
public final class Engine {
  private Engine() {}

  /**
   * Which kernels run, and why, such as {@code scalar: plain Java loops}; the first word names
   * them.
   *
   * @throws IllegalStateException if the kernels asked for are missing, or the processor has no
   *     fused multiply-add
   */
  public static String kernels() {
    try {
      return KernelChoice.REASON;
    } catch (ExceptionInInitializerError e) {
      throw new IllegalStateException(
          e.getCause() == null ? e.toString() : e.getCause().getMessage(), e);
    }
  }

  /** How many threads compute at most: {@code -Dchainrule.threads}, else the processors at hand. */
  public static int threads() {
    return Threads.COUNT;
  }
}
