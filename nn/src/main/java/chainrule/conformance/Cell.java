package chainrule.conformance;

import java.util.function.Supplier;

/**
 * One thing that a row's subject is held to, not yet tried.
 *
 * @param name the column
 * @param check tries it; throws where the subject does
 */
public record Cell(String name, Supplier<Verdict> check) {
  /** Tries it; a subject that throws has failed. */
  public Verdict verdict() {
    try {
      return check.get();
    } catch (RuntimeException e) {
      return Verdict.failed(e.toString());
    }
  }
}
