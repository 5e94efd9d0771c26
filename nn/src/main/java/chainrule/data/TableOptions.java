package chainrule.data;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the columns of a table are to be read.
 *
 * <pre>{@code
 * TableOptions.target("species").categorical("zone").drop("comment")
 * }</pre>
 *
 * @param target the column to be predicted
 * @param numeric columns that are numbers whatever they look like
 * @param categorical columns that are categories whatever they look like; a target among them means
 *     classification
 * @param drop columns that are left out
 * @param dropMissingTargets whether a row without a target is left out and counted; else it is
 *     refused
 */
public record TableOptions(
    String target,
    Set<String> numeric,
    Set<String> categorical,
    Set<String> drop,
    boolean dropMissingTargets) {
  /** Checks that no column is told to be two things. */
  public TableOptions {
    numeric = Set.copyOf(numeric);
    categorical = Set.copyOf(categorical);
    drop = Set.copyOf(drop);
    refuseBoth(numeric, "numeric", categorical, "categorical");
    refuseBoth(numeric, "numeric", drop, "dropped");
    refuseBoth(categorical, "categorical", drop, "dropped");
    if (drop.contains(target)) {
      throw new IllegalArgumentException("the target '%s' cannot be dropped".formatted(target));
    }
  }

  private static void refuseBoth(Set<String> a, String isA, Set<String> b, String isB) {
    Set<String> both = new TreeSet<>(a);
    both.retainAll(b);
    if (!both.isEmpty()) {
      throw new IllegalArgumentException(
          "column '%s' cannot be both %s and %s".formatted(both.iterator().next(), isA, isB));
    }
  }

  /** Everything is inferred, and {@code target} is predicted. */
  public static TableOptions target(String target) {
    return new TableOptions(target, Set.of(), Set.of(), Set.of(), false);
  }

  /** The same with these numeric columns. */
  public TableOptions numeric(String... columns) {
    return numeric(Set.of(columns));
  }

  /** The same with these numeric columns. */
  public TableOptions numeric(Collection<String> columns) {
    return new TableOptions(target, Set.copyOf(columns), categorical, drop, dropMissingTargets);
  }

  /** The same with these categorical columns. */
  public TableOptions categorical(String... columns) {
    return categorical(Set.of(columns));
  }

  /** The same with these categorical columns. */
  public TableOptions categorical(Collection<String> columns) {
    return new TableOptions(target, numeric, Set.copyOf(columns), drop, dropMissingTargets);
  }

  /** The same without these columns. */
  public TableOptions drop(String... columns) {
    return drop(Set.of(columns));
  }

  /** The same without these columns. */
  public TableOptions drop(Collection<String> columns) {
    return new TableOptions(target, numeric, categorical, Set.copyOf(columns), dropMissingTargets);
  }

  /** The same, leaving out rows without a target or refusing them. */
  public TableOptions dropMissingTargets(boolean on) {
    return new TableOptions(target, numeric, categorical, drop, on);
  }
}
