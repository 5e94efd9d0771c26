package chainrule.compile;

import chainrule.tensor.Attention;
import chainrule.tensor.Fusion;
import chainrule.tensor.Linear;
import chainrule.tensor.MatMul;
import chainrule.tensor.Op;
import chainrule.tensor.Spatial;
import chainrule.tensor.Step;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.Locale;

/**
 * An estimate of what a step costs.
 *
 * @param flops additions, multiplications and other functions of numbers; a multiply-add is two
 * @param bytes what is read and written if nothing is in a cache
 */
record Cost(double flops, double bytes) {
  Cost and(Cost more) {
    return new Cost(flops + more.flops, bytes + more.bytes);
  }

  /** For people: {@code 12.8 MFLOP}. */
  static String flops(double flops) {
    String[] units = {"FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP"};
    int unit = 0;
    double value = flops;
    for (; value >= 1000 && unit < units.length - 1; unit++) {
      value /= 1000;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  static Cost of(Step step) {
    double bytes = bytes(step.in()) + bytes(step.out());
    return switch (step) {
      case Fusion f -> new Cost((double) size(f) * f.program().instructions().size(), bytes);
      case Step.Applied a -> new Cost(products(a.op(), List.of(a.given()), a.result()), bytes);
      case Step.Pulled p -> new Cost(backward(p), bytes);
      case Step.Updated u ->
          new Cost(
              (double) u.parameter().size() * u.rule().program().instructions().size(),
              bytes + bytes(List.of(u.parameter())) * (1 + 2 * u.state().size()));
      default -> new Cost(0, bytes);
    };
  }

  private static double bytes(List<Tensor> tensors) {
    double sum = 0;
    for (Tensor t : tensors) {
      sum += (double) t.size() * t.dtype().bytes();
    }
    return sum;
  }

  private static int size(Fusion f) {
    int most = 1;
    for (Tensor t : f.in()) {
      most = Math.max(most, t.size());
    }
    for (Tensor t : f.out()) {
      most = Math.max(most, t.size());
    }
    return most;
  }

  /** The forward pass. */
  private static double products(Op op, List<Tensor> in, Tensor out) {
    return switch (op) {
      case MatMul m -> 2.0 * out.size() * in.getFirst().size(m.transposeA() ? -2 : -1);
      case Linear _ -> out.size() * (2.0 * in.getFirst().size(1) + 1);
      case Spatial.Conv2d _ -> 2.0 * out.size() * in.get(1).size() / in.get(1).size(0);
      case Spatial.ConvTranspose2d _ ->
          2.0 * in.getFirst().size() * in.get(1).size() / in.get(1).size(0);
      case Attention _ -> attention(in);
      default -> Math.max(out.size(), in.isEmpty() ? 0 : in.getFirst().size());
    };
  }

  private static double attention(List<Tensor> in) {
    double scores = (double) in.get(0).size() / in.get(0).size(-1) * in.get(1).size(-2);
    return 2 * scores * (in.get(0).size(-1) + in.get(2).size(-1));
  }

  /** As many products again for every input that wants a gradient. */
  private static double backward(Step.Pulled p) {
    List<Tensor> in = List.of(p.x());
    double once = products(p.op(), in, p.g());
    if (p.op() instanceof Attention) {
      return 2.5 * once; // the scores, again, and four products of their size
    }
    int wanted = (p.dx()[0] == null ? 0 : 1) + (p.dx().length > 1 && p.dx()[1] != null ? 1 : 0);
    return once * Math.max(1, wanted);
  }
}
