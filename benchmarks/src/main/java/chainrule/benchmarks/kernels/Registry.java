package chainrule.benchmarks.kernels;

import java.util.List;
import java.util.stream.Stream;

/** All kernels that are timed. A kernel is added by a line in the list of its family. */
public final class Registry {
  private static final List<Case> CASES =
      Stream.of(
              GemmKernels.all(),
              ElementwiseKernels.all(),
              ReductionKernels.all(),
              RowKernels.all(),
              WindowKernels.all(),
              AttentionKernels.all(),
              MovementKernels.all(),
              UpdateKernels.all())
          .flatMap(List::stream)
          .flatMap(k -> k.cases().stream())
          .toList();

  private Registry() {}

  /** Every kernel on every shape, in the order of the table. */
  public static List<Case> cases() {
    return CASES;
  }

  /**
   * The case of the given id.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Case find(String id) {
    return CASES.stream()
        .filter(c -> c.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kernel " + id));
  }
}
