package chainrule.tensor;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fused operations on the rows of a tensor: softmax and what is made of it, normalisations. */
public sealed interface Rows extends Fused {
  /** Applies an operation on rows along any dimension, by way of permuting it to the end. */
  static Tensor along(Tensor x, int dim, Rows op) {
    int d = x.shape().axis(dim);
    return d == x.rank() - 1
        ? Tensor.apply(op, x)
        : Tensor.apply(op, x.transpose(d, -1)).transpose(d, -1);
  }

  /** {@code yᵢ = e^(xᵢ−max) / Σⱼ e^(xⱼ−max)} over the last dimension. */
  record Softmax() implements Rows {
    @Override
    public String name() {
      return "softmax";
    }

    @Override
    public Shape shape(Shape... in) {
      if (in[0].rank() == 0) {
        throw new ShapeException("softmax: a single number has no rows");
      }
      return in[0];
    }

    @Override
    public Formulas formulas() {
      return new Formulas("y = softmax(x)", List.of("x"), List.of("y·(G − Σ(G·y))"));
    }

    @Override
    public Tensor expression(Tensor... x) {
      Tensor e = x[0].sub(Composites.shift(x[0], -1)).exp();
      return e.div(e.sum(-1, true));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      int n = in[0].size(-1);
      out.kernels().rows().softmax(in[0].array(), out.array(), 0, n == 0 ? 0 : out.size() / n, n);
    }

    @Override
    public boolean readsResult() {
      return true;
    }

    @Override
    public @Nullable Tensor[] gradients(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
      Tensor dx = y.zerosLike();
      int n = y.size(-1);
      y.kernels()
          .rows()
          .softmaxBackward(g.array(), y.array(), dx.array(), 0, n == 0 ? 0 : y.size() / n, n);
      return new @Nullable Tensor[] {dx};
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 3, 7));
    }
  }
}
