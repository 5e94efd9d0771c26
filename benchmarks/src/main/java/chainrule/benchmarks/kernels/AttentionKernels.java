package chainrule.benchmarks.kernels;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.tensor.Attention;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.List;

/** Attention of as many queries as keys; dims are batch times heads × time × width. */
final class AttentionKernels {
  private AttentionKernels() {}

  static List<Kernel> all() {
    return List.of(
        // two products: scores, and values by weights
        kernel("attention", d -> 4.0 * d[0] * d[1] * d[1] * d[2], d -> forward(d, false))
            .also(16, 512, 64),
        // the same over the keys that a query sees
        kernel(
                "attention_causal",
                d -> 2.0 * d[0] * d[1] * (d[1] + 1) * d[2],
                d -> forward(d, true))
            .quick(64, 64, 32)
            .at(16, 512, 64),
        // four products: towards values, weights, queries and keys
        kernel("attention_causal_backward", AttentionKernels::work, AttentionKernels::backward)
            .at(64, 64, 32)
            .also(16, 512, 64));
  }

  private static Kernel kernel(String name, Kernel.Work flops, Kernel.Setup setup) {
    return Kernel.flops("attention", name, flops, setup);
  }

  private static double work(int[] d) {
    return 4.0 * d[0] * d[1] * (d[1] + 1) * d[2];
  }

  private static double scale(int[] d) {
    return 1 / Math.sqrt(d[2]);
  }

  private static Kernel.Body forward(int[] d, boolean causal) {
    return Data.kernel(
        new Attention(false, causal, scale(d)), Data.tensor(d), Data.tensor(d), Data.tensor(d));
  }

  private static Kernel.Body backward(int[] d) {
    List<Parameter> in =
        List.of(
            Data.tensor(d).requiresGrad(),
            Data.tensor(d).requiresGrad(),
            Data.tensor(d).requiresGrad());
    Tensor y = Tensor.apply(new Attention(false, true, scale(d)), in.get(0), in.get(1), in.get(2));
    GradOptions options = GradOptions.DEFAULT.seed(y.detach());
    return () -> Autograd.grad(y, in, options).getLast();
  }
}
