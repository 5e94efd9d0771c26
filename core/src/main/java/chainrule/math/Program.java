package chainrule.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A function of numbers as a straight list of instructions.
 *
 * <p>Values are counted through: the inputs, then the scalars, then the result of each instruction
 * in turn. Inputs are what differs from element to element when the program runs over arrays;
 * scalars are numbers that hold for all of them.
 *
 * <p>A program is data: it can be run over arrays, replayed on any kind of {@link Num} ({@link
 * #on}), differentiated ({@link #gradient}) and printed.
 *
 * @param inputs how many inputs there are
 * @param scalars how many scalars there are
 * @param instructions what is computed, each from values before it
 * @param results which values are the results
 */
public record Program(
    int inputs, int scalars, List<Instruction> instructions, List<Integer> results) {

  /** One step: its operands are numbers of values. */
  public sealed interface Instruction {
    /** The values it reads. */
    int[] operands();
  }

  /** The number {@code c}, rounded to the precision in which the program runs. */
  public record Constant(double c) implements Instruction {
    @Override
    public int[] operands() {
      return new int[0];
    }
  }

  /** {@code f(x)}. */
  public record Map(Unary f, int x) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {x};
    }
  }

  /** {@code f(a, b)}. */
  public record Zip(Binary f, int a, int b) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {a, b};
    }
  }

  /** {@code condition ≠ 0 ? ifTrue : ifFalse}. */
  public record Select(int condition, int ifTrue, int ifFalse) implements Instruction {
    @Override
    public int[] operands() {
      return new int[] {condition, ifTrue, ifFalse};
    }
  }

  /**
   * Checks that every instruction reads only what stands before it.
   *
   * @throws IllegalArgumentException if one does not, or a result does not exist
   */
  public Program {
    instructions = List.copyOf(instructions);
    results = List.copyOf(results);
    int value = inputs + scalars;
    for (Instruction instruction : instructions) {
      for (int operand : instruction.operands()) {
        check(operand, value);
      }
      value++;
    }
    for (int result : results) {
      check(result, value);
    }
  }

  private static void check(int value, int count) {
    if (value < 0 || value >= count) {
      throw new IllegalArgumentException("value " + value + " of " + count + " is not there yet");
    }
  }

  /**
   * Runs {@code f} once on traces and keeps what it does.
   *
   * @param inputs how many inputs the function has
   * @param scalars how many scalars follow them
   * @param f the function of inputs and scalars, in one list; it must do the same every time
   */
  public static Program record(int inputs, int scalars, Function<List<Trace>, List<Trace>> f) {
    return Trace.record(inputs, scalars, f);
  }

  /** How many values there are: inputs, scalars and one for each instruction. */
  public int values() {
    return inputs + scalars + instructions.size();
  }

  /** The number of the value that an instruction computes. */
  public int valueOf(int instruction) {
    return inputs + scalars + instruction;
  }

  /** Whether an instruction or a result reads input or scalar {@code i}. */
  public boolean reads(int i) {
    for (Instruction instruction : instructions) {
      for (int operand : instruction.operands()) {
        if (operand == i) {
          return true;
        }
      }
    }
    return results.contains(i);
  }

  /**
   * The same program without what is computed twice or for nothing. The numbers that it computes
   * stay the same to the bit.
   */
  public Program simplified() {
    int given = inputs + scalars;
    int[] to = new int[values()];
    var kept = new ArrayList<Instruction>();
    var places = new HashMap<Instruction, Integer>();
    for (int v = 0; v < to.length; v++) {
      to[v] = v;
      if (v >= given) {
        Instruction instruction = renumbered(instructions.get(v - given), to);
        Integer before = places.putIfAbsent(instruction, given + kept.size());
        to[v] = before == null ? given + kept.size() : before;
        if (before == null) {
          kept.add(instruction);
        }
      }
    }
    boolean[] used = new boolean[given + kept.size()];
    results.forEach(r -> used[to[r]] = true);
    for (int v = used.length - 1; v >= given; v--) {
      if (used[v]) {
        for (int operand : kept.get(v - given).operands()) {
          used[operand] = true;
        }
      }
    }
    int[] then = new int[used.length];
    var out = new ArrayList<Instruction>();
    for (int v = 0; v < used.length; v++) {
      then[v] = v < given ? v : given + out.size();
      if (v >= given && used[v]) {
        out.add(renumbered(kept.get(v - given), then));
      }
    }
    return new Program(inputs, scalars, out, results.stream().map(r -> then[to[r]]).toList());
  }

  private static Instruction renumbered(Instruction instruction, int[] to) {
    return switch (instruction) {
      case Constant c -> c;
      case Map(var f, var x) -> new Map(f, to[x]);
      case Zip(var f, var a, var b) -> new Zip(f, to[a], to[b]);
      case Select(var c, var a, var b) -> new Select(to[c], to[a], to[b]);
    };
  }

  /**
   * The results on numbers of any kind.
   *
   * @param given the inputs, followed by the scalars; at least one
   */
  public <E extends Num<E>> List<E> on(List<E> given) {
    List<E> values = trail(given);
    return results.stream().map(values::get).toList();
  }

  private <E extends Num<E>> List<E> trail(List<E> given) {
    if (given.size() != inputs + scalars || given.isEmpty()) {
      throw new IllegalArgumentException(
          given.size() + " numbers for a program of " + (inputs + scalars));
    }
    var values = new ArrayList<E>(given);
    for (Instruction instruction : instructions) {
      values.add(
          switch (instruction) {
            case Constant(var c) -> given.getFirst().constant(c);
            case Map(var f, var x) -> values.get(x).map(f);
            case Zip(var f, var a, var b) -> values.get(a).zip(f, values.get(b));
            case Select(var c, var a, var b) -> values.get(c).select(values.get(a), values.get(b));
          });
    }
    return values;
  }

  /**
   * Whether a derivative of the first result reaches input {@code i}: some path has no flat step.
   */
  public boolean leads(int i) {
    boolean[] wanted = new boolean[inputs];
    wanted[i] = true;
    return leading(wanted)[results.getFirst()];
  }

  private boolean[] leading(boolean... wanted) {
    boolean[] leads = new boolean[values()];
    System.arraycopy(wanted, 0, leads, 0, inputs);
    for (int k = 0; k < instructions.size(); k++) {
      leads[valueOf(k)] =
          switch (instructions.get(k)) {
            case Constant _ -> false;
            case Map(var f, var x) -> !f.flat() && leads[x];
            case Zip(var f, var a, var b) -> !f.flat() && (leads[a] || leads[b]);
            case Select(var c, var a, var b) -> leads[c] || leads[a] || leads[b];
          };
    }
    return leads;
  }

  /**
   * The program of the gradient of the first result, by the table's rules in reverse.
   *
   * <p>Contributions are added in the order of the sweep over a graph of tensors, so that the bits
   * are those of the gradient of the same function composed of tensor operations.
   *
   * @param wanted towards which inputs
   * @return a program of the gradient that arrives followed by this program's inputs, and the same
   *     scalars; its results are the gradients that are wanted, in order
   */
  public Program gradient(boolean... wanted) {
    return record(1 + inputs, scalars, in -> new Reverse(wanted, in).run()).simplified();
  }

  /** The reverse sweep over the values of a program. */
  private final class Reverse {
    private final boolean[] wanted;
    private final boolean[] leads;
    private final Trace g;
    private final List<Trace> values;
    private final @Nullable Trace[] arrived;

    Reverse(boolean[] wanted, List<Trace> in) {
      this.wanted = wanted;
      this.leads = leading(wanted);
      this.g = in.getFirst();
      this.values = trail(in.subList(1, in.size()));
      this.arrived = new @Nullable Trace[values.size()];
    }

    List<Trace> run() {
      int root = results.getFirst();
      arrived[root] = g;
      if (leads[root]) {
        for (int v : order(root).reversed()) {
          Trace at = arrived[v];
          if (v >= inputs + scalars && at != null) {
            pull(instructions.get(v - inputs - scalars), at, values.get(v));
          }
        }
      }
      var out = new ArrayList<Trace>();
      for (int i = 0; i < inputs; i++) {
        if (wanted[i]) {
          Trace gradient = leads[root] ? arrived[i] : null;
          out.add(gradient == null ? g.constant(0) : gradient);
        }
      }
      return out;
    }

    private void pull(Instruction instruction, Trace at, Trace y) {
      switch (instruction) {
        case Constant _ -> {}
        case Map(var f, var x) -> pass(x, () -> f.pull(at, values.get(x), y));
        case Zip(var f, var a, var b) -> {
          pass(a, () -> f.pullA(at, values.get(a), values.get(b), y));
          pass(b, () -> f.pullB(at, values.get(a), values.get(b), y));
        }
        case Select(var c, var a, var b) -> {
          pass(a, () -> values.get(c).select(at, at.constant(0)));
          pass(b, () -> values.get(c).select(at.constant(0), at));
        }
      }
    }

    private void pass(int to, Supplier<Trace> gradient) {
      if (leads[to]) {
        Trace before = arrived[to];
        arrived[to] = before == null ? gradient.get() : before.add(gradient.get());
      }
    }

    /** Operands before results, by depth first, as the sweep over tensors sorts them. */
    private List<Integer> order(int root) {
      var order = new ArrayList<Integer>();
      boolean[] seen = new boolean[values.size()];
      var open = new ArrayList<int[]>(); // a value, and which operand comes next
      seen[root] = true;
      open.add(new int[] {root, 0});
      while (!open.isEmpty()) {
        int[] top = open.getLast();
        int k = top[0] - inputs - scalars;
        int[] operands = k < 0 ? new int[0] : instructions.get(k).operands();
        if (top[1] == operands.length) {
          order.add(top[0]);
          open.removeLast();
        } else {
          int operand = operands[top[1]++];
          if (leads[operand] && !seen[operand]) {
            seen[operand] = true;
            open.add(new int[] {operand, 0});
          }
        }
      }
      return order;
    }
  }

  /** The instructions as lines, such as {@code v2 = x0·v1}. */
  @Override
  public String toString() {
    var names = new ArrayList<Formula>();
    for (int i = 0; i < inputs + scalars; i++) {
      names.add(Formula.of(i < inputs ? "x" + i : "s" + (i - inputs)));
    }
    var lines = new ArrayList<String>();
    for (Instruction instruction : instructions) {
      Formula f =
          switch (instruction) {
            case Constant(var c) -> Formula.number(c);
            case Map(var u, var x) -> names.get(x).map(u);
            case Zip(var u, var a, var b) -> names.get(a).zip(u, names.get(b));
            case Select(var c, var a, var b) -> names.get(c).select(names.get(a), names.get(b));
          };
      String name = "v" + names.size();
      lines.add(name + " = " + f.text());
      names.add(Formula.of(name));
    }
    return String.join("\n", lines)
        + "\nresults "
        + String.join(", ", results.stream().map(r -> names.get(r).text()).toList());
  }
}
