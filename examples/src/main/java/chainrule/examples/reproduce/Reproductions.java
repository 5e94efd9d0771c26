package chainrule.examples.reproduce;

import java.util.List;
import java.util.stream.Stream;

/** The experiments, in the order in which they teach. */
public final class Reproductions {
  private static final List<Experiment> ALL =
      Stream.of(
              List.of(
                  SmallGraphs.EXPERIMENT,
                  ParameterCounts.EXPERIMENT,
                  FusedBackward.EXPERIMENT,
                  Micrograd.EXPERIMENT,
                  Spirals.EXPERIMENT,
                  RumelhartSmall.EXPERIMENT,
                  RumelhartSymmetry.EXPERIMENT,
                  FamilyTrees.EXPERIMENT,
                  OptimizersOnOnePicture.EXPERIMENT,
                  VanishingGradients.EXPERIMENT),
              NielsenBook.EXPERIMENTS,
              ModernDigits.EXPERIMENTS,
              List.of(
                  MakemoreBigram.EXPERIMENT,
                  MakemoreBackprop.EXPERIMENT,
                  MakemoreInit.EXPERIMENT,
                  MakemoreMlp.EXPERIMENT,
                  MakemoreWavenet.EXPERIMENT,
                  Microgpt.EXPERIMENT),
              Shakespeare.EXPERIMENTS)
          .flatMap(List::stream)
          .toList();

  private Reproductions() {}

  /** All of them. */
  public static List<Experiment> all() {
    return ALL;
  }
}
