package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.AttentionPlan;
import chainrule.internal.kernel.AttentionPlan.Layout;
import chainrule.internal.kernel.AttentionRun;
import java.util.Arrays;
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

  private static AttentionPlan plan(int[] d, boolean causal) {
    int[] batch = {d[0]};
    Layout one = Layout.dense(batch, d[1], d[2]);
    return new AttentionPlan(
        batch, d[1], d[1], d[2], d[2], causal, 1 / Math.sqrt(d[2]), one, one, one, null, one);
  }

  private static Kernel.Body forward(int[] d, boolean causal) {
    AttentionPlan plan = plan(d, causal);
    float[] q = Data.floats(d[0] * d[1] * d[2]);
    float[] k = Data.floats(q.length);
    float[] v = Data.floats(q.length);
    float[] y = new float[q.length];
    return Data.into(y, () -> AttentionRun.forward(Data.F32, plan, q, k, v, null, y));
  }

  private static Kernel.Body backward(int[] d) {
    AttentionPlan plan = plan(d, true);
    float[] q = Data.floats(d[0] * d[1] * d[2]);
    float[] k = Data.floats(q.length);
    float[] v = Data.floats(q.length);
    float[] g = Data.floats(q.length);
    float[] dq = new float[q.length];
    float[] dk = new float[q.length];
    float[] dv = new float[q.length];
    return Data.into(
        dq,
        () -> {
          Arrays.fill(dk, 0);
          Arrays.fill(dv, 0);
          AttentionRun.backward(Data.F32, plan, q, k, v, null, g, dq, dk, dv);
        });
  }
}
