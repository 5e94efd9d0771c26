package chainrule.examples;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The examples by name, such as {@code 01-one-weight}, in the order in which they teach. */
public final class Examples {
  /** A program. */
  private interface Program {
    void main(String[] args) throws Exception;
  }

  private static final Map<String, Program> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("01-one-weight", E01OneWeight::main);
    BY_NAME.put("02-scalar-graph", E02ScalarGraph::main);
    BY_NAME.put("03-tensors", E03Tensors::main);
    BY_NAME.put("04-gradients-of-gradients", E04GradientsOfGradients::main);
    BY_NAME.put("05-your-own-op", E05YourOwnOp::main);
    BY_NAME.put("06-mlp-from-numpy", E06MlpFromNumpy::main);
    BY_NAME.put("07-fit-predict", E07FitPredict::main);
    BY_NAME.put("08-digits", E08Digits::main);
    BY_NAME.put("10-lstm", E10Lstm::main);
    BY_NAME.put("11-transformer", E11Transformer::main);
    BY_NAME.put("12-optimizers-compared", E12OptimizersCompared::main);
    BY_NAME.put("13-schedules", E13Schedules::main);
  }

  private Examples() {}

  /** The names, in order. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(BY_NAME.keySet());
  }

  /**
   * Runs an example, which prints to standard output.
   *
   * @param name its name, or its number such as {@code 01}
   * @param args what the example is told; most take nothing
   * @throws IllegalArgumentException if there is no such example
   */
  public static void run(String name, String... args) throws Exception {
    for (var example : BY_NAME.entrySet()) {
      if (example.getKey().equals(name) || example.getKey().startsWith(name + "-")) {
        example.getValue().main(args);
        return;
      }
    }
    throw new IllegalArgumentException("there is no example '" + name + "'");
  }
}
