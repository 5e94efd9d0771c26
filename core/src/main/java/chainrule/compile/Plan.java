package chainrule.compile;

import chainrule.tensor.Capture;
import chainrule.tensor.Capture.Cell;
import chainrule.tensor.Step;
import chainrule.tensor.GraphException;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A captured function made ready to run: its steps in order, each with its buffers.
 *
 * <p>Steps whose results nobody reads are gone, what was computed twice is computed once, and
 * tensors that are never needed at the same time share memory.
 */
public final class Plan {
  private final List<Tensor> inputs;
  private final List<Tensor> results;
  private final Cell[] inputCells;
  private final Step[] steps;
  private final Runnable[] runs;
  private final Object[][] zeroed;
  private final Capture.Counter[] counters;
  private final List<Capture.Decision> decisions;
  private final Memory memory;
  private final ReentrantLock lock = new ReentrantLock();

  private Plan(Capture.Captured captured) {
    this.inputs = captured.inputs();
    this.results = captured.results();
    this.inputCells = inputs.stream().map(Capture::placed).toArray(Cell[]::new);
    List<Step> kept = Fuse.steps(Simplify.steps(captured), results);
    this.memory = Memory.plan(kept, inputs, results);
    this.steps = kept.toArray(Step[]::new);
    this.runs = kept.stream().map(Step::prepared).toArray(Runnable[]::new);
    this.zeroed = new Object[steps.length][];
    for (int i = 0; i < steps.length; i++) {
      zeroed[i] = steps[i].overwrites() ? new Object[0] : memory.arrays(steps[i].out());
    }
    this.counters = captured.counters().toArray(Capture.Counter[]::new);
    this.decisions = captured.decisions();
  }

  static Plan of(Capture.Captured captured) {
    return new Plan(captured);
  }

  /** Whether the plan serves these tensors: by their shapes and types, and what it has decided. */
  boolean fits(Tensor... in) {
    if (in.length != inputs.size()) {
      return false;
    }
    for (int i = 0; i < in.length; i++) {
      if (in[i].dtype() != inputs.get(i).dtype() || !in[i].shape().equals(inputs.get(i).shape())) {
        return false;
      }
    }
    for (int i = 0; i < decisions.size(); i++) {
      if (!decisions.get(i).holds(in[decisions.get(i).input()])) {
        return false;
      }
    }
    return true;
  }

  List<Tensor> run(Tensor... in) {
    lock.lock();
    try {
      execute(in);
      var out = new ArrayList<Tensor>();
      for (Tensor result : results) {
        Cell cell = Capture.cell(result);
        out.add(cell == null ? result.detach() : cell.copy(result.shape()));
      }
      return out;
    } finally {
      release();
      lock.unlock();
    }
  }

  double number(Tensor... in) {
    lock.lock();
    try {
      execute(in);
      return results.getFirst().item();
    } finally {
      release();
      lock.unlock();
    }
  }

  private void execute(Tensor... in) {
    for (int i = 0; i < in.length; i++) {
      if (in[i].isTracked()) {
        throw new GraphException(
            "a compiled function takes constants, but input "
                + i
                + " of shape "
                + in[i].shape()
                + " is tracked and its gradient would be lost; detach() it, or call the function"
                + " itself");
      }
      inputCells[i].take(in[i]);
    }
    for (Capture.Counter counter : counters) {
      counter.advance();
    }
    for (int i = 0; i < steps.length; i++) {
      for (Object array : zeroed[i]) {
        zero(array);
      }
      runs[i].run();
    }
  }

  private static void zero(Object array) {
    switch (array) {
      case float[] a -> Arrays.fill(a, 0);
      case double[] a -> Arrays.fill(a, 0);
      default -> Arrays.fill((int[]) array, 0);
    }
  }

  /** Lets go of what the caller owns. */
  private void release() {
    for (Cell cell : inputCells) {
      cell.array(null);
    }
  }

  /** The steps with their shapes, and the memory that they need. */
  public String describe() {
    var text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%d steps, %d buffers of %s%n",
            steps.length,
            memory.buffers(),
            Memory.text(memory.bytes())));
    for (int i = 0; i < steps.length; i++) {
      Step step = steps[i];
      text.append(
          String.format(
              Locale.ROOT,
              "%4d  %-40s %s → %s%n",
              i,
              step.name(),
              shapes(step.in()),
              shapes(step.out())));
    }
    return text.toString();
  }

  private static String shapes(List<Tensor> tensors) {
    return String.join(", ", tensors.stream().map(t -> t.shape().toString()).toList());
  }
}
