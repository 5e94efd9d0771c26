package chainrule.tensor;

import chainrule.internal.kernel.Blocks;
import chainrule.math.Binary;
import chainrule.math.Program;
import chainrule.math.Trace;
import chainrule.math.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The table's backward rules as programs, for tensors of equal shape: one pass over memory each,
 * and the bits of the same rules run in tensors.
 */
final class Pulls {
  private static final Rule[] UNARY = new Rule[Unary.values().length];
  private static final Rule[][] BINARY = new Rule[Binary.values().length][];

  static {
    for (Unary f : Unary.values()) {
      UNARY[f.ordinal()] = new Rule(3, in -> List.of(f.pull(in.get(0), in.get(1), in.get(2))));
    }
    for (Binary f : Binary.values()) {
      BINARY[f.ordinal()] =
          new Rule[] {
            new Rule(4, in -> List.of(pull(f, true, in))),
            new Rule(4, in -> List.of(pull(f, false, in))),
            new Rule(4, in -> List.of(pull(f, true, in), pull(f, false, in)))
          };
    }
  }

  private Pulls() {}

  private static Trace pull(Binary f, boolean towardsA, List<Trace> in) {
    return towardsA
        ? f.pullA(in.get(0), in.get(1), in.get(2), in.get(3))
        : f.pullB(in.get(0), in.get(1), in.get(2), in.get(3));
  }

  /** The gradient for x. */
  static Tensor of(Unary f, Tensor g, Tensor x, Tensor y) {
    return UNARY[f.ordinal()].run(g, x, y)[0];
  }

  /** The gradients for a and b, which are of g's shape; null for one that is not wanted. */
  static @Nullable Tensor[] of(
      Binary f, Tensor g, Tensor a, Tensor b, Tensor y, boolean forA, boolean forB) {
    Rule[] rules = BINARY[f.ordinal()];
    if (forA && forB) {
      return rules[2].run(g, a, b, y);
    }
    return new @Nullable Tensor[] {
      forA ? rules[0].run(g, a, b, y)[0] : null, forB ? rules[1].run(g, a, b, y)[0] : null
    };
  }

  /** One rule: what it computes, and which of its results are only an input handed on. */
  private static final class Rule {
    private final Blocks blocks;
    private final int[] handedOn;

    Rule(int inputs, Function<List<Trace>, List<Trace>> f) {
      Program all = Program.record(inputs, 0, f).simplified();
      var computed = new ArrayList<Integer>();
      handedOn = new int[all.results().size()];
      for (int j = 0; j < handedOn.length; j++) {
        int v = all.results().get(j);
        handedOn[j] = v < inputs ? v : -1;
        if (v >= inputs) {
          computed.add(v);
        }
      }
      blocks = Blocks.of(new Program(inputs, 0, all.instructions(), computed));
    }

    /** Only what the rule reads is asked for its numbers. */
    Tensor[] run(Tensor... in) {
      Tensor[] out = new Tensor[handedOn.length];
      Program program = blocks.program();
      for (int j = 0; j < out.length; j++) {
        out[j] = handedOn[j] >= 0 ? in[handedOn[j]] : in[0].zerosLike();
      }
      if (program.results().isEmpty()) {
        return out;
      }
      Blocks.Run run = blocks.on(in[0].kernels());
      for (int i = 0; i < in.length; i++) {
        if (blocks.reads(i)) {
          run.input(i, in[i].array());
        }
      }
      int k = 0;
      for (int j = 0; j < out.length; j++) {
        if (handedOn[j] < 0) {
          run.output(k++, out[j].array());
        }
      }
      run.go(in[0].size());
      return out;
    }
  }
}
