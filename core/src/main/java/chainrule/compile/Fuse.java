package chainrule.compile;

import chainrule.tensor.Capture;
import chainrule.tensor.Capture.Cell;
import chainrule.tensor.Fusion;
import chainrule.tensor.Parameter;
import chainrule.tensor.Step;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets steps on the elements of tensors of one size run as one.
 *
 * <p>First a step whose results are read by one group only sinks into it, so that what lies between
 * is never stored. Then a group rises to an earlier one that it reads from, if all else that it
 * reads is there by then; what others read as well is stored on the way.
 */
final class Fuse {
  /** A group of more functions would be too long for the JVM to compile well. */
  private static final int LONGEST = 64;

  /** A loop over more arrays would run out of registers for them. */
  private static final int WIDEST = 12;

  private final List<Step> steps;
  private final Map<Cell, List<Integer>> readers = new IdentityHashMap<>();
  private final Map<Cell, Integer> writers = new IdentityHashMap<>();

  /** The steps that change each parameter. */
  private final Map<Parameter, List<Integer>> changes = new IdentityHashMap<>();

  private final @Nullable Group[] groups;

  /** Steps that run where the last of them stood, or the one that they rise to. */
  private static final class Group {
    final List<Integer> members = new ArrayList<>();
    final Fusion.Kind kind;
    int slot;
    int length;

    Group(int slot, Fusion.Kind kind) {
      this.slot = slot;
      this.kind = kind;
    }

    void add(int step, int functions) {
      members.add(step);
      length += functions;
    }
  }

  private Fuse(List<Step> steps, List<Tensor> results) {
    this.steps = steps;
    this.groups = new @Nullable Group[steps.size()];
    for (int i = 0; i < steps.size(); i++) {
      for (Tensor x : steps.get(i).in()) {
        Cell cell = Capture.cell(x);
        if (cell != null) {
          readers.computeIfAbsent(cell, _ -> new ArrayList<>()).add(i);
        }
      }
      for (Tensor y : steps.get(i).out()) {
        writers.put(Capture.placed(y), i);
      }
      Parameter changed = steps.get(i).changed();
      if (changed != null) {
        changes.computeIfAbsent(changed, _ -> new ArrayList<>()).add(i);
      }
    }
    for (Tensor y : results) {
      Cell cell = Capture.cell(y);
      if (cell != null) {
        readers.computeIfAbsent(cell, _ -> new ArrayList<>()).add(steps.size());
      }
    }
  }

  static List<Step> steps(List<Step> steps, List<Tensor> results) {
    var fuse = new Fuse(steps, results);
    fuse.sink();
    fuse.rise();
    return fuse.scheduled();
  }

  private void sink() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      Fusion.Kind kind = Fusion.kind(step);
      if (kind == null) {
        continue;
      }
      int length = Fusion.length(step);
      Group group = onlyReader(step);
      if (group == null
          || !group.kind.equals(kind)
          || group.length + length > LONGEST
          || width(group, i) > WIDEST
          || !still(step, i, group.slot)) {
        group = new Group(i, kind);
      }
      group.add(i, length);
      groups[i] = group;
    }
  }

  /** The one group that reads all results of a step; null if there are others, or none. */
  @SuppressWarnings("ReferenceEquality") // the very group
  private @Nullable Group onlyReader(Step step) {
    Group only = null;
    for (Tensor y : step.out()) {
      for (int reader : readers.getOrDefault(Capture.placed(y), List.of())) {
        Group group = reader < steps.size() ? groups[reader] : null;
        if (group == null || (only != null && group != only)) {
          return null;
        }
        only = group;
      }
    }
    return only;
  }

  /** How many arrays a group would read and write with one step more. */
  private int width(Group group, int more) {
    Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
    var members = new ArrayList<>(group.members);
    members.add(more);
    var inside = new HashSet<>(members);
    for (int i : members) {
      Step step = steps.get(i);
      for (Tensor x : step.in()) {
        Cell cell = Capture.cell(x);
        if (x.size() > 1 && (cell == null || !inside.contains(writers.get(cell)))) {
          all.add(cell == null ? x : cell);
        }
      }
      for (Tensor y : step.out()) {
        if (!inside.containsAll(readers.getOrDefault(Capture.placed(y), List.of()))) {
          all.add(Capture.placed(y));
        }
      }
      if (step instanceof Step.Updated u) {
        all.addAll(u.state());
      }
    }
    return all.size();
  }

  /** Whether no parameter that a step reads changes between two places. */
  private boolean still(Step step, int from, int to) {
    for (Tensor x : step.in()) {
      Cell cell = Capture.cell(x);
      Parameter p = x instanceof Parameter own ? own : cell == null ? null : cell.parameter();
      if (p != null) {
        for (int change : changes.getOrDefault(p, List.of())) {
          if (change >= from && change < to) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private void rise() {
    for (int i = 0; i < steps.size(); i++) {
      Group group = groups[i];
      if (group == null || group.slot != i) {
        continue;
      }
      Group to = risesTo(group);
      if (to != null) {
        for (int member : group.members) {
          to.add(member, Fusion.length(steps.get(member)));
          groups[member] = to;
        }
      }
    }
  }

  /** The latest group that this one reads from, if it may join it. */
  private @Nullable Group risesTo(Group group) {
    Group latest = null;
    for (int member : group.members) {
      if (steps.get(member).acts()) {
        return null;
      }
      for (Tensor x : steps.get(member).in()) {
        Group from = groupOf(x);
        if (from != null && from != group && (latest == null || from.slot > latest.slot)) {
          latest = from;
        }
      }
    }
    if (latest == null
        || !latest.kind.equals(group.kind)
        || latest.length + group.length > LONGEST) {
      return null;
    }
    for (int member : group.members) {
      Step step = steps.get(member);
      if (width(latest, member) > WIDEST || !still(step, latest.slot, group.slot)) {
        return null;
      }
      for (Tensor x : step.in()) {
        int at = ready(x);
        Group from = groupOf(x);
        if (from != latest && from != group && at >= latest.slot) {
          return null;
        }
      }
    }
    return latest;
  }

  private @Nullable Group groupOf(Tensor x) {
    Cell cell = Capture.cell(x);
    Integer writer = cell == null ? null : writers.get(cell);
    return writer == null ? null : groups[writer];
  }

  /** After which place a tensor has its numbers; −1 before the first. */
  private int ready(Tensor x) {
    Cell cell = Capture.cell(x);
    Integer writer = cell == null ? null : writers.get(cell);
    if (writer == null) {
      return -1;
    }
    Group group = groups[writer];
    return group == null ? writer : group.slot;
  }

  private List<Step> scheduled() {
    var out = new ArrayList<Step>();
    for (int i = 0; i < steps.size(); i++) {
      Group group = groups[i];
      if (group == null) {
        out.add(steps.get(i));
      } else if (group.slot == i) {
        out.add(group.members.size() == 1 ? steps.get(i) : fused(group));
      }
    }
    return out;
  }

  private Step fused(Group group) {
    Collections.sort(group.members);
    var inside = new HashSet<>(group.members);
    var parts = new ArrayList<Step>();
    Set<Cell> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i : group.members) {
      parts.add(steps.get(i));
      for (Tensor y : steps.get(i).out()) {
        Cell cell = Capture.placed(y);
        if (!inside.containsAll(readers.getOrDefault(cell, List.of()))) {
          wanted.add(cell);
        }
      }
    }
    return Fusion.of(parts, wanted);
  }
}
