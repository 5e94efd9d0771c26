package chainrule.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets Ctrl-C end a training between two batches and save what was learned.
 *
 * <p>Ctrl-C makes the virtual machine run its shutdown hooks. The hook here asks the running
 * command to stop and then holds the shutdown until the command has returned, at most two minutes.
 */
final class Interrupt {
  private static final long PATIENCE_SECONDS = 120;

  private final AtomicBoolean requested = new AtomicBoolean();
  private final CountDownLatch returned = new CountDownLatch(1);

  /** Whether the command should come to an end. */
  boolean requested() {
    return requested.get();
  }

  /** Asks the command to come to an end. */
  void request() {
    requested.set(true);
  }

  /** The command has returned; nothing holds the shutdown any more. */
  void commandReturned() {
    returned.countDown();
  }

  /** Registers the hook in this process; false if the process is already going down. */
  boolean install() {
    Thread hook =
        new Thread(
            () -> {
              request();
              awaitReturn();
            },
            "chainrule-interrupt");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return true;
    } catch (IllegalStateException goingDown) {
      return false;
    }
  }

  private void awaitReturn() {
    try {
      if (!returned.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(130);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
