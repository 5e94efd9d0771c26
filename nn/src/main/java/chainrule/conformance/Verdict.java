package chainrule.conformance;

import java.util.Locale;

/**
 * The outcome of one cell.
 *
 * @param state how it ended
 * @param error the largest deviation, as a share of what it may be compared with; 0 where equality
 *     is asked for and found
 * @param detail where and by how much, or why the cell does not apply: for people
 */
public record Verdict(State state, double error, String detail) {
  /** How a cell can end. */
  public enum State {
    /** It holds. */
    PASSED,
    /** It does not hold. */
    FAILED,
    /** There is nothing to hold, and the detail says why. */
    NOT_APPLICABLE
  }

  /** Whether the cell did not fail. */
  public boolean passed() {
    return state != State.FAILED;
  }

  static Verdict within(double error, double bound, String detail) {
    boolean holds = error <= bound;
    String text = String.format(Locale.ROOT, "error %.2e, bound %.0e, %s", error, bound, detail);
    return new Verdict(holds ? State.PASSED : State.FAILED, error, text);
  }

  static Verdict holds(boolean holds, String detail) {
    return holds
        ? new Verdict(State.PASSED, 0, detail)
        : new Verdict(State.FAILED, Double.POSITIVE_INFINITY, detail);
  }

  static Verdict failed(String detail) {
    return holds(false, detail);
  }

  static Verdict notApplicable(String reason) {
    return new Verdict(State.NOT_APPLICABLE, 0, reason);
  }

  /** Both: the first failure, else the larger error and both details. */
  Verdict and(Verdict other) {
    if (state == State.FAILED || other.state == State.NOT_APPLICABLE) {
      return this;
    }
    if (other.state == State.FAILED || state == State.NOT_APPLICABLE) {
      return other;
    }
    return new Verdict(state, Math.max(error, other.error), detail + "; " + other.detail);
  }
}
