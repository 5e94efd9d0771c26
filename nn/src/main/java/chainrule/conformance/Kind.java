package chainrule.conformance;

import java.util.Locale;

/** What a row of the table is about. */
public enum Kind {
  /** A {@link chainrule.nn.Module}. */
  LAYER,
  /** A loss: a record of its options, or a method of {@link chainrule.nn.Losses}. */
  LOSS,
  /** An {@link chainrule.optim.Optimizer}. */
  OPTIMIZER,
  /** A {@link chainrule.optim.LRScheduler}. */
  SCHEDULE;

  /** The folder of the fixtures, and the heading of the table: {@code layers}. */
  public String plural() {
    String name = name().toLowerCase(Locale.ROOT);
    return this == LOSS ? name + "es" : name + "s";
  }
}
