package chainrule.tensor;

import chainrule.internal.kernel.Blocks;
import chainrule.math.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Steps on the elements of tensors of one size that run as one: a single pass over memory, with
 * what lies between them in registers, and the bits of one step after the other.
 */
public final class Fusion implements Step {
  private final List<Step> parts;
  private final List<Tensor> in;
  private final List<Tensor> numbers;
  private final List<Tensor> out;
  private final List<Updated> updates;
  private final Program program;
  private final Tensor like;

  private Fusion(Builder b) {
    this.program = b.program();
    this.parts = List.copyOf(b.parts);
    this.in = List.copyOf(b.in);
    this.numbers = List.copyOf(b.numbers);
    this.out = List.copyOf(b.out);
    this.updates = List.copyOf(b.updates);
    this.like = b.elements.getFirst().like();
  }

  /**
   * One step in place of several.
   *
   * @param parts steps that {@link #fuses} with each other, in order
   * @param wanted the cells that others read
   */
  public static Fusion of(List<Step> parts, Set<Capture.Cell> wanted) {
    return new Fusion(new Builder(parts, wanted));
  }

  /** What two steps must agree in to be fused. */
  public record Kind(DType dtype, int size) {}

  /** The kind of a step on elements; null for any other. */
  public static @Nullable Kind kind(Step step) {
    Elements e = Elements.of(step);
    return e == null ? null : new Kind(e.like().dtype(), e.like().size());
  }

  /** How many functions of numbers a step on elements computes. */
  public static int length(Step step) {
    Elements e = Elements.of(step);
    return e == null ? 0 : e.program().instructions().size();
  }

  /** The steps that were fused. */
  public List<Step> parts() {
    return parts;
  }

  /** What is computed for each element. */
  public Program program() {
    return program;
  }

  @Override
  public List<Tensor> in() {
    var all = new ArrayList<>(in);
    all.addAll(numbers);
    return all;
  }

  @Override
  public List<Tensor> out() {
    return out;
  }

  @Override
  public boolean acts() {
    return !updates.isEmpty();
  }

  @Override
  public String name() {
    var names = new StringJoiner(" · ");
    for (int i = 0; i < parts.size(); i++) {
      int first = i;
      String name = parts.get(i).name();
      while (i + 1 < parts.size() && parts.get(i + 1).name().equals(name)) {
        i++;
      }
      names.add(i == first ? name : name + " ×" + (i - first + 1));
    }
    return names.toString();
  }

  @Override
  public Runnable prepared() {
    var changes = new ArrayList<Pass.Change>();
    int[] overwrites = new int[program.results().size()];
    boolean[] flushed = new boolean[overwrites.length];
    Arrays.fill(overwrites, -1);
    int j = out.size();
    int state = in.size();
    int scalar = numbers.size();
    for (Updated u : updates) {
      int p = position(u.parameter());
      double[] next = new double[u.rule().scalars()];
      changes.add(
          new Pass.Change(u.parameter(), u.state(), u.numbers(), p, state, j, next, scalar));
      overwrites[j++] = p;
      for (int k = 0; k < u.state().size(); k++) {
        flushed[j] = true;
        overwrites[j++] = state++;
      }
      scalar += next.length;
    }
    return new Pass(Blocks.of(program, overwrites, flushed), like, in, numbers, out, changes);
  }

  private int position(Parameter p) {
    for (int i = 0; i < in.size(); i++) {
      if (Builder.key(in.get(i)) == p) {
        return i;
      }
    }
    throw new IllegalStateException("an update reads its parameter");
  }

  /** Numbers the values of all parts through. */
  private static final class Builder {
    final List<Step> parts;
    final List<Tensor> in = new ArrayList<>();
    final List<Tensor> numbers = new ArrayList<>();
    final List<Tensor> out = new ArrayList<>();
    final List<Updated> updates = new ArrayList<>();
    final List<Elements> elements;

    private final int size;
    private final Map<Object, Integer> places = new IdentityHashMap<>();
    private final Set<Capture.Cell> wanted;
    private final List<Program.Instruction> instructions = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    private int states;
    private int scalars;

    Builder(List<Step> parts, Set<Capture.Cell> wanted) {
      this.parts = parts;
      this.wanted = wanted;
      this.elements =
          parts.stream().map(p -> Objects.requireNonNull(Elements.of(p))).toList();
      this.size = elements.getFirst().like().size();
      collect();
    }

    /** Where the numbers of a tensor are. */
    static Object key(Tensor x) {
      Capture.Cell cell = Capture.cell(x);
      if (cell == null) {
        return x;
      }
      Parameter p = cell.parameter();
      return p == null ? cell : p;
    }

    /** Finds what comes from outside. */
    private void collect() {
      var inner = new IdentityHashMap<Object, Boolean>();
      var known = new IdentityHashMap<Object, Boolean>();
      for (int k = 0; k < parts.size(); k++) {
        Elements e = elements.get(k);
        for (int i = 0; i < e.in().size(); i++) {
          Tensor x = e.in().get(i);
          boolean read = i >= e.program().inputs() || e.program().reads(i);
          boolean own = parts.get(k) instanceof Updated && i == 0;
          if ((read || own) && !inner.containsKey(key(x)) && known.put(key(x), true) == null) {
            (x.size() == 1 && size != 1 ? numbers : in).add(x);
          }
        }
        e.out().forEach(y -> inner.put(key(y), true));
        if (parts.get(k) instanceof Updated u) {
          updates.add(u);
          states += u.state().size();
          scalars += u.rule().scalars();
        }
      }
      scalars += numbers.size();
    }

    private int inputs() {
      return in.size() + states;
    }

    Program program() {
      for (int i = 0; i < in.size(); i++) {
        places.put(key(in.get(i)), i);
      }
      for (int k = 0; k < numbers.size(); k++) {
        places.put(key(numbers.get(k)), inputs() + k);
      }
      var changed = new ArrayList<Integer>();
      int state = in.size();
      int scalar = inputs() + numbers.size();
      for (int k = 0; k < parts.size(); k++) {
        Elements e = elements.get(k);
        var values = new ArrayList<Integer>();
        for (int i = 0; i < e.in().size(); i++) {
          values.add(places.getOrDefault(key(e.in().get(i)), -1)); // −1 is never read
        }
        if (parts.get(k) instanceof Updated u) {
          for (int s = 0; s < u.state().size(); s++) {
            values.add(state++);
          }
          for (int s = 0; s < u.rule().scalars(); s++) {
            values.add(scalar++);
          }
          append(e.program(), values);
          e.program().results().forEach(r -> changed.add(values.get(r)));
        } else {
          append(e.program(), values);
          results(e, values);
        }
      }
      results.addAll(changed);
      return new Program(inputs(), scalars, instructions, results).simplified();
    }

    private void results(Elements e, List<Integer> values) {
      for (int j = 0; j < e.out().size(); j++) {
        Tensor y = e.out().get(j);
        int v = values.get(e.program().results().get(j));
        places.put(key(y), v);
        if (wanted.contains(Capture.placed(y))) {
          out.add(y);
          results.add(v);
        }
      }
    }

    private void append(Program program, List<Integer> values) {
      for (Program.Instruction instruction : program.instructions()) {
        instructions.add(
            switch (instruction) {
              case Program.Constant c -> c;
              case Program.Map(var f, var x) -> new Program.Map(f, values.get(x));
              case Program.Zip(var f, var a, var b) ->
                  new Program.Zip(f, values.get(a), values.get(b));
              case Program.Select(var c, var a, var b) ->
                  new Program.Select(values.get(c), values.get(a), values.get(b));
            });
        values.add(inputs() + scalars + instructions.size() - 1);
      }
    }
  }
}
