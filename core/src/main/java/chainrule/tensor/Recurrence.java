package chainrule.tensor;

import chainrule.internal.kernel.Blocks;
import chainrule.internal.kernel.RecurrenceRun;
import chainrule.internal.kernel.Split;
import chainrule.math.Num;
import chainrule.math.Program;
import chainrule.math.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer's walk through a sequence: {@code statesₜ = cell(xₜ + hₜ₋₁·Wᵀ, statesₜ₋₁)} for
 * T steps of N sequences in H units, each of G gates; the result holds the states after every step,
 * S×T×N×H.
 *
 * <p>Inputs, in order: x, T×N×GH, what the sequence adds to the gates, biases included (a product
 * of all steps at once); W, GH×H; for a GRU the bias of the candidate's part that comes from the
 * state, H; the S initial states, each N×H, the hidden one first; and if masked a mask, T×N: where
 * it is 0, a sequence's states stay what they were. Gates stand as PyTorch has them.
 *
 * <p>The kernel keeps nothing for its gradients but inputs and result; gates are computed again.
 * Where the mask is 0, x is not looked at.
 *
 * @param reverse whether the last step comes first
 * @param masked whether there is a mask
 */
public record Recurrence(Cell cell, boolean reverse, boolean masked) implements Fused {
  /** What a unit does in a step. */
  public enum Cell {
    /** {@code h′ = tanh a} (Elman 1990). */
    TANH(1, 1) {
      @Override
      <E extends Num<E>> List<E> next(List<E> in) {
        return List.of(in.getFirst().tanh());
      }
    },

    /** {@code h′ = max(0, a)}. */
    RELU(1, 1) {
      @Override
      <E extends Num<E>> List<E> next(List<E> in) {
        return List.of(in.getFirst().relu());
      }
    },

    /**
     * {@code c′ = σ(f)·c + σ(i)·tanh(g)}, {@code h′ = σ(o)·tanh(c′)}; gates i, f, g, o (Hochreiter
     * and Schmidhuber 1997; Gers, Schmidhuber and Cummins 2000).
     */
    LSTM(4, 2) {
      @Override
      <E extends Num<E>> List<E> next(List<E> in) {
        E kept = in.get(1).sigmoid().mul(in.get(4));
        E c = kept.add(in.get(0).sigmoid().mul(in.get(2).tanh()));
        return List.of(in.get(3).sigmoid().mul(c.tanh()), c);
      }
    },

    /**
     * {@code n = tanh(a + σ(r)·b)}, {@code h′ = n + σ(z)·(h − n)}; gates r, z, n, of which the last
     * has the parts a from x and b from h (Cho and others 2014, with the reset gate behind the
     * product).
     */
    GRU(3, 1) {
      @Override
      <E extends Num<E>> List<E> next(List<E> in) {
        E n = in.get(3).add(in.get(0).sigmoid().mul(in.get(2))).tanh();
        return List.of(n.add(in.get(1).sigmoid().mul(in.get(4).sub(n))));
      }
    };

    private final int gates;
    private final int states;
    private final int parts;
    private final int reads;
    private final Blocks forward;
    private final Blocks backward;

    Cell(int gates, int states) {
      this.gates = gates;
      this.states = states;
      this.parts = gates + (apart() ? 1 : 0);
      this.reads = parts + (gates > 1 ? 1 : 0);
      this.forward = Blocks.of(program().simplified());
      this.backward = pull();
    }

    /** How many gates a unit has. */
    public int gates() {
      return gates;
    }

    /** How many numbers a unit hands from step to step: the hidden one first. */
    public int states() {
      return states;
    }

    private boolean apart() {
      return gates == 3;
    }

    /**
     * The states after a step.
     *
     * @param in the gates; the part that x has in the last one, if it is apart; and the state
     *     before that is read: a GRU's hidden one, an LSTM's cell
     */
    abstract <E extends Num<E>> List<E> next(List<E> in);

    private Program program() {
      return Program.record(reads, 0, this::next);
    }

    /** The gradient of {@code Σ dₖ·next(in)ₖ} for all of {@code in}, as a function of d and in. */
    private Blocks pull() {
      Program weighed = Program.record(states + reads, 0, this::weighed);
      boolean[] wanted = new boolean[states + reads];
      Arrays.fill(wanted, states, wanted.length, true);
      Program gradient = weighed.gradient(wanted);
      Program pulled =
          Program.record(
                  states + reads,
                  0,
                  in -> {
                    var all = new ArrayList<>(List.of(in.getFirst().constant(1)));
                    all.addAll(in);
                    return gradient.on(all);
                  })
              .simplified();
      int[] over = new int[reads];
      for (int i = 0; i < reads; i++) {
        over[i] = i == parts ? states - 1 : states + i;
      }
      return Blocks.of(pulled, over, new boolean[reads]);
    }

    private List<Trace> weighed(List<Trace> in) {
      List<Trace> next = next(in.subList(states, in.size()));
      Trace total = in.getFirst().mul(next.getFirst());
      for (int k = 1; k < states; k++) {
        total = total.add(in.get(k).mul(next.get(k)));
      }
      return List.of(total);
    }
  }

  /** Where the initial states begin among the inputs. */
  private int first() {
    return cell.apart() ? 3 : 2;
  }

  private int inputs() {
    return first() + cell.states + (masked ? 1 : 0);
  }

  @Override
  public String name() {
    return cell.name().toLowerCase(Locale.ROOT)
        + " sequence"
        + (reverse ? " reversed" : "")
        + (masked ? " masked" : "");
  }

  @Override
  public Shape shape(Shape... in) {
    if (in.length != inputs()) {
      throw new ShapeException(name() + ": takes " + inputs() + " tensors, got " + in.length);
    }
    Shape x = in[0];
    Shape w = in[1];
    if (w.rank() != 2 || w.dim(0) != cell.gates * w.dim(1)) {
      throw new ShapeException(
          name() + ": weights of " + w + "; they should be " + cell.gates + "H×H");
    }
    int h = w.dim(1);
    if (x.rank() != 3 || x.dim(2) != cell.gates * h || x.dim(0) == 0) {
      throw new ShapeException(
          name() + ": a sequence of " + x + "; it should be T×N×" + cell.gates * h + ", T ≥ 1");
    }
    Shape states = Shape.of(x.dim(1), h);
    if (cell.apart()) {
      check("bias", in[2], Shape.of(h));
    }
    for (int k = 0; k < cell.states; k++) {
      check("initial state", in[first() + k], states);
    }
    if (masked) {
      check("mask", in[inputs() - 1], Shape.of(x.dim(0), x.dim(1)));
    }
    return Shape.of(cell.states, x.dim(0), x.dim(1), h);
  }

  private void check(String what, Shape is, Shape should) {
    if (!is.equals(should)) {
      throw new ShapeException(name() + ": " + what + " of " + is + "; it should be " + should);
    }
  }

  @Override
  public Formulas formulas() {
    var names = new ArrayList<>(List.of("x", "W"));
    var slopes = new ArrayList<>(List.of("∂y/∂x·G", "Σₜ Dₜᵀ·hₜ₋₁, D = ∂y/∂(h·Wᵀ)·G"));
    if (cell.apart()) {
      names.add("b");
      slopes.add("sum of the rows of D for the last gate");
    }
    names.add("h₀");
    slopes.add("∂y/∂h₀·G");
    if (cell.states == 2) {
      names.add("c₀");
      slopes.add("∂y/∂c₀·G");
    }
    if (masked) {
      names.add("m");
      slopes.add("");
    }
    return new Formulas("yₜ = cell(xₜ + hₜ₋₁·Wᵀ, yₜ₋₁)", names, slopes);
  }

  @Override
  public Tensor expression(Tensor... in) {
    int steps = in[0].size(0);
    List<Tensor> now = List.of(in).subList(first(), first() + cell.states);
    Tensor[] hidden = new Tensor[steps];
    Tensor[] cells = new Tensor[steps];
    for (int s = 0; s < steps; s++) {
      int t = reverse ? steps - 1 - s : s;
      List<Tensor> next = cell.next(read(in[0].pick(0, t), in, now));
      if (masked) {
        Tensor live = in[inputs() - 1].pick(0, t).unsqueeze(1);
        List<Tensor> last = now;
        now = new ArrayList<>();
        for (int k = 0; k < cell.states; k++) {
          now.add(live.select(next.get(k), last.get(k)));
        }
      } else {
        now = next;
      }
      hidden[t] = now.getFirst();
      cells[t] = now.getLast();
    }
    Tensor y = Tensor.stack(0, hidden);
    return cell.states == 1 ? y.unsqueeze(0) : Tensor.stack(0, y, Tensor.stack(0, cells));
  }

  /** What the cells read in a step. */
  private List<Tensor> read(Tensor x, Tensor[] in, List<Tensor> now) {
    int h = in[1].size(1);
    List<Tensor> fromX = x.split(h, 1);
    List<Tensor> fromState = now.getFirst().matmul(in[1], false, true).split(h, 1);
    var all = new ArrayList<Tensor>();
    for (int g = 0; g < cell.gates; g++) {
      boolean apart = cell.apart() && g == cell.gates - 1;
      all.add((apart ? in[2] : fromX.get(g)).add(fromState.get(g)));
    }
    if (cell.apart()) {
      all.add(fromX.getLast());
    }
    if (cell.reads > all.size()) {
      all.add(now.getLast());
    }
    return all;
  }

  private RecurrenceRun.Plan plan(Tensor[] in) {
    return new RecurrenceRun.Plan(
        in[0].size(0),
        in[0].size(1),
        in[1].size(1),
        cell.gates,
        cell.states,
        cell.apart(),
        reverse,
        cell.forward,
        cell.backward);
  }

  /** Fills room for the arrays of the initial states. */
  private void states(Tensor[] in, Object[] out) {
    for (int k = 0; k < out.length; k++) {
      out[k] = in[first() + k].array();
    }
  }

  private @Nullable Object mask(Tensor[] in) {
    return masked ? in[inputs() - 1].array() : null;
  }

  @Override
  public void forward(Tensor[] in, Tensor out) {
    prepared(in, out).run();
  }

  @Override
  public Runnable prepared(Tensor[] in, Tensor out) {
    RecurrenceRun.Plan plan = plan(in);
    Object[] states = new Object[cell.states];
    return () -> {
      states(in, states);
      RecurrenceRun.forward(
          out.kernels(),
          plan,
          in[0].array(),
          in[1].array(),
          cell.apart() ? in[2].array() : null,
          states,
          mask(in),
          out.array());
    };
  }

  @Override
  public boolean readsResult() {
    return true;
  }

  @Override
  public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    preparedPull(g, y, x, dx).run();
  }

  @Override
  public Runnable preparedPull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    RecurrenceRun.Plan plan = plan(x);
    Tensor asked = dx[0];
    Tensor whole = asked != null ? asked : x[0].zerosLike();
    Tensor products = cell.apart() ? x[0].zerosLike() : whole;
    Tensor[] last = new Tensor[cell.states];
    for (int k = 0; k < cell.states; k++) {
      Tensor d = dx[first() + k];
      last[k] = d == null ? x[first() + k].zerosLike() : d;
    }
    Object[] states = new Object[cell.states];
    Object[] carried = new Object[cell.states];
    Tensor db = cell.apart() ? dx[2] : null;
    int h = x[1].size(1);
    Object sums = x[1].dtype().allocate(db == null ? 0 : 3 * h);
    Tensor ofMask = masked ? dx[inputs() - 1] : null;
    return () -> {
      states(x, states);
      for (int k = 0; k < carried.length; k++) {
        carried[k] = zeroed(last[k]);
      }
      RecurrenceRun.backward(
          g.kernels(),
          plan,
          x[0].array(),
          x[1].array(),
          cell.apart() ? x[2].array() : null,
          states,
          mask(x),
          y.array(),
          g.array(),
          products.array(),
          whole.array(),
          carried,
          Normalisations.array(dx[1]));
      if (db != null) {
        Split.sum(g.kernels(), products.array(), sums, 1, products.size() / (3 * h), 3 * h);
        System.arraycopy(sums, 2 * h, db.array(), 0, h);
      }
      if (ofMask != null) {
        zeroed(ofMask);
      }
    };
  }

  private static Object zeroed(Tensor x) {
    switch (x.array()) {
      case float[] f -> Arrays.fill(f, 0);
      case double[] d -> Arrays.fill(d, 0);
      default -> throw new AssertionError(x.dtype());
    }
    return x.array();
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    var out = new ArrayList<Tensor>();
    int h = 2;
    out.add(Examples.normal(random, 3, 3, cell.gates * h));
    out.add(Examples.normal(random, cell.gates * h, h));
    if (cell.apart()) {
      out.add(Examples.normal(random, h));
    }
    for (int k = 0; k < cell.states; k++) {
      out.add(Examples.normal(random, 3, h));
    }
    if (masked) {
      out.add(Tensor.of(new double[] {1, 1, 0, 0, 1, 0, 1, 0, 0}, 3, 3));
    }
    return out;
  }
}
