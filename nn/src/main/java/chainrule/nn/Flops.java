package chainrule.nn;

import chainrule.tensor.CustomOp;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Fused;
import chainrule.tensor.Indexed;
import chainrule.tensor.LinearOp;
import chainrule.tensor.MatMul;
import chainrule.tensor.Op;
import chainrule.tensor.OpListener;
import chainrule.tensor.Search;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;

/** Counts arithmetic: a function of the table is 1, a multiply-add 2, moving numbers nothing. */
final class Flops implements OpListener {
  private long count;

  private Flops() {}

  /** Of one operation; a fused one counts as the expression that defines it. */
  static long of(Op op, Tensor[] in, Tensor out) {
    return switch (op) {
      case Elementwise _ -> out.size();
      case MatMul product -> 2L * out.size() * in[0].size(product.transposeA() ? -2 : -1);
      case LinearOp.SumTo _ -> in[0].size() - out.size();
      case LinearOp.CumSum _ -> out.size();
      case LinearOp.Fold _ -> in[0].size();
      case LinearOp _ -> 0;
      case Indexed.ScatterAdd _ -> in[0].size();
      case Indexed.IndexAdd _ -> in[0].size();
      case Indexed _ -> 0;
      case Search _ -> in[0].size();
      case CustomOp _ -> out.size();
      case Fused fused -> {
        Flops steps = new Flops();
        Tape.listen(steps, () -> Tape.expressions(() -> fused.expression(in)));
        yield steps.count;
      }
    };
  }

  @Override
  public void forward(Op op, Tensor[] in, Tensor out) {
    count += of(op, in, out);
  }
}
