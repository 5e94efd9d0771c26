package chainrule.examples.reproduce;

import java.util.List;

/** The experiments, in the order in which they teach. */
public final class Reproductions {
  private static final List<Experiment> ALL =
      List.of(
          SmallGraphs.EXPERIMENT,
          ParameterCounts.EXPERIMENT,
          FusedBackward.EXPERIMENT,
          Micrograd.EXPERIMENT,
          Spirals.EXPERIMENT,
          MakemoreBigram.EXPERIMENT,
          MakemoreBackprop.EXPERIMENT,
          MakemoreInit.EXPERIMENT,
          MakemoreMlp.EXPERIMENT,
          MakemoreWavenet.EXPERIMENT);

  private Reproductions() {}

  /** All of them. */
  public static List<Experiment> all() {
    return ALL;
  }
}
