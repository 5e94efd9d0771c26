package chainrule.examples.reproduce;

import java.io.IOException;
import java.util.List;

/**
 * Something published that can be computed again.
 *
 * @param name what it is called on the command line
 * @param source where it was published
 * @param expected what was published, in a sentence
 * @param quickTime how long it takes when it is to be quick, empty if it cannot be
 * @param time how long it takes in full, on two cores
 * @param data the files it reads from the user's folder
 * @param body the computation
 */
public record Experiment(
    String name,
    String source,
    String expected,
    String quickTime,
    String time,
    List<String> data,
    Body body) {
  /** The computation. */
  @FunctionalInterface
  public interface Body {
    /**
     * Computes, and tells the laboratory what came out.
     *
     * @throws IOException if data cannot be read
     */
    void run(Lab lab) throws IOException;
  }

  /** Whether it belongs to those that take minutes at most, together. */
  public boolean quick() {
    return !quickTime.isEmpty();
  }
}
