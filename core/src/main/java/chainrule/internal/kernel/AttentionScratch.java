package chainrule.internal.kernel;

import java.util.function.IntFunction;

/**
 * Arrays in which a task computes attention, used again and again, and the job of one call.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
public final class AttentionScratch<A> {
  /** For how many rows at once there is room to add up. */
  public static final int GROUP = 8;

  private final IntFunction<A> maker;
  private final A lanes;
  private final A row;
  private int queriesSize;
  private int weightsSize;
  private int slopesSize;
  private A queries;
  private A weights;
  private A slopes;

  /** An array of no elements, for what there is not. */
  final A none;

  /** A job for a call whose scratch this is. */
  final AttentionRun<A> run;

  /** With nothing in it yet. */
  AttentionScratch(IntFunction<A> maker) {
    this.maker = maker;
    this.lanes = maker.apply(64 * GROUP);
    this.row = maker.apply(GROUP);
    this.none = maker.apply(0);
    this.queries = none;
    this.weights = none;
    this.slopes = none;
    this.run = new AttentionRun<>(this);
  }

  /** Makes room for {@code rows} queries and the scores of all keys that they may see. */
  void reserve(AttentionPlan plan, int rows, boolean withSlopes) {
    int most = Math.min(rows, plan.queries);
    int scores = Math.multiplyExact(most, AttentionPlan.pitch(plan.seen(plan.queries)));
    if (queriesSize < most * plan.d) {
      queriesSize = most * plan.d;
      queries = maker.apply(queriesSize);
    }
    if (weightsSize < scores) {
      weightsSize = scores;
      weights = maker.apply(scores);
    }
    if (withSlopes && slopesSize < scores) {
      slopesSize = scores;
      slopes = maker.apply(scores);
    }
  }

  /** Scaled queries. */
  A queries() {
    return queries;
  }

  /** Scores, then weights. */
  A weights() {
    return weights;
  }

  /** The gradients of weights, then of scores. */
  A slopes() {
    return slopes;
  }

  /** One number for each row of a group. */
  public A row() {
    return row;
  }

  /** The 64 lanes of a sum, for each row of a group. */
  public A lanes() {
    return lanes;
  }
}
