package chainrule.benchmarks.kernels;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A kernel on one shape.
 *
 * @param kernel what is timed
 * @param dims the shape
 * @param run the smallest run that has it
 */
public record Case(Kernel kernel, int[] dims, Run run) {
  /** How much is timed when no kernel is named; each run contains the one before. */
  public enum Run {
    /** A minute or two. */
    QUICK,
    /** A quarter of an hour. */
    USUAL,
    /** Everything. */
    ALL
  }

  private static final int TINY = 5;

  /** The shape as people write it, {@code 64x784x128}. */
  public String shape() {
    return Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }

  /** Kernel and shape, {@code sgemm/64x784x128}: it names the case among all others. */
  public String id() {
    return kernel.name() + "/" + shape();
  }

  /** Operations or bytes of one call. */
  public double work() {
    return kernel.work().on(dims);
  }

  /** Makes operands and call. */
  public Kernel.Body setup() {
    return kernel.setup().on(dims.clone());
  }

  /** The same kernel on a shape of at most five in each dimension, for tests. */
  public Case tiny() {
    return new Case(kernel, Arrays.stream(dims).map(d -> Math.min(d, TINY)).toArray(), run);
  }

  /** Whether a word of the command line means this case: its family, kernel or id. */
  public boolean matches(String word) {
    return word.equals(kernel.family()) || word.equals(kernel.name()) || word.equals(id());
  }
}
