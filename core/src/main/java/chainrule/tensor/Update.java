package chainrule.tensor;

import chainrule.internal.kernel.Blocks;
import chainrule.math.Num;
import chainrule.math.Program;
import chainrule.math.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A change of parameters and their state by one function of their elements, in one pass over
 * memory.
 *
 * <p>The function is recorded, not called for every element; so it says what to do with numbers and
 * cannot look at them. The bits are those of the same function of tensors. F32 state is stored with
 * subnormal numbers as 0.
 *
 * <p>Arrays that nobody else can hold are rewritten where they are: a {@link Parameter#value} or
 * {@link Buffer#value} that was handed out stays as it is.
 *
 * <pre>{@code
 * Update momentum = Update.of(1, 1, this::next);
 * momentum.apply(weight, weight.grad(), List.of(velocity), 0.1);
 *
 * <E extends Num<E>> List<E> next(E p, E g, List<E> state, List<E> scalars) {
 *   E v = state.getFirst().mul(0.9).add(g);
 *   return List.of(p.sub(v.mul(scalars.getFirst())), v);
 * }
 * }</pre>
 */
public final class Update {
  /** What an update does to one element, in any kind of number. */
  @FunctionalInterface
  public interface Rule {
    /**
     * The next parameter, followed by the next state.
     *
     * @param p the parameter
     * @param g its gradient
     * @param state its state
     * @param scalars numbers that are the same for all elements
     */
    <E extends Num<E>> List<E> next(E p, E g, List<E> state, List<E> scalars);
  }

  private final int slots;
  private final int scalars;
  private final Rule rule;
  private Program recorded;
  private Blocks blocks;

  private Update(int slots, int scalars, Rule rule) {
    this.slots = slots;
    this.scalars = scalars;
    this.rule = rule;
    this.recorded = record();
    this.blocks = blocks(recorded);
  }

  /**
   * An update by {@code rule}.
   *
   * @param slots how many tensors of state a parameter has
   * @param scalars how many numbers {@link #apply} will be given
   * @throws IllegalArgumentException if the rule does not return a parameter and so many states
   */
  public static Update of(int slots, int scalars, Rule rule) {
    return new Update(slots, scalars, rule);
  }

  private Program record() {
    return Program.record(
        2 + slots,
        scalars,
        x -> {
          List<Trace> next =
              rule.next(
                  x.get(0), x.get(1), x.subList(2, 2 + slots), x.subList(2 + slots, x.size()));
          if (next.size() != 1 + slots) {
            throw new IllegalArgumentException(
                "an update of a parameter and "
                    + slots
                    + " states returned "
                    + next.size()
                    + " numbers");
          }
          return next;
        });
  }

  private Blocks blocks(Program program) {
    int[] overwrites = new int[1 + slots]; // p over p; then state k, which is input 2 + k
    Arrays.setAll(overwrites, j -> j == 0 ? 0 : 1 + j);
    boolean[] flushed = new boolean[1 + slots];
    Arrays.fill(flushed, 1, flushed.length, true);
    return Blocks.of(program.simplified(), overwrites, flushed);
  }

  /** Records the rule again, in case it does something else by now. */
  public void renew() {
    Program now = record();
    if (!now.equals(recorded)) {
      recorded = now;
      blocks = blocks(now);
    }
  }

  /**
   * Replaces a parameter's value and state by what follows from them and a gradient.
   *
   * @param p the parameter; its {@link Parameter#version} rises
   * @param g a gradient of its shape and type
   * @param state its state, each of its shape and type
   * @param scalars the numbers that are the same for all elements, rounded to the parameter's type
   * @throws ShapeException if shapes or types differ
   */
  public void apply(Parameter p, Tensor g, List<Buffer> state, double... scalars) {
    apply(
        p, g, state, into -> System.arraycopy(scalars, 0, into, 0, scalars.length), scalars.length);
  }

  /** Gives the numbers of the next update that are the same for all elements. */
  @FunctionalInterface
  public interface Numbers {
    /** Writes the numbers of the next update, and counts it. */
    void next(double[] into);
  }

  /**
   * As {@link #apply(Parameter, Tensor, List, double...)}, with numbers that are asked for when the
   * update runs: once here, and at every run of a compiled step.
   */
  public void apply(Parameter p, Tensor g, List<Buffer> state, Numbers numbers) {
    apply(p, g, state, numbers, scalars);
  }

  private void apply(Parameter p, Tensor g, List<Buffer> state, Numbers numbers, int given) {
    check(p, g, state, given);
    Capture capture = Tape.mode().capture();
    if (capture == null) {
      prepared(p, g, state, numbers).run();
      return;
    }
    if (p.cell() != null) {
      throw new GraphException(
          p.label() + " is made inside the step that is being compiled, and cannot be updated");
    }
    capture.add(new Step.Updated(this, p, g, List.copyOf(state), numbers));
  }

  /** The update of one parameter, to be run again and again. */
  Runnable prepared(Parameter p, Tensor g, List<Buffer> state, Numbers numbers) {
    var change = new Pass.Change(p, state, numbers, 0, 2, 0, new double[scalars], 0);
    return new Pass(blocks, p, List.of(p, g), List.of(), List.of(), List.of(change));
  }

  /** What is computed for each element: the next parameter and state. */
  public Program program() {
    return recorded;
  }

  /** How many numbers it takes that are the same for all elements. */
  int scalars() {
    return scalars;
  }

  private void check(Parameter p, Tensor g, List<Buffer> state, int given) {
    if (given != scalars || state.size() != slots) {
      throw new IllegalArgumentException(
          "an update of %d states by %d numbers was given %d and %d"
              .formatted(slots, scalars, state.size(), given));
    }
    var shapes = new ArrayList<Shape>(List.of(g.shape()));
    var types = new ArrayList<DType>(List.of(g.dtype()));
    for (Buffer s : state) {
      shapes.add(s.shape());
      types.add(s.dtype());
    }
    for (int i = 0; i < shapes.size(); i++) {
      if (!shapes.get(i).equals(p.shape()) || types.get(i) != p.dtype()) {
        throw new ShapeException(
            (i == 0 ? "the gradient" : "state " + state.get(i - 1).name())
                + " of "
                + types.get(i)
                + " "
                + shapes.get(i)
                + " does not fit "
                + p.label()
                + " of "
                + p.dtype()
                + " "
                + p.shape());
      }
    }
  }
}
