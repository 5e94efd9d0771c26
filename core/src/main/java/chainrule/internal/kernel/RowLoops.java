package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The loops of single functions over the rows of a matrix, where an operand can be the same row for
 * all, or one number for each row.
 */
final class RowLoops {
  private static final int FUNCTIONS = Binary.values().length + 1;

  /** By kind of kernels, function (the last one selects) and operands that stand still. */
  private static final AtomicReferenceArray<@Nullable HotLoop> ALL =
      new AtomicReferenceArray<>(4 * FUNCTIONS * 8);

  private RowLoops() {}

  /**
   * The loop of {@code f(a, b)}, or of {@code c ≠ 0 ? a : b} without an f.
   *
   * @param still bits of the operands that have one number for each row: 1 for a, 2 for b, 4 for c
   */
  static HotLoop of(Kernels<?> kernels, @Nullable Binary f, int still) {
    int kind = (kernels.single() ? 1 : 0) | (kernels.oneIndex() ? 2 : 0);
    int function = f == null ? FUNCTIONS - 1 : f.ordinal();
    int at = (kind * FUNCTIONS + function) * 8 + still;
    HotLoop loop = ALL.get(at);
    if (loop == null) {
      loop = HotLoop.of(spec(kernels.single(), f, still), kernels.loopTarget());
      ALL.set(at, loop);
    }
    return loop;
  }

  private static LoopSpec spec(boolean single, @Nullable Binary f, int still) {
    int inputs = f == null ? 3 : 2;
    Program.Instruction step = f == null ? new Program.Select(2, 0, 1) : new Program.Zip(f, 0, 1);
    var stills = new ArrayList<Boolean>();
    for (int i = 0; i < inputs; i++) {
      stills.add((still >> i & 1) != 0);
    }
    Program program = new Program(inputs, 0, List.of(step), List.of(inputs));
    return new LoopSpec(program, single, stills, List.of(false));
  }
}
