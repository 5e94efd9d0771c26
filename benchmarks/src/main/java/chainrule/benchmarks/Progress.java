package chainrule.benchmarks;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * How far a run has come, on standard error: in a terminal a line that is rewritten, elsewhere a
 * line now and then.
 */
public final class Progress {
  private static final long QUIET_NANOS = 20_000_000_000L;

  private final PrintStream err;
  private final boolean rewrite;
  private final int steps;
  private final long start = System.nanoTime();
  private long shown = start;
  private int done;

  /** A run of the given number of steps. */
  public Progress(PrintStream err, int steps) {
    this.err = err;
    this.steps = steps;
    this.rewrite = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** One more step is done; {@code what} says which comes, or came. */
  public synchronized void step(String what) {
    done++;
    long now = System.nanoTime();
    if (!rewrite && now - shown < QUIET_NANOS && done < steps) {
      return;
    }
    shown = now;
    double seconds = (now - start) / 1e9;
    long left = Math.round(seconds / done * (steps - done));
    String line =
        String.format(
            Locale.ROOT,
            "bench: %d of %d, %d:%02d left: %s",
            done,
            steps,
            left / 60,
            left % 60,
            what);
    if (rewrite) {
      err.print("\r\u001b[2K" + (done < steps ? line : ""));
    } else {
      err.println(line);
    }
    err.flush();
  }
}
