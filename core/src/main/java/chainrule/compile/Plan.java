package chainrule.compile;

import chainrule.tensor.Capture;
import chainrule.tensor.Capture.Cell;
import chainrule.tensor.DType;
import chainrule.tensor.GraphException;
import chainrule.tensor.Step;
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
  /** A longer name is cut. */
  private static final int LONG = 60;

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

  /**
   * Runs a plan of one F32 input and one F32 result on plain arrays; nothing is allocated.
   *
   * {@snippet :
   * Plan plan = Compiled.of(in -> List.of(model.forward(in.getFirst()))).plan(Tensor.zeros(1, 784));
   * plan.run(pixels, scores);
   * }
   *
   * @param in as many numbers as the input has; the plan keeps no hold of it
   * @param out receives the result
   * @throws IllegalArgumentException if the plan is another or a length does not fit
   */
  public void run(float[] in, float[] out) {
    Tensor result = results.getFirst();
    if (inputs.size() != 1
        || results.size() != 1
        || inputs.getFirst().dtype() != DType.F32
        || result.dtype() != DType.F32
        || Capture.cell(result) == null) {
      throw new IllegalArgumentException(
          "run(float[], float[]) is for plans of one F32 input and one F32 result");
    }
    if (in.length != inputs.getFirst().size() || out.length != result.size()) {
      throw new IllegalArgumentException(
          "run: arrays of "
              + in.length
              + " and "
              + out.length
              + " numbers for an input of "
              + inputs.getFirst().shape()
              + " and a result of "
              + result.shape());
    }
    lock.lock();
    try {
      inputCells[0].array(in);
      advance();
      for (int i = 0; i < steps.length; i++) {
        step(i);
      }
      Capture.placed(result).copyTo(out);
    } finally {
      release();
      lock.unlock();
    }
  }

  private void execute(Tensor... in) {
    begin(in);
    for (int i = 0; i < steps.length; i++) {
      step(i);
    }
  }

  private void begin(Tensor... in) {
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
    advance();
  }

  private void advance() {
    for (Capture.Counter counter : counters) {
      counter.advance();
    }
  }

  private void step(int i) {
    for (Object array : zeroed[i]) {
      zero(array);
    }
    runs[i].run();
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

  /**
   * The steps with their shapes, what each costs at least, and the memory that they need.
   *
   * <p>Steps that run as one are joined by a dot; counts of FLOPs and bytes are estimates.
   */
  public String describe() {
    var text = new StringBuilder();
    Cost all = Arrays.stream(steps).map(Cost::of).reduce(new Cost(0, 0), Cost::and);
    text.append(
        String.format(
            Locale.ROOT,
            "%d steps, %d buffers of %s; about %s, %s read and written%n",
            steps.length,
            memory.buffers(),
            Memory.text(memory.bytes()),
            Cost.flops(all.flops()),
            Memory.text((long) all.bytes())));
    for (int i = 0; i < steps.length; i++) {
      Step step = steps[i];
      Cost cost = Cost.of(step);
      text.append(
          String.format(
              Locale.ROOT,
              "%4d  %-44s %12s %11s  %s → %s%n",
              i,
              shortened(step.name()),
              Cost.flops(cost.flops()),
              Memory.text((long) cost.bytes()),
              shapes(step.in()),
              shapes(step.out())));
    }
    return text.toString();
  }

  /**
   * Runs the plan so often and says how long each step takes, and how near that is to what the
   * processor can do: the share of the limit is the least time that FLOPs or bytes need, by the
   * fastest matrix product and the fastest copy measured here and now, over the time taken. Above
   * 100 % is what a cache serves.
   *
   * <p>Each run does what a run does: a training step changes the weights.
   *
   * @param runs how often, at least 1; some hundreds, so that everything is compiled by the JVM
   */
  public Profile profile(int runs, Tensor... in) {
    if (runs < 1) {
      throw new IllegalArgumentException("profile: " + runs + " runs; at least 1 is needed");
    }
    lock.lock();
    try {
      int counted = Math.max(1, runs / 2);
      long[][] nanos = new long[steps.length][counted];
      for (int run = 0; run < runs; run++) {
        begin(in);
        for (int i = 0; i < steps.length; i++) {
          long start = System.nanoTime();
          step(i);
          int at = run - (runs - counted);
          if (at >= 0) {
            nanos[i][at] = System.nanoTime() - start;
          }
        }
      }
      return new Profile(List.of(steps), counted, nanos);
    } finally {
      release();
      lock.unlock();
    }
  }

  static String shortened(String name) {
    return name.length() <= LONG ? name : name.substring(0, LONG - 1) + "…";
  }

  static String shapes(List<Tensor> tensors) {
    return String.join(", ", tensors.stream().map(t -> t.shape().toString()).toList());
  }
}
