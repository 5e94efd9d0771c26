package chainrule.internal.kernel;

import chainrule.math.Binary;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Attention by blocks of queries: {@code softmax(scale·Q·Kᵀ + mask)·V} without ever holding all
 * scores.
 *
 * <p>A block's scores are computed for all keys that it sees, so a row's softmax is exact, and an
 * element of a product is one chain whatever the blocks: over keys for the result and the gradient
 * of queries, over queries for the gradients of keys and values. Keys behind the last query of a
 * causal block are left out: their weights are exact zeros, which change nothing in a sum of finite
 * numbers but the sign of a zero.
 *
 * <p>An object of this class is one call; objects are used again.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
@SuppressWarnings("ReferenceEquality") // the very array, not one that is equal
public final class AttentionRun<A> implements IntConsumer {
  /** What a task is. */
  private enum Phase {
    /** Some blocks of queries, of any head: their result. */
    FORWARD,
    /** Some heads: their gradients. */
    HEADS,
    /** A block of queries of the present head: the slopes of its scores, and its gradient. */
    ROWS,
    /** A block of keys of the present head: its gradient and that of its values. */
    COLUMNS
  }

  private final AttentionScratch<A> own;
  private @Nullable Kernels<A> kernels;
  private @Nullable AttentionPlan plan;
  private A q;
  private A k;
  private A v;
  private A mask;
  private A y;
  private A dy;
  private A dq;
  private A dk;
  private A dv;
  private Phase phase = Phase.FORWARD;
  private int perTask;
  private int head;
  private int from;
  private int to;

  /** A job that computes in these arrays where all of its tasks share some. */
  AttentionRun(AttentionScratch<A> own) {
    this.own = own;
    this.q = own.none;
    this.k = own.none;
    this.v = own.none;
    this.mask = own.none;
    this.y = own.none;
    this.dy = own.none;
    this.dq = own.none;
    this.dk = own.none;
    this.dv = own.none;
  }

  /**
   * Fills {@code y}.
   *
   * @param mask what is added to the scores; null if the plan has none
   */
  public static <A> void forward(
      Kernels<A> kernels, AttentionPlan plan, A q, A k, A v, @Nullable A mask, A y) {
    AttentionRun<A> run = kernels.attention().scratch().borrow().run;
    run.take(kernels, plan, q, k, v, mask);
    run.y = y;
    run.phase = Phase.FORWARD;
    int blocks = plan.heads * Split.tasks(plan.queries, plan.rows());
    run.perTask = plan.blocksPerTask();
    try {
      Threads.forEach(Split.tasks(blocks, run.perTask), run);
    } finally {
      run.drop();
      kernels.attention().scratch().giveBack(run.own);
    }
  }

  /**
   * The gradients that are wanted, each in the layout of what it is the gradient of, except that
   * nothing is broadcast: one matrix for every head, one after the other.
   *
   * @param dy the gradient that arrives, in the layout of y
   * @param dq is filled; null if it is not wanted
   * @param dk is added to, so that it holds zeros at first; null if it is not wanted
   * @param dv as dk
   */
  public static <A> void backward(
      Kernels<A> kernels,
      AttentionPlan plan,
      A q,
      A k,
      A v,
      @Nullable A mask,
      A dy,
      @Nullable A dq,
      @Nullable A dk,
      @Nullable A dv) {
    AttentionRun<A> run = kernels.attention().scratch().borrow().run;
    run.take(kernels, plan, q, k, v, mask);
    run.dy = dy;
    run.dq = dq == null ? run.own.none : dq;
    run.dk = dk == null ? run.own.none : dk;
    run.dv = dv == null ? run.own.none : dv;
    try {
      if (plan.shared()) {
        run.sharedHeads(plan);
      } else {
        run.phase = Phase.HEADS;
        run.perTask = plan.headsPerTask();
        Threads.forEach(Split.tasks(plan.heads, run.perTask), run);
      }
    } finally {
      run.drop();
      kernels.attention().scratch().giveBack(run.own);
    }
  }

  private void take(Kernels<A> kernels, AttentionPlan plan, A q, A k, A v, @Nullable A mask) {
    this.kernels = kernels;
    this.plan = plan;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask == null ? own.none : mask;
  }

  /** Holds no array of the caller's any longer. */
  private void drop() {
    kernels = null;
    plan = null;
    q = own.none;
    k = own.none;
    v = own.none;
    mask = own.none;
    y = own.none;
    dy = own.none;
    dq = own.none;
    dk = own.none;
    dv = own.none;
  }

  @Override
  public void accept(int task) {
    Kernels<A> kernels = Objects.requireNonNull(this.kernels);
    AttentionPlan plan = Objects.requireNonNull(this.plan);
    switch (phase) {
      case FORWARD -> forward(kernels, plan, task);
      case HEADS -> {
        int end = Split.end(task * perTask, perTask, plan.heads);
        for (int h = task * perTask; h < end; h++) {
          wholeHead(kernels, plan, h);
        }
      }
      case ROWS -> {
        int first = from + task * perTask;
        int last = Split.end(first, perTask, to);
        AttentionScratch<A> mine = kernels.attention().scratch().borrow();
        rows(kernels, plan, own, mine, head, from, first, last, plan.seen(to));
        kernels.attention().scratch().giveBack(mine);
      }
      case COLUMNS -> {
        int first = task * perTask;
        int last = Split.end(first, perTask, plan.seen(to));
        columns(kernels, plan, own, head, from, to, first, last);
      }
    }
  }

  private void forward(Kernels<A> kernels, AttentionPlan plan, int task) {
    int block = plan.rows();
    int perHead = Split.tasks(plan.queries, block);
    int end = Split.end(task * perTask, perTask, plan.heads * perHead);
    AttentionScratch<A> scratch = kernels.attention().scratch().borrow();
    scratch.reserve(plan, block, false);
    for (int b = task * perTask; b < end; b++) {
      int h = b / perHead;
      int first = b % perHead * block;
      int last = Split.end(first, block, plan.queries);
      int seen = plan.seen(last);
      A weights = scratch.weights();
      weights(kernels, plan, scratch, scratch, h, first, first, last, seen);
      kernels.gemm(
          false,
          last - first,
          seen,
          plan.e,
          weights,
          0,
          AttentionPlan.pitch(seen),
          false,
          v,
          plan.v.at(h, plan.batch),
          plan.v.row,
          false,
          y,
          plan.y.at(h, plan.batch) + first * plan.y.row,
          plan.y.row);
    }
    kernels.attention().scratch().giveBack(scratch);
  }

  /** The gradients of one head by one thread. */
  private void wholeHead(Kernels<A> kernels, AttentionPlan plan, int h) {
    AttentionScratch<A> scratch = kernels.attention().scratch().borrow();
    int block = plan.rows();
    scratch.reserve(plan, block, true);
    for (int first = 0; first < plan.queries; first += block) {
      int last = Split.end(first, block, plan.queries);
      int seen = plan.seen(last);
      rows(kernels, plan, scratch, scratch, h, first, first, last, seen);
      columns(kernels, plan, scratch, h, first, last, 0, seen);
    }
    kernels.attention().scratch().giveBack(scratch);
  }

  /** The gradients of heads that are few: all threads take part in each. */
  private void sharedHeads(AttentionPlan plan) {
    int held = plan.sharedRows();
    own.reserve(plan, held, true);
    for (head = 0; head < plan.heads; head++) {
      for (from = 0; from < plan.queries; from = to) {
        to = Split.end(from, held, plan.queries);
        phase = Phase.ROWS;
        perTask = plan.rows();
        Threads.forEach(Split.tasks(to - from, perTask), this);
        phase = Phase.COLUMNS;
        perTask = AttentionPlan.COLUMNS;
        Threads.forEach(Split.tasks(plan.seen(to), perTask), this);
      }
    }
  }

  /**
   * The weights of queries {@code first … last−1}, in an array that holds those from {@code held}
   * on, {@code columns} for each.
   */
  private void weights(
      Kernels<A> kernels,
      AttentionPlan plan,
      AttentionScratch<A> scratch,
      AttentionScratch<A> sums,
      int h,
      int held,
      int first,
      int last,
      int columns) {
    AttentionKernels<A> loops = kernels.attention();
    int rows = last - first;
    int d = plan.d;
    int row = first - held;
    int pitch = AttentionPlan.pitch(columns);
    A queries = scratch.queries();
    A weights = scratch.weights();
    int qo = plan.q.at(h, plan.batch) + first * plan.q.row;
    loops.scale(plan.scale, q, qo, plan.q.row, queries, row * d, d, rows, d);
    int seen = plan.seen(last);
    kernels.gemm(
        false,
        rows,
        d,
        seen,
        queries,
        row * d,
        d,
        false,
        k,
        plan.k.at(h, plan.batch),
        plan.k.row,
        true,
        weights,
        row * pitch,
        pitch);
    AttentionPlan.Layout m = plan.mask;
    if (m != null) {
      int mo = m.at(h, plan.batch);
      for (int r = 0; r < rows; r++) {
        int at = (row + r) * pitch;
        kernels.zip(
            Binary.ADD,
            weights,
            at,
            1,
            mask,
            mo + (first + r) * m.row,
            m.column,
            weights,
            at,
            seen);
      }
    }
    loops.weights(
        weights, row * pitch, pitch, rows, columns, plan.causal ? first + 1 : columns, sums);
  }

  /** Weights, the slopes of the scores, and the gradient of queries {@code first … last−1}. */
  private void rows(
      Kernels<A> kernels,
      AttentionPlan plan,
      AttentionScratch<A> scratch,
      AttentionScratch<A> sums,
      int h,
      int held,
      int first,
      int last,
      int columns) {
    weights(kernels, plan, scratch, sums, h, held, first, last, columns);
    if (dq == own.none && dk == own.none) {
      return;
    }
    AttentionKernels<A> loops = kernels.attention();
    int rows = last - first;
    int pitch = AttentionPlan.pitch(columns);
    int at = (first - held) * pitch;
    A weights = scratch.weights();
    A slopes = scratch.slopes();
    int seen = plan.seen(last);
    kernels.gemm(
        false,
        rows,
        plan.e,
        seen,
        dy,
        plan.y.at(h, plan.batch) + first * plan.y.row,
        plan.y.row,
        false,
        v,
        plan.v.at(h, plan.batch),
        plan.v.row,
        true,
        slopes,
        at,
        pitch);
    int sight = plan.causal ? first + 1 : columns;
    loops.weightsBackward(weights, at, slopes, at, pitch, rows, columns, sight, sums);
    if (dq != own.none) {
      int qo = plan.dq.at(h, plan.batch) + first * plan.dq.row;
      kernels.gemm(
          false,
          rows,
          seen,
          plan.d,
          slopes,
          at,
          pitch,
          false,
          k,
          plan.k.at(h, plan.batch),
          plan.k.row,
          false,
          dq,
          qo,
          plan.dq.row);
      loops.scale(plan.scale, dq, qo, plan.dq.row, dq, qo, plan.dq.row, rows, plan.d);
    }
  }

  /** What queries {@code first … last−1} add to the gradients of keys {@code left … right−1}. */
  private void columns(
      Kernels<A> kernels,
      AttentionPlan plan,
      AttentionScratch<A> scratch,
      int h,
      int first,
      int last,
      int left,
      int right) {
    int pitch = AttentionPlan.pitch(plan.seen(last));
    int skipped = plan.causal ? Math.max(0, left - first) : 0;
    int rows = last - first - skipped;
    int at = skipped * pitch + left;
    if (dk != own.none) {
      kernels.gemm(
          true,
          right - left,
          rows,
          plan.d,
          scratch.slopes(),
          at,
          pitch,
          true,
          scratch.queries(),
          skipped * plan.d,
          plan.d,
          false,
          dk,
          plan.dk.at(h, plan.batch) + left * plan.dk.row,
          plan.dk.row);
    }
    if (dv != own.none) {
      kernels.gemm(
          true,
          right - left,
          rows,
          plan.e,
          scratch.weights(),
          at,
          pitch,
          true,
          dy,
          plan.y.at(h, plan.batch) + (first + skipped) * plan.y.row,
          plan.y.row,
          false,
          dv,
          plan.dv.at(h, plan.batch) + left * plan.dv.row,
          plan.dv.row);
    }
  }
}
