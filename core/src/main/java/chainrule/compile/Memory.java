package chainrule.compile;

import chainrule.tensor.Capture;
import chainrule.tensor.Capture.Cell;
import chainrule.tensor.Step;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gives the tensors of a plan arrays: those that are never needed at once share one. */
final class Memory {
  /** Arrays of one kind stand in for each other. */
  private record Kind(DType dtype, int size) {}

  private final Map<Cell, Object> places = new IdentityHashMap<>();
  private int buffers;
  private long bytes;

  private Memory() {}

  static Memory plan(List<Step> steps, List<Tensor> inputs, List<Tensor> results) {
    var memory = new Memory();
    Map<Cell, Integer> last = new IdentityHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      for (Tensor t : steps.get(i).in()) {
        note(last, t, i);
      }
      for (Tensor t : steps.get(i).out()) {
        note(last, t, i);
      }
    }
    results.forEach(t -> note(last, t, steps.size()));
    inputs.forEach(t -> last.remove(Capture.cell(t)));
    var ending = new ArrayList<List<Cell>>();
    steps.forEach(_ -> ending.add(new ArrayList<>()));
    last.forEach(
        (cell, at) -> {
          if (at < steps.size() && cell.parameter() == null) {
            ending.get(at).add(cell);
          }
        });
    var free = new HashMap<Kind, List<Object>>();
    for (int i = 0; i < steps.size(); i++) {
      for (Tensor t : steps.get(i).out()) {
        memory.place(Capture.placed(t), free);
      }
      for (Cell cell : ending.get(i)) {
        Object array = memory.places.get(cell);
        if (array != null) {
          free.computeIfAbsent(kind(cell), _ -> new ArrayList<>()).add(array);
        }
      }
    }
    return memory;
  }

  private static void note(Map<Cell, Integer> last, Tensor t, int at) {
    Cell cell = Capture.cell(t);
    if (cell != null) {
      last.put(cell, at);
    }
  }

  private static Kind kind(Cell cell) {
    return new Kind(cell.dtype(), cell.size());
  }

  private void place(Cell cell, Map<Kind, List<Object>> free) {
    if (places.containsKey(cell)) {
      return;
    }
    List<Object> spare = free.get(kind(cell));
    Object array;
    if (spare != null && !spare.isEmpty()) {
      array = spare.removeLast();
    } else {
      array = cell.allocate();
      buffers++;
      bytes += (long) cell.size() * cell.dtype().bytes();
    }
    places.put(cell, array);
    cell.array(array);
  }

  /** The arrays behind tensors. */
  Object[] arrays(List<Tensor> tensors) {
    return tensors.stream().map(t -> places.get(Capture.cell(t))).toArray();
  }

  int buffers() {
    return buffers;
  }

  long bytes() {
    return bytes;
  }

  static String text(long bytes) {
    return bytes < 10_240
        ? bytes + " B"
        : bytes < 10_485_760
            ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
            : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
