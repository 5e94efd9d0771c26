package chainrule.tensor;

import chainrule.math.Program;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step seen as a function of single elements: what the compiled step may fuse with others of the
 * same size and type.
 *
 * @param like a tensor of the size and type of all
 * @param program from the elements of {@code in}, to those of {@code out}; of an update, from the
 *     parameter, its gradient and its state
 * @param in operands: each of as many elements, or of one that stands for all
 * @param out what is computed; of an update nothing, since it changes the parameter and its state
 */
record Elements(Tensor like, Program program, List<Tensor> in, List<Tensor> out) {
  /** The function of a step; null if it is none. */
  static @Nullable Elements of(Step step) {
    return switch (step) {
      case Step.Applied a -> applied(a);
      case Step.Pulled p when p.op() instanceof Pointwise op -> pulled(p, op);
      case Step.Updated u ->
          fitting(u.rule().program(), u.parameter(), List.of(u.parameter(), u.g()), List.of());
      default -> null;
    };
  }

  private static @Nullable Elements applied(Step.Applied a) {
    Program program =
        switch (a.op()) {
          case Elementwise op -> op.program();
          case Pointwise op -> op.program();
          case LinearOp.Expand _ when a.given()[0].size() == 1 ->
              new Program(1, 0, List.of(), List.of(0));
          default -> null;
        };
    return program == null
        ? null
        : fitting(program, a.result(), List.of(a.given()), List.of(a.result()));
  }

  private static @Nullable Elements pulled(Step.Pulled p, Pointwise op) {
    var in = new ArrayList<Tensor>();
    in.add(p.g());
    in.addAll(List.of(p.x()));
    return fitting(op.gradient(p.dx()), p.g(), in, p.out());
  }

  private static @Nullable Elements fitting(
      Program program, Tensor like, List<Tensor> in, List<Tensor> out) {
    int n = like.size();
    for (int i = 0; i < in.size(); i++) {
      Tensor x = in.get(i);
      boolean read = i >= program.inputs() || program.reads(i);
      if (read && (x.dtype() != like.dtype() || (x.size() != n && x.size() != 1))) {
        return null;
      }
    }
    return like.dtype().isFloating() ? new Elements(like, program, in, out) : null;
  }
}
