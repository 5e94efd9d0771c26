package chainrule.internal.kernel;

import chainrule.math.Binary;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer's walk through time, and back.
 *
 * <p>The rows of a batch do not know each other: a task takes some of them through all steps, so
 * that threads meet once a pass and not once a step. A gate is one chain of fused multiply-adds
 * that goes on from what the input has added to it; its gradients are products of all steps at
 * once, whose chains run through steps in the order of the array, the step that starts from the
 * initial state before all others.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public final class RecurrenceRun<A> implements IntConsumer {
  /**
   * What is walked.
   *
   * @param gates how many numbers a unit takes from the products, G; rows of G·H numbers hold the
   *     first of every unit, then the second, and so on
   * @param states how many numbers a unit hands on, S: the hidden one, and the cell's
   * @param apart whether the last gate keeps its parts from input and state apart
   * @param reverse whether the last step comes first
   * @param forward the states after a step from the gates, the input's part of the last one if it
   *     is apart, and the state before that the cell reads
   * @param backward the gradients of all that {@code forward} reads, from those of the states and
   *     the same numbers
   */
  public record Plan(
      int steps,
      int batch,
      int hidden,
      int gates,
      int states,
      boolean apart,
      boolean reverse,
      Blocks forward,
      Blocks backward) {
    private int row() {
      return gates * hidden;
    }

    /** Which step comes {@code s}-th. */
    private int step(int s) {
      return reverse ? steps - 1 - s : s;
    }

    /** The step before t, which is not the first. */
    private int before(int t) {
      return reverse ? t + 1 : t - 1;
    }

    /** Which state's old value the cell reads: the cell's, or for a gated unit the hidden one. */
    private int read() {
      return states == 2 ? 1 : apart ? 0 : -1;
    }

    /** The rows of one task, by shape alone. */
    private int rows() {
      long work = (long) steps * batch * row() * hidden;
      if (work < SMALL || batch <= ROWS / 2) {
        return Math.max(1, batch);
      }
      return Math.min(ROWS, Math.ceilDiv(batch, 2));
    }
  }

  /** What a task is. */
  private enum Phase {
    /** Some rows through all steps. */
    FORWARD,
    /** Some rows of all steps: their gates. */
    GATES,
    /** Some rows back through all steps. */
    BACKWARD,
    /** Some rows of the weights: their gradient. */
    WEIGHTS
  }

  /** Rows of a batch that go together: below what makes a product copy its right-hand side. */
  private static final int ROWS = 16;

  /** A walk of so few multiply-adds is one task. */
  private static final long SMALL = 1 << 19;

  /** Rows that make a task where all steps are computed at once. */
  private static final int BLOCK = 128;

  private final Kernels<A> kernels;
  private final Plan plan;
  private final A x;
  private final A weights;
  private final @Nullable A bias;
  private final A[] first;
  private final @Nullable A mask;
  private final A y;
  private Phase phase = Phase.FORWARD;
  private @Nullable A transposed;
  private @Nullable A arriving;
  private @Nullable A gates;
  private @Nullable A dx;
  private @Nullable A dw;
  private A[] carried;

  private RecurrenceRun(
      Kernels<A> kernels,
      Plan plan,
      A x,
      A weights,
      @Nullable A bias,
      A[] first,
      @Nullable A mask,
      A y) {
    this.kernels = kernels;
    this.plan = plan;
    this.x = x;
    this.weights = weights;
    this.bias = bias;
    this.first = first;
    this.mask = mask;
    this.y = y;
    this.carried = first;
  }

  /**
   * Fills {@code y}, the states after every step, S×T×N×H.
   *
   * @param x what the input adds to the gates, T×N×GH
   * @param weights GH×H
   * @param bias what the state's part of the last gate starts from, H, if it is apart
   * @param first the S initial states, each N×H
   * @param mask T×N; where it is 0 the states stay what they were; null for all ones
   */
  public static <A> void forward(
      Kernels<A> kernels,
      Plan plan,
      A x,
      A weights,
      @Nullable A bias,
      A[] first,
      @Nullable A mask,
      A y) {
    var run = new RecurrenceRun<>(kernels, plan, x, weights, bias, first, mask, y);
    run.transpose();
    run.phase = Phase.FORWARD;
    Threads.forEach(Split.tasks(plan.batch, plan.rows()), run);
  }

  /**
   * The gradients, from the same arrays and the result.
   *
   * @param arriving the gradient that arrives at y
   * @param gates T×N×GH: becomes the gradient of what the products give
   * @param dx T×N×GH: becomes the gradient of x; the same array unless the last gate is apart
   * @param carried S arrays of N×H zeros: become the gradients of the initial states
   * @param dw becomes the gradient of the weights; null if nobody wants it
   */
  public static <A> void backward(
      Kernels<A> kernels,
      Plan plan,
      A x,
      A weights,
      @Nullable A bias,
      A[] first,
      @Nullable A mask,
      A y,
      A arriving,
      A gates,
      A dx,
      A[] carried,
      @Nullable A dw) {
    var run = new RecurrenceRun<>(kernels, plan, x, weights, bias, first, mask, y);
    run.transpose();
    run.arriving = arriving;
    run.gates = gates;
    run.dx = dx;
    run.carried = carried;
    run.dw = dw;
    run.phase = Phase.GATES;
    Threads.forEach(Split.tasks(plan.steps * plan.batch, BLOCK), run);
    run.phase = Phase.BACKWARD;
    Threads.forEach(Split.tasks(plan.batch, plan.rows()), run);
    if (dw != null) {
      run.phase = Phase.WEIGHTS;
      Threads.forEach(Split.tasks(plan.row(), BLOCK), run);
    }
  }

  /** Between rows of the transposed weights: no multiple of what clashes in a cache. */
  private int pitch() {
    return plan.row() + 16;
  }

  private void transpose() {
    A to = Scratch.like(weights, Scratch.Use.WEIGHTS, plan.hidden * pitch());
    Copies.strided(
        weights,
        0,
        new int[] {1, plan.hidden},
        to,
        0,
        new int[] {pitch(), 1},
        new int[] {plan.hidden, plan.row()});
    transposed = to;
  }

  @Override
  public void accept(int task) {
    switch (phase) {
      case FORWARD -> {
        int from = task * plan.rows();
        forward(from, Split.end(from, plan.rows(), plan.batch));
      }
      case GATES -> {
        int from = task * BLOCK;
        gates(from, Split.end(from, BLOCK, plan.steps * plan.batch));
      }
      case BACKWARD -> {
        int from = task * plan.rows();
        backward(from, Split.end(from, plan.rows(), plan.batch));
      }
      case WEIGHTS -> {
        int from = task * BLOCK;
        weights(from, Split.end(from, BLOCK, plan.row()));
      }
    }
  }

  /** Where row r of state k after step t stands in y. */
  private int at(int k, int t, int r) {
    return ((k * plan.steps + t) * plan.batch + r) * plan.hidden;
  }

  /** What the products go on from, for rows of x one after the other. */
  private void begin(int xo, A to, int at, int rows) {
    int row = plan.row();
    System.arraycopy(x, xo, to, at, rows * row);
    if (plan.apart) {
      int h = plan.hidden;
      Copies.rows(Objects.requireNonNull(bias), 0, 0, to, at + row - h, row, rows, h);
    }
  }

  private void product(int rows, A states, int from, A to, int at) {
    kernels.gemm(
        true,
        rows,
        plan.hidden,
        plan.row(),
        states,
        from,
        plan.hidden,
        false,
        Objects.requireNonNull(transposed),
        0,
        pitch(),
        false,
        to,
        at,
        plan.row());
  }

  private boolean live(int t, int r) {
    int at = t * plan.batch + r;
    return switch (mask) {
      case null -> true;
      case float[] f -> f[at] != 0;
      default -> ((double[]) mask)[at] != 0;
    };
  }

  /** Where the rows from {@code r} on that are as live as that one end. */
  private int alike(int t, int r, int to) {
    if (mask == null) {
      return to;
    }
    boolean live = live(t, r);
    int end = r + 1;
    while (end < to && live(t, end) == live) {
      end++;
    }
    return end;
  }

  // ---------------------------------------------------------------- forward

  private void forward(int from, int to) {
    int row = plan.row();
    A step = Scratch.like(x, Scratch.Use.GATES, (to - from) * row);
    for (int s = 0; s < plan.steps; s++) {
      int t = plan.step(s);
      begin((t * plan.batch + from) * row, step, 0, to - from);
      boolean start = s == 0;
      A before = start ? first[0] : y;
      product(to - from, before, start ? from * plan.hidden : at(0, plan.before(t), from), step, 0);
      for (int r = from, end; r < to; r = end) {
        end = alike(t, r, to);
        if (live(t, r)) {
          cells(step, (r - from) * row, t, start, r, end);
        } else {
          stay(t, start, r, end);
        }
      }
    }
  }

  private void cells(A step, int at, int t, boolean start, int r, int end) {
    Blocks.Run run = plan.forward.on(kernels);
    read(run, 0, step, at, t, start, r);
    for (int k = 0; k < plan.states; k++) {
      run.output(k, y, at(k, t, r), plan.hidden);
    }
    run.rows(end - r, plan.hidden);
  }

  /** Hands a run what the cells of rows from r on read, from input {@code i} on. */
  private void read(Blocks.Run run, int i, A from, int at, int t, boolean start, int r) {
    int h = plan.hidden;
    int row = plan.row();
    int next = i;
    for (int g = 0; g < plan.gates; g++) {
      run.input(next++, from, at + g * h, row);
    }
    if (plan.apart) {
      run.input(next++, x, (t * plan.batch + r + 1) * row - h, row);
    }
    int k = plan.read();
    if (k >= 0 && start) {
      run.input(next, first[k], r * h, h);
    } else if (k >= 0) {
      run.input(next, y, at(k, plan.before(t), r), h);
    }
  }

  private void stay(int t, boolean start, int r, int end) {
    for (int k = 0; k < plan.states; k++) {
      A before = start ? first[k] : y;
      int from = start ? r * plan.hidden : at(k, plan.before(t), r);
      System.arraycopy(before, from, y, at(k, t, r), (end - r) * plan.hidden);
    }
  }

  // ---------------------------------------------------------------- backward

  /** The gates of rows {@code from … to−1} of all T·N, again. */
  private void gates(int from, int to) {
    A all = Objects.requireNonNull(gates);
    int row = plan.row();
    begin(from * row, all, from * row, to - from);
    int whole = (plan.steps - 1) * plan.batch;
    int edge = plan.reverse ? whole : plan.batch;
    int cut = Math.clamp(edge, from, to);
    if (plan.reverse) {
      product(cut - from, y, (from + plan.batch) * plan.hidden, all, from * row);
      product(to - cut, first[0], (cut - whole) * plan.hidden, all, cut * row);
    } else {
      product(cut - from, first[0], from * plan.hidden, all, from * row);
      product(to - cut, y, (cut - plan.batch) * plan.hidden, all, cut * row);
    }
  }

  private void backward(int from, int to) {
    A all = Objects.requireNonNull(gates);
    A g = Objects.requireNonNull(arriving);
    int h = plan.hidden;
    int row = plan.row();
    for (int s = plan.steps - 1; s >= 0; s--) {
      int t = plan.step(s);
      for (int k = 0; k < plan.states; k++) {
        A d = carried[k];
        kernels.zip(Binary.ADD, d, from * h, 1, g, at(k, t, from), 1, d, from * h, (to - from) * h);
      }
      for (int r = from, end; r < to; r = end) {
        end = alike(t, r, to);
        if (live(t, r)) {
          pull(all, t, s == 0, r, end);
        } else {
          still(all, t, r, end);
        }
      }
      kernels.gemm(
          true,
          to - from,
          row,
          h,
          all,
          (t * plan.batch + from) * row,
          row,
          false,
          weights,
          0,
          h,
          false,
          carried[0],
          from * h,
          h);
    }
  }

  /** Turns gates into their gradients, and the gradient of what the cells hand on. */
  private void pull(A all, int t, boolean start, int r, int end) {
    int h = plan.hidden;
    int row = plan.row();
    int at = (t * plan.batch + r) * row;
    Blocks.Run run = plan.backward.on(kernels);
    for (int k = 0; k < plan.states; k++) {
      run.input(k, carried[k], r * h, h);
    }
    read(run, plan.states, all, at, t, start, r);
    int next = 0;
    for (int g = 0; g < plan.gates; g++) {
      run.output(next++, all, at + g * h, row);
    }
    A to = Objects.requireNonNull(dx);
    if (plan.apart) {
      run.output(next++, to, at + row - h, row);
    }
    int k = plan.read();
    if (k >= 0) {
      run.output(next, carried[k], r * h, h);
    }
    run.rows(end - r, h);
    if (k != 0) {
      zero(carried[0], r * h, end * h);
    }
    if (plan.apart) {
      Copies.rows(all, at, row, to, at, row, end - r, row - h);
    }
  }

  /** Where the states stayed, gates have no gradient. */
  private void still(A all, int t, int r, int end) {
    int at = (t * plan.batch + r) * plan.row();
    int to = (t * plan.batch + end) * plan.row();
    zero(all, at, to);
    if (plan.apart) {
      zero(Objects.requireNonNull(dx), at, to);
    }
  }

  private static void zero(Object array, int from, int to) {
    switch (array) {
      case float[] f -> Arrays.fill(f, from, to, 0);
      default -> Arrays.fill((double[]) array, from, to, 0);
    }
  }

  /** Rows {@code from … to−1} of the weights' gradient. */
  private void weights(int from, int to) {
    int whole = (plan.steps - 1) * plan.batch;
    int start = plan.reverse ? whole : 0;
    int rest = plan.reverse ? 0 : plan.batch;
    outer(false, from, to, plan.batch, start, first[0], 0);
    outer(true, from, to, whole, rest, y, plan.reverse ? plan.batch : 0);
  }

  private void outer(boolean more, int from, int to, int rows, int at, A states, int row) {
    kernels.gemm(
        more,
        to - from,
        rows,
        plan.hidden,
        Objects.requireNonNull(gates),
        at * plan.row() + from,
        plan.row(),
        true,
        states,
        row * plan.hidden,
        plan.hidden,
        false,
        Objects.requireNonNull(dw),
        from * plan.hidden,
        plan.hidden);
  }
}
