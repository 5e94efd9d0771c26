package chainrule.optim;

import java.util.List;

/**
 * One cycle: the rate rises from {@code maxLr/divFactor} to {@code maxLr} and falls to {@code
 * maxLr/divFactor/finalDivFactor}, while the momentum falls and rises. For steps, not for epochs.
 *
 * <p>The momentum is {@link ParamGroup.Momentum}, β₁ for {@link Adam}. The rates do not follow from
 * one another, so other schedules on the same optimizer do not multiply with it. Source: Smith and
 * Topin, <i>Super-convergence: very fast training of neural networks using large learning
 * rates</i>, 2018; two phases as in PyTorch, three in the paper.
 *
 * {@snippet :
 * var schedule = new OneCycleLR(sgd, 0.1, epochs * loader.batches());
 * }
 */
public final class OneCycleLR extends LRScheduler {
  /** Ends at time {@code end}; there the rate is a share of the largest, the momentum as said. */
  private record Phase(
      double end, double from, double to, double fromMomentum, double toMomentum) {}

  private final double maxLr;
  private final int totalSteps;
  private final Options options;
  private final List<Phase> phases;

  /** A cycle with the default options. */
  public OneCycleLR(Optimizer optimizer, double maxLr, int totalSteps) {
    this(optimizer, maxLr, totalSteps, options());
  }

  /**
   * A cycle of so many steps.
   *
   * @param maxLr the largest rate, above 0
   * @param totalSteps at least 1
   * @throws IllegalArgumentException if the momentum is to move and the optimizer has none
   */
  public OneCycleLR(Optimizer optimizer, double maxLr, int totalSteps, Options options) {
    super(optimizer);
    this.maxLr = Checks.positive("OneCycleLR: maxLr", maxLr);
    this.totalSteps = Checks.atLeast("OneCycleLR: totalSteps", 1, totalSteps);
    this.options = options;
    this.phases = phases(totalSteps, options);
    for (int k = 0; k < groups().size(); k++) {
      ParamGroup group = groups().get(k);
      if (options.cycleMomentum() && !group.hasMomentum()) {
        throw new IllegalArgumentException(
            "OneCycleLR: the optimizer has no momentum that can move; give it one, or switch it off"
                + " with cycleMomentum(false)");
      }
      base(k, maxLr / options.divFactor());
      group.initialLr(base(k));
    }
    start();
  }

  /**
   * The rate rises over 30 % of the times along a cosine, from 1/25 of the largest, and falls to
   * 1/10,000 of where it began; the momentum moves from 0.95 to 0.85 and back.
   */
  public static Options options() {
    return new Options(0.3, Anneal.COS, true, 0.85, 0.95, 25, 1e4, false);
  }

  private static List<Phase> phases(int steps, Options o) {
    double first = 1 / o.divFactor();
    double last = first / o.finalDivFactor();
    double top = o.pctStart() * steps - 1;
    double high = o.maxMomentum();
    double low = o.baseMomentum();
    return o.threePhase()
        ? List.of(
            new Phase(top, first, 1, high, low),
            new Phase(2 * o.pctStart() * steps - 2, 1, first, low, high),
            new Phase(steps - 1, first, last, high, high))
        : List.of(new Phase(top, first, 1, high, low), new Phase(steps - 1, 1, last, low, high));
  }

  /**
   * Sets the rates of the next step.
   *
   * @throws IllegalStateException after the last step
   */
  @Override
  public void step() {
    if (lastEpoch() >= totalSteps) {
      throw new IllegalStateException(
          "OneCycleLR: step %d of a cycle of %d".formatted(lastEpoch() + 1, totalSteps));
    }
    super.step();
  }

  @Override
  double lr(int t, int k, ParamGroup group) {
    double start = 0;
    Phase phase = phases.getFirst();
    for (int i = 1; i < phases.size() && t > phase.end; i++) {
      start = phase.end;
      phase = phases.get(i);
    }
    double share = (t - start) / (phase.end - start);
    Anneal way = options.annealStrategy();
    if (options.cycleMomentum()) {
      group.momentum(way.at(phase.fromMomentum, phase.toMomentum, share));
    }
    return Math.max(0, way.at(maxLr * phase.from, maxLr * phase.to, share));
  }

  /**
   * The options of {@link OneCycleLR}.
   *
   * @param pctStart the share of the times in which the rate rises, in (0, 1)
   * @param annealStrategy the way between the rates
   * @param cycleMomentum whether the momentum moves against the rate
   * @param baseMomentum the momentum at the top of the rate, in (0, 1)
   * @param maxMomentum the momentum at the start, in (0, 1)
   * @param divFactor the largest rate divided by the first, above 0
   * @param finalDivFactor the first rate divided by the last, above 0
   * @param threePhase whether the rate comes down as it went up, and only then falls to its last
   */
  public record Options(
      double pctStart,
      Anneal annealStrategy,
      boolean cycleMomentum,
      double baseMomentum,
      double maxMomentum,
      double divFactor,
      double finalDivFactor,
      boolean threePhase) {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      if (!(pctStart > 0 && pctStart < 1)) {
        throw new IllegalArgumentException("pctStart must be in (0, 1), got " + pctStart);
      }
      Checks.share("baseMomentum", baseMomentum);
      Checks.share("maxMomentum", maxMomentum);
      Checks.positive("divFactor", divFactor);
      Checks.positive("finalDivFactor", finalDivFactor);
    }

    /** The same with another share of the times in which the rate rises. */
    public Options pctStart(double pctStart) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with another way between the rates. */
    public Options annealStrategy(Anneal annealStrategy) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with the momentum moving against the rate, or not. */
    public Options cycleMomentum(boolean cycleMomentum) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with another momentum at the top of the rate. */
    public Options baseMomentum(double baseMomentum) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with another momentum at the start. */
    public Options maxMomentum(double maxMomentum) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with another ratio of the largest rate to the first. */
    public Options divFactor(double divFactor) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with another ratio of the first rate to the last. */
    public Options finalDivFactor(double finalDivFactor) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }

    /** The same with the way down as long as the way up and a third phase, or not. */
    public Options threePhase(boolean threePhase) {
      return new Options(
          pctStart,
          annealStrategy,
          cycleMomentum,
          baseMomentum,
          maxMomentum,
          divFactor,
          finalDivFactor,
          threePhase);
    }
  }
}
