package chainrule.internal.kernel;

import chainrule.math.Program;
import java.util.List;

/**
 * What a {@link Loop} computes; equal ones share one class.
 *
 * @param program the function of an element of each input
 * @param single whether numbers are F32; otherwise F64
 * @param still for each input, whether it has one number for each row
 * @param flushed for each result, whether F32 subnormals are stored as 0
 */
record LoopSpec(Program program, boolean single, List<Boolean> still, List<Boolean> flushed) {
  LoopSpec {
    still = List.copyOf(still);
    flushed = List.copyOf(flushed);
  }

  /** For each value of the program, whether it differs from element to element of a row. */
  boolean[] varying() {
    boolean[] varies = new boolean[program.values()];
    for (int v = 0; v < varies.length; v++) {
      int k = v - program.inputs() - program.scalars();
      if (k >= 0) {
        for (int operand : program.instructions().get(k).operands()) {
          varies[v] |= varies[operand];
        }
      } else {
        varies[v] = v < program.inputs() && !still.get(v);
      }
    }
    return varies;
  }
}
