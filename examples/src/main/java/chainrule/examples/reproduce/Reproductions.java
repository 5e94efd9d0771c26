package chainrule.examples.reproduce;

import java.util.List;
import java.util.stream.Stream;

/** The experiments, in the order in which they teach. */
public final class Reproductions {
  private static final List<Experiment> ALL =
      Stream.concat(
              Stream.of(
          SmallGraphs.EXPERIMENT,
          ParameterCounts.EXPERIMENT,
          FusedBackward.EXPERIMENT,
          Micrograd.EXPERIMENT,
          Spirals.EXPERIMENT,
          MakemoreBigram.EXPERIMENT,
          RumelhartSymmetry.EXPERIMENT,
          RumelhartSmall.EXPERIMENT,
          MakemoreBackprop.EXPERIMENT,
          MakemoreInit.EXPERIMENT,
          MakemoreMlp.EXPERIMENT,
          MakemoreWavenet.EXPERIMENT,
          Microgpt.EXPERIMENT,
          VanishingGradients.EXPERIMENT),
              NielsenBook.EXPERIMENTS.stream())
          .toList();

  private Reproductions() {}

  /** All of them. */
  public static List<Experiment> all() {
    return ALL;
  }
}
