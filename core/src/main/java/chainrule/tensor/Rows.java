package chainrule.tensor;

import static java.util.Objects.requireNonNull;

import chainrule.internal.kernel.RowSplit;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fused operations on the rows of a tensor: softmax and what is made of it. */
public sealed interface Rows extends Fused {
  /** Applies an operation on rows along any dimension, by way of permuting it to the end. */
  static Tensor along(Tensor x, int dim, Rows op) {
    int d = x.shape().axis(dim);
    return d == x.rank() - 1
        ? Tensor.apply(op, x)
        : Tensor.apply(op, x.transpose(d, -1)).transpose(d, -1);
  }

  private static int count(Tensor x) {
    int n = x.size(-1);
    return n == 0 ? 0 : x.size() / n;
  }

  private static Shape withRows(String name, Shape x) {
    if (x.rank() == 0) {
      throw new ShapeException(name + ": a single number has no rows");
    }
    return x;
  }

  /**
   * {@code yᵢ = e^(xᵢ−max) / Σⱼ e^(xⱼ−max)} over the last dimension.
   *
   * <p>Its gradient reads the result alone, as a kernel and as tensors.
   */
  record Softmax() implements Rows {
    @Override
    public String name() {
      return "softmax";
    }

    @Override
    public Shape shape(Shape... in) {
      return withRows(name(), in[0]);
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
      RowSplit.softmax(out.kernels(), in[0].array(), out.array(), count(out), out.size(-1));
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      Object to = requireNonNull(dx[0]).array();
      RowSplit.softmaxBackward(y.kernels(), g.array(), y.array(), to, count(y), y.size(-1));
    }

    @Override
    public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
      return Tape.recording()
          ? new @Nullable Tensor[] {y.mul(g.sub(g.mul(y).sum(-1, true)))}
          : gradients(g, y, x, wanted);
    }

    @Override
    public int reads(int inputs) {
      return Node.Y;
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 3, 7));
    }
  }

  /**
   * {@code yᵢ = xᵢ − max − ln Σⱼ e^(xⱼ−max)} over the last dimension.
   *
   * <p>Its gradient reads the result alone, as a kernel and as tensors.
   */
  record LogSoftmax() implements Rows {
    @Override
    public String name() {
      return "logSoftmax";
    }

    @Override
    public Shape shape(Shape... in) {
      return withRows(name(), in[0]);
    }

    @Override
    public Formulas formulas() {
      return new Formulas("y = ln softmax(x)", List.of("x"), List.of("G − eʸ·ΣG"));
    }

    @Override
    public Tensor expression(Tensor... x) {
      Tensor shifted = x[0].sub(Composites.shift(x[0], -1));
      return shifted.sub(shifted.exp().sum(-1, true).log());
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      RowSplit.logSoftmax(out.kernels(), in[0].array(), out.array(), count(out), out.size(-1));
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      Object to = requireNonNull(dx[0]).array();
      RowSplit.logSoftmaxBackward(y.kernels(), g.array(), y.array(), to, count(y), y.size(-1));
    }

    @Override
    public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
      return Tape.recording()
          ? new @Nullable Tensor[] {g.sub(y.exp().mul(g.sum(-1, true)))}
          : gradients(g, y, x, wanted);
    }

    @Override
    public int reads(int inputs) {
      return Node.Y;
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 3, 7));
    }
  }

  /**
   * The mean of {@code −ln softmax(x)[label]} over the rows of an N×C tensor, with N labels of I32.
   *
   * <p>The gradient computes the softmax again, in place, so that nothing of its size is kept.
   */
  record CrossEntropy() implements Rows {
    @Override
    public String name() {
      return "crossEntropy";
    }

    @Override
    public Shape shape(Shape... in) {
      if (in[0].rank() != 2 || in[1].rank() != 1 || in[1].size() != in[0].dim(0)) {
        throw new ShapeException(
            "crossEntropy: logits "
                + in[0]
                + " with labels "
                + in[1]
                + "; they should be N×C and N");
      }
      return Shape.SCALAR;
    }

    @Override
    public DType dtype(DType... in) {
      if (in[1] != DType.I32) {
        throw new DTypeException("crossEntropy: labels must be I32, not " + in[1]);
      }
      return Rows.super.dtype(in);
    }

    @Override
    public Formulas formulas() {
      return new Formulas(
          "y = −mean(ln softmax(x)[label])",
          List.of("x", "label"),
          List.of("(softmax(x) − [label])·G/N", ""));
    }

    @Override
    public Tensor expression(Tensor... x) {
      return x[0].logSoftmax(1).gather(1, x[1].unsqueeze(1)).mean().neg();
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      int n = in[0].size(1);
      int[] labels = (int[]) in[1].array();
      Indexed.check(this, in[1], n);
      RowSplit.crossEntropy(out.kernels(), in[0].array(), labels, out.array(), in[0].size(0), n);
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      RowSplit.crossEntropyBackward(
          g.kernels(),
          g.array(),
          x[0].array(),
          (int[]) x[1].array(),
          requireNonNull(dx[0]).array(),
          x[0].size(0),
          x[0].size(1));
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 4, 5), Tensor.of(new int[] {2, 0, 4, 2}));
    }
  }
}
