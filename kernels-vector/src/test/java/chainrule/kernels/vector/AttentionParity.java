package chainrule.kernels.vector;

import chainrule.internal.kernel.AttentionPlan;
import chainrule.internal.kernel.AttentionPlan.Layout;
import chainrule.internal.kernel.AttentionRun;
import java.util.List;

/** The attention of a provider and of the specification on the same inputs. */
final class AttentionParity {
  private AttentionParity() {}

  static <A> void attention(Parity<A> p) {
    int[] sizes = {1, 3, 17, 65, 130};
    int queries = sizes[p.next(sizes.length)];
    int keys = sizes[p.next(sizes.length)];
    int d = List.of(1, 8, 33).get(p.next(3));
    int e = p.next(2) == 0 ? d : 5;
    int[] batch = {2, 3};
    boolean causal = p.next(2) == 0;
    boolean masked = p.next(2) == 0;
    var shared = new Layout(0, new int[] {0, queries * d}, d, 1);
    var values = Layout.dense(batch, keys, e);
    var plan =
        new AttentionPlan(
            batch,
            queries,
            keys,
            d,
            e,
            causal,
            0.3,
            shared,
            Layout.dense(batch, keys, d),
            values,
            masked ? new Layout(0, new int[] {0, 0}, keys, 1) : null,
            Layout.dense(batch, queries, e));
    boolean corners = p.next(3) == 0;
    A q = p.make(3 * queries * d, corners);
    A k = p.make(6 * keys * d, corners);
    A v = p.make(6 * keys * e, corners);
    A mask = masked ? p.make(queries * keys, true) : null;
    A g = p.make(6 * queries * e, corners);
    String what = "attention " + queries + "×" + keys + " d " + d + (causal ? " causal" : "");
    p.compare(
        what,
        6 * queries * e,
        (kernels, y) -> AttentionRun.forward(kernels, plan, q, k, v, mask, y));
    p.compare(
        what + " dq",
        6 * queries * d,
        (kernels, y) -> AttentionRun.backward(kernels, plan, q, k, v, mask, g, y, null, null));
    p.compare(
        what + " dk",
        6 * keys * d,
        (kernels, y) -> AttentionRun.backward(kernels, plan, q, k, v, mask, g, null, y, null));
    p.compare(
        what + " dv",
        6 * keys * e,
        (kernels, y) -> AttentionRun.backward(kernels, plan, q, k, v, mask, g, null, null, y));
  }
}
