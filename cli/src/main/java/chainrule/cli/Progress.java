package chainrule.cli;

import chainrule.train.History;
import chainrule.train.TrainListener;
import java.util.Locale;

/**
 * Shows a training on the way: on a terminal a bar that rewrites its line, elsewhere a plain line
 * for every epoch, or for every few of them when there are many.
 */
final class Progress implements TrainListener {
  private static final long REDRAW_NANOS = 80_000_000;
  private static final int BAR = 12;
  private static final int LINES = 20;
  private static final String ERASE = "\r\u001b[2K";

  /**
   * A line that is longer than the terminal is wide ends at its edge, or it could not be erased.
   */
  private static final String CUT = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final Terminal terminal;
  private int epochs = 1;
  private long drawn;

  Progress(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void epochStarted(int epoch, int epochs) {
    this.epochs = epochs;
  }

  @Override
  public void batchDone(BatchEvent event) {
    long now = System.nanoTime();
    if (!terminal.interactive() || (drawn != 0 && now - drawn < REDRAW_NANOS)) {
      return;
    }
    drawn = now;
    double share = (event.epoch() - 1 + (double) event.batch() / event.batches()) / epochs;
    int full = (int) Math.round(share * BAR);
    String bar =
        terminal.accent("━".repeat(full)) + terminal.dim("─".repeat(Math.max(0, BAR - full)));
    terminal
        .out()
        .print(
            ERASE
                + CUT
                + bar
                + String.format(Locale.ROOT, " %3d %%  ", (int) (100 * share))
                + line(event.epoch(), event.meanLoss(), event.meanAccuracy(), Double.NaN)
                + terminal.dim("  " + Terminal.count(event.samplesPerSecond()) + " rows/s")
                + WRAP);
    terminal.out().flush();
  }

  @Override
  public void epochDone(EpochEvent event) {
    History.Epoch epoch = event.epoch();
    int every = Math.ceilDiv(epochs, LINES);
    if (epoch.epoch() % every != 0 && epoch.epoch() != 1 && epoch.epoch() != epochs) {
      return;
    }
    clear();
    terminal
        .out()
        .println(
            line(epoch.epoch(), epoch.trainLoss(), epoch.trainAccuracy(), epoch.valLoss())
                + terminal.dim("  " + Terminal.count(epoch.samplesPerSecond()) + " rows/s"));
    terminal.out().flush();
  }

  @Override
  public void warning(String sentence) {
    clear();
    terminal.err().println("warning: " + sentence);
    terminal.err().flush();
  }

  /** Takes the bar away. */
  void clear() {
    if (terminal.interactive()) {
      terminal.out().print(ERASE);
      terminal.out().flush();
    }
  }

  private String line(int epoch, double loss, double accuracy, double valLoss) {
    int width = Integer.toString(epochs).length();
    String text =
        String.format(
            Locale.ROOT,
            "epoch %" + width + "d/%d  loss %-9s",
            epoch,
            epochs,
            Terminal.number(loss));
    if (!Double.isNaN(accuracy)) {
      text += String.format(Locale.ROOT, "  accuracy %-7s", Terminal.percent(accuracy));
    }
    if (!Double.isNaN(valLoss)) {
      text += "  validation loss " + Terminal.number(valLoss);
    }
    return text;
  }
}
