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

    /** How many numbers a unit reads from products and input. */
    private int parts() {
      return gates + (apart ? 1 : 0);
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
    /** Some rows back through all steps. */
    BACKWARD,
    /** Some rows of the weights: their gradient. */
    WEIGHTS
  }

  /** Rows of a batch that go together: below what makes a product copy its right-hand side. */
  private static final int ROWS = 16;

  /** A walk of so few multiply-adds is one task. */
  private static final long SMALL = 1 << 19;

  /** Rows of the weights' gradient that make a task. */
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
  private @Nullable A products;
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
   * @param products T×N×GH: becomes the gradient of what the products give
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
      A products,
      A dx,
      A[] carried,
      @Nullable A dw) {
    var run = new RecurrenceRun<>(kernels, plan, x, weights, bias, first, mask, y);
    run.transpose();
    run.arriving = arriving;
    run.products = products;
    run.dx = dx;
    run.carried = carried;
    run.dw = dw;
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

  /**
   * The gates of rows {@code from … to−1} in step t, each gate's by itself: for every gate the rows
   * one after the other, and then the input's part of the last, if it is apart.
   */
  private A gates(int t, boolean start, int from, int to) {
    int h = plan.hidden;
    int row = plan.row();
    int rows = to - from;
    int xo = (t * plan.batch + from) * row;
    A sums = Scratch.like(x, Scratch.Use.GATES, rows * row);
    System.arraycopy(x, xo, sums, 0, rows * row);
    if (plan.apart) {
      Copies.rows(Objects.requireNonNull(bias), 0, 0, sums, row - h, row, rows, h);
    }
    kernels.gemm(
        true,
        rows,
        h,
        row,
        start ? first[0] : y,
        start ? from * h : at(0, plan.before(t), from),
        h,
        false,
        Objects.requireNonNull(transposed),
        0,
        pitch(),
        false,
        sums,
        0,
        row);
    A planes = Scratch.like(x, Scratch.Use.MORE_GATES, rows * (row + h));
    for (int g = 0; g < plan.gates; g++) {
      Copies.rows(sums, g * h, row, planes, g * rows * h, h, rows, h);
    }
    if (plan.apart) {
      Copies.rows(x, xo + row - h, row, planes, plan.gates * rows * h, h, rows, h);
    }
    return planes;
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
    for (int s = 0; s < plan.steps; s++) {
      int t = plan.step(s);
      boolean start = s == 0;
      A planes = gates(t, start, from, to);
      for (int r = from, end; r < to; r = end) {
        end = alike(t, r, to);
        if (live(t, r)) {
          Blocks.Run run = plan.forward.on(kernels);
          read(run, 0, planes, from, to, t, start, r);
          for (int k = 0; k < plan.states; k++) {
            run.output(k, y, at(k, t, r));
          }
          run.here((end - r) * plan.hidden);
        } else {
          stay(t, start, r, end);
        }
      }
    }
  }

  /** Hands a run what the cells of rows from r on read, from input {@code i} on. */
  private void read(
      Blocks.Run run, int i, A planes, int from, int to, int t, boolean start, int r) {
    int h = plan.hidden;
    int next = i;
    for (int g = 0; g < plan.parts(); g++) {
      run.input(next++, planes, (g * (to - from) + r - from) * h);
    }
    int k = plan.read();
    if (k >= 0) {
      run.input(next, start ? first[k] : y, start ? r * h : at(k, plan.before(t), r));
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

  private void backward(int from, int to) {
    A all = Objects.requireNonNull(products);
    A g = Objects.requireNonNull(arriving);
    int h = plan.hidden;
    int row = plan.row();
    for (int s = plan.steps - 1; s >= 0; s--) {
      int t = plan.step(s);
      for (int k = 0; k < plan.states; k++) {
        A d = carried[k];
        kernels.zip(Binary.ADD, d, from * h, 1, g, at(k, t, from), 1, d, from * h, (to - from) * h);
      }
      A planes = gates(t, s == 0, from, to);
      for (int r = from, end; r < to; r = end) {
        end = alike(t, r, to);
        if (live(t, r)) {
          pull(planes, from, to, t, s == 0, r, end);
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

  /** The gradients of the gates of rows {@code r … end−1}, and of what their cells hand on. */
  private void pull(A planes, int from, int to, int t, boolean start, int r, int end) {
    A all = Objects.requireNonNull(products);
    int h = plan.hidden;
    int row = plan.row();
    int rows = to - from;
    Blocks.Run run = plan.backward.on(kernels);
    for (int k = 0; k < plan.states; k++) {
      run.input(k, carried[k], r * h);
    }
    read(run, plan.states, planes, from, to, t, start, r);
    int next = 0;
    for (int g = 0; g < plan.parts(); g++) {
      run.output(next++, planes, (g * rows + r - from) * h);
    }
    int k = plan.read();
    if (k >= 0) {
      run.output(next, carried[k], r * h);
    }
    run.here((end - r) * h);
    if (k != 0) {
      zero(carried[0], r * h, end * h);
    }
    int at = (t * plan.batch + r) * row;
    for (int g = 0; g < plan.gates; g++) {
      Copies.rows(planes, (g * rows + r - from) * h, h, all, at + g * h, row, end - r, h);
    }
    if (plan.apart) {
      A ofX = Objects.requireNonNull(dx);
      Copies.rows(all, at, row, ofX, at, row, end - r, row - h);
      int plane = (plan.gates * rows + r - from) * h;
      Copies.rows(planes, plane, h, ofX, at + row - h, row, end - r, h);
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
        Objects.requireNonNull(products),
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
