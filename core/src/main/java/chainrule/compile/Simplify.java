package chainrule.compile;

import chainrule.tensor.Capture;

import chainrule.tensor.Capture.Cell;
import chainrule.tensor.Step;
import chainrule.tensor.Op;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaves out of a captured function what is computed twice or for nothing. */
final class Simplify {
  private Simplify() {}

  static List<Step> steps(Capture.Captured captured) {
    List<Step> steps = captured.steps();
    return alive(distinct(shared(steps, captured.results())), captured.results());
  }

  /** Values of parameters that are not updated while they are needed need no copy. */
  private static List<Step> shared(List<Step> steps, List<Tensor> results) {
    Map<Cell, Integer> last = new IdentityHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Tensor t : steps.get(i).in()) {
        note(last, t, i);
      }
    }
    results.forEach(t -> note(last, t, steps.size()));
    Map<Parameter, Integer> updated = new IdentityHashMap<>();
    var kept = new ArrayList<Step>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      Parameter changed = step.changed();
      if (changed != null) {
        updated.put(changed, i);
      }
      if (step instanceof Step.Taken taken) {
        Cell cell = Capture.placed(taken.result());
        int next = updated.getOrDefault(taken.parameter(), steps.size() + 1);
        if (last.getOrDefault(cell, i) <= next) {
          cell.standsFor(taken.parameter());
          continue;
        }
      }
      kept.add(step);
    }
    return kept.reversed();
  }

  private static void note(Map<Cell, Integer> last, Tensor t, int at) {
    Cell cell = Capture.cell(t);
    if (cell != null) {
      last.put(cell, at);
    }
  }

  /** An operation on what stands in places, in shapes; a parameter counts with its updates. */
  private record Call(Op op, List<Object> places, List<Shape> shapes) {}

  /** An operand's identity: the cell, the constant, or the parameter at one of its versions. */
  private record Version(Object place, int updates) {
    @Override
    @SuppressWarnings("ReferenceEquality") // the very place, not one that is equal
    public boolean equals(Object o) {
      return o instanceof Version v && v.place == place && v.updates == updates;
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(place) + updates;
    }
  }

  private static List<Step> distinct(List<Step> steps) {
    var first = new HashMap<Call, Cell>();
    Map<Parameter, Integer> updates = new IdentityHashMap<>();
    var kept = new ArrayList<Step>();
    for (Step step : steps) {
      Parameter changed = step.changed();
      if (changed != null) {
        updates.merge(changed, 1, Integer::sum);
      }
      Cell before = null;
      if (step instanceof Step.Applied a) {
        Cell result = Capture.placed(a.result());
        before = first.putIfAbsent(call(a, updates), result);
        if (before != null) {
          result.sameAs(before);
        }
      }
      if (before == null) {
        kept.add(step);
      }
    }
    return kept;
  }

  private static Call call(Step.Applied a, Map<Parameter, Integer> updates) {
    var places = new ArrayList<Object>();
    var shapes = new ArrayList<Shape>();
    for (Tensor x : a.given()) {
      Cell cell = Capture.cell(x);
      Parameter p = x instanceof Parameter own ? own : cell == null ? null : cell.parameter();
      places.add(
          p != null
              ? new Version(p, updates.getOrDefault(p, 0))
              : new Version(cell == null ? x : cell, 0));
      shapes.add(x.shape());
    }
    return new Call(a.op(), places, shapes);
  }

  private static List<Step> alive(List<Step> steps, List<Tensor> results) {
    Set<Cell> read = Collections.newSetFromMap(new IdentityHashMap<>());
    results.forEach(t -> add(read, t));
    var kept = new ArrayList<Step>();
    for (Step step : steps.reversed()) {
      boolean wanted = step.acts();
      for (Tensor t : step.out()) {
        wanted |= read.contains(Capture.placed(t));
      }
      if (wanted) {
        step.in().forEach(t -> add(read, t));
        kept.add(step);
      }
    }
    return kept.reversed();
  }

  private static void add(Set<Cell> read, Tensor t) {
    Cell cell = Capture.cell(t);
    if (cell != null) {
      read.add(cell);
    }
  }
}
