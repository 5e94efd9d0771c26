package chainrule.examples;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Starts an example by its name, such as {@code 01-one-weight}, or by its number; lists them
 * otherwise.
 */
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
  }

  private Examples() {}

  /** Runs the examples named by the arguments. */
  public static void main(String[] args) throws Exception {
    if (args.length == 0) {
      BY_NAME.keySet().forEach(System.out::println);
    }
    for (String wanted : args) {
      for (var example : BY_NAME.entrySet()) {
        if (example.getKey().equals(wanted) || example.getKey().startsWith(wanted + "-")) {
          example.getValue().main(new String[0]);
        }
      }
    }
  }
}
