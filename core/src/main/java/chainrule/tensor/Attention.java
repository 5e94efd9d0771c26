package chainrule.tensor;

import chainrule.internal.kernel.AttentionPlan;
import chainrule.internal.kernel.AttentionPlan.Layout;
import chainrule.internal.kernel.AttentionRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention, {@code softmax(scale·q·kᵀ + mask)·v} (Vaswani and others 2017, eq.
 * 1), of queries …×T×d, keys …×S×d and values …×S×e, whose batches broadcast; the result is …×T×e.
 *
 * <p>The kernel holds the scores of a block of queries at a time, never all T×S of them. Its
 * gradients compute them again. The gradient of a mask that has one comes from the expression.
 *
 * @param masked whether a fourth input is added to the scores; it broadcasts to …×T×S, and −∞ hides
 *     a key from a query
 * @param causal whether query i sees keys 0 … i only, as PyTorch counts
 * @param scale what the queries are multiplied with, 1/√d as a rule
 */
public record Attention(boolean masked, boolean causal, double scale) implements Fused {
  @Override
  public String name() {
    return "attention" + (causal ? " causal" : "") + (masked ? " masked" : "");
  }

  @Override
  public Shape shape(Shape... in) {
    Shape q = in[0];
    Shape k = in[1];
    Shape v = in[2];
    if (q.rank() < 2 || k.rank() < 2 || v.rank() < 2) {
      throw wrong("each needs at least two dimensions", in);
    }
    if (q.dim(-1) != k.dim(-1)) {
      throw wrong("queries of " + q.dim(-1) + " numbers, keys of " + k.dim(-1), in);
    }
    if (k.dim(-2) != v.dim(-2)) {
      throw wrong(k.dim(-2) + " keys, " + v.dim(-2) + " values", in);
    }
    Shape batch = Shape.broadcast(batch(q), batch(k));
    batch = batch == null ? null : Shape.broadcast(batch, batch(v));
    if (batch == null) {
      throw wrong("batches do not broadcast", in);
    }
    Shape scores = matrices(batch, q.dim(-2), k.dim(-2));
    if (masked && !scores.equals(Shape.broadcast(scores, in[3]))) {
      throw wrong("the mask does not broadcast to the scores' " + scores, in);
    }
    return matrices(batch, q.dim(-2), v.dim(-1));
  }

  private ShapeException wrong(String what, Shape... in) {
    return new ShapeException(
        "attention: queries "
            + in[0]
            + ", keys "
            + in[1]
            + ", values "
            + in[2]
            + (masked ? ", mask " + in[3] : "")
            + ": "
            + what);
  }

  private static Shape batch(Shape s) {
    return s.without(-1).without(-1);
  }

  private static Shape matrices(Shape batch, int rows, int columns) {
    return batch.insert(batch.rank(), rows).insert(batch.rank() + 1, columns);
  }

  @Override
  public Formulas formulas() {
    var inputs = new ArrayList<>(List.of("q", "k", "v"));
    var slopes = new ArrayList<>(List.of("s·D·k", "s·Dᵀ·q", "Pᵀ·G"));
    if (masked) {
      inputs.add("m");
      slopes.add("D");
    }
    slopes.set(0, slopes.getFirst() + ", D = P·(G·vᵀ − Σ(P·(G·vᵀ)))");
    String scores = "s·q·kᵀ" + (masked ? " + m" : "") + (causal ? ", causal" : "");
    return new Formulas("y = P·v, P = softmax(" + scores + ")", inputs, slopes);
  }

  @Override
  public Tensor expression(Tensor... x) {
    Tensor scores = x[0].mul(scale).matmul(x[1], false, true);
    if (masked) {
      scores = scores.add(x[3]);
    }
    if (causal) {
      Tensor seen = Tensor.ones(scores.dtype(), scores.size(-2), scores.size(-1)).tril(0);
      scores = seen.select(scores, scores.constant(Double.NEGATIVE_INFINITY));
    }
    Tensor e = scores.sub(Composites.shift(scores, -1)).exp();
    Tensor total = e.sum(-1, true);
    // Only where every score is −∞ is the sum 0: such a query gets zeros, and no gradient.
    Tensor divisor = total.eq(0).select(total.constant(1), total);
    return e.div(divisor).matmul(x[2]);
  }

  private AttentionPlan plan(Shape out, Tensor... x) {
    Shape batch = batch(out);
    int queries = x[0].size(-2);
    int keys = x[1].size(-2);
    int[] dims = batch.toArray();
    Layout mask = null;
    if (masked) {
      int[] strides = x[3].shape().stridesIn(matrices(batch, queries, keys));
      int rank = dims.length;
      mask = new Layout(0, Arrays.copyOf(strides, rank), strides[rank], strides[rank + 1]);
    }
    return new AttentionPlan(
        dims,
        queries,
        keys,
        x[0].size(-1),
        x[2].size(-1),
        causal,
        scale,
        layout(x[0], batch),
        layout(x[1], batch),
        layout(x[2], batch),
        mask,
        Layout.dense(dims, queries, x[2].size(-1)));
  }

  private static Layout layout(Tensor x, Shape batch) {
    int[] strides = batch(x.shape()).stridesIn(batch);
    int matrix = x.size(-2) * x.size(-1);
    for (int i = 0; i < strides.length; i++) {
      strides[i] *= matrix;
    }
    return new Layout(0, strides, x.size(-1), 1);
  }

  @Override
  public void forward(Tensor[] in, Tensor out) {
    prepared(in, out).run();
  }

  @Override
  public Runnable prepared(Tensor[] in, Tensor out) {
    AttentionPlan plan = plan(out.shape(), in);
    return () ->
        AttentionRun.forward(
            out.kernels(),
            plan,
            in[0].array(),
            in[1].array(),
            in[2].array(),
            masked ? in[3].array() : null,
            out.array());
  }

  @Override
  public @Nullable Tensor[] gradients(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    return masked && wanted[3]
        ? byExpression(g, x, wanted)
        : Fused.super.gradients(g, y, x, wanted);
  }

  @Override
  public Shape gradientShape(int i, Tensor g, Tensor... x) {
    return matrices(batch(g.shape()), x[i].size(-2), x[i].size(-1));
  }

  @Override
  public boolean pullOverwrites() {
    return false;
  }

  @Override
  public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    preparedPull(g, y, x, dx).run();
  }

  @Override
  public Runnable preparedPull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    AttentionPlan plan = plan(g.shape(), x);
    return () ->
        AttentionRun.backward(
            g.kernels(),
            plan,
            x[0].array(),
            x[1].array(),
            x[2].array(),
            masked ? x[3].array() : null,
            g.array(),
            Normalisations.array(dx[0]),
            Normalisations.array(dx[1]),
            Normalisations.array(dx[2]));
  }

  private @Nullable Tensor[] byExpression(Tensor g, Tensor[] x, boolean[] wanted) {
    Tensor[] in = new Tensor[x.length];
    Arrays.setAll(in, i -> wanted[i] ? x[i].detach().requiresGrad() : x[i].detach());
    return Tape.grad(true, () -> Sweep.ofExpression(this, g, in, wanted, false));
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    var out = new ArrayList<Tensor>();
    out.add(Examples.normal(random, 2, 4, 3));
    out.add(Examples.normal(random, 5, 3));
    out.add(Examples.normal(random, 2, 5, 2));
    if (masked) {
      out.add(Examples.normal(random, 4, 5));
    }
    return out;
  }
}
