package chainrule.tensor;

import chainrule.internal.kernel.Copies;
import chainrule.internal.kernel.Split;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Linear operations that are steered by a second, integer input: reading at indices and, their
 * adjoints, adding at indices.
 */
public sealed interface Indexed extends Op {
  /** The adjoint towards the first input, of the given shape; it takes the same indices. */
  Op adjoint(Shape source);

  @Override
  default @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    return new @Nullable Tensor[] {Tensor.apply(adjoint(x[0].shape()), g, x[1]), null};
  }

  @Override
  default Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    Tensor d = dx[0];
    return d == null ? y.zerosLike() : Tensor.apply(this, d, x[1]);
  }

  @Override
  default DType dtype(DType... in) {
    if (in[1] != DType.I32) {
      throw new DTypeException(name() + ": indices must be I32, not " + in[1]);
    }
    return in[0];
  }

  /** Refuses an index outside of [0, size), naming its position. */
  static void check(Op op, Tensor index, int size) {
    int[] values = (int[]) index.array();
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= size) {
        throw new IndexOutOfBoundsException(
            op.name() + ": index " + values[i] + " at position " + i + " is outside [0, " + size + ")");
      }
    }
  }

  /** {@code y[.., i, ..] = x[.., index[.., i, ..], ..]}: the index has x's shape but along dim. */
  record Gather(int dim) implements Indexed {
    @Override
    public String name() {
      return "gather " + dim;
    }

    @Override
    public Shape shape(Shape... in) {
      sameBut(name(), dim, in[0], in[1]);
      return in[1];
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int d = s.axis(dim);
      check(this, in[1], s.dim(d));
      int[] index = (int[]) in[1].array();
      int inner = s.span(d + 1, s.rank());
      Copies.gather(
          in[0].array(), index, out.array(), s.span(0, d), s.dim(d), out.shape().dim(d), inner);
    }

    @Override
    public Op adjoint(Shape source) {
      return new ScatterAdd(dim, source.dim(dim));
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 3, 3), Tensor.of(new int[] {0, 2, 2, 1, 1, 0}, 2, 3));
    }

    private static void sameBut(String name, int dim, Shape x, Shape index) {
      if (x.rank() != index.rank() || !x.with(dim, 0).equals(index.with(dim, 0))) {
        throw new ShapeException(
            name
                + ": an index of "
                + index
                + " for "
                + x
                + "; they may differ only in dimension "
                + dim);
      }
    }
  }

  /** {@code y[.., index[.., i, ..], ..] += x[.., i, ..]} into zeros of {@code size} along dim. */
  record ScatterAdd(int dim, int size) implements Indexed {
    @Override
    public String name() {
      return "scatterAdd " + dim + " into " + size;
    }

    @Override
    public Shape shape(Shape... in) {
      if (!in[0].equals(in[1])) {
        throw new ShapeException(name() + ": source " + in[0] + " and index " + in[1] + " differ");
      }
      return in[0].with(dim, size);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int d = s.axis(dim);
      check(this, in[1], size);
      int[] index = (int[]) in[1].array();
      int inner = s.span(d + 1, s.rank());
      Split.scatterAdd(
          out.kernels(), in[0].array(), index, out.array(), s.span(0, d), s.dim(d), inner, size);
    }

    @Override
    public boolean overwrites() {
      return false;
    }

    @Override
    public Op adjoint(Shape source) {
      return new Gather(dim);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 3), Tensor.of(new int[] {0, 2, 2, 1, 1, 2}, 2, 3));
    }
  }

  /** {@code y[.., i, ..] = x[.., index[i], ..]}: whole slices, in any order, as often as wanted. */
  record IndexSelect(int dim) implements Indexed {
    @Override
    public String name() {
      return "indexSelect " + dim;
    }

    @Override
    public Shape shape(Shape... in) {
      vector(name(), in[1]);
      return in[0].with(dim, in[1].size());
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int d = s.axis(dim);
      check(this, in[1], s.dim(d));
      int[] index = (int[]) in[1].array();
      int inner = s.span(d + 1, s.rank());
      Copies.indexSelect(in[0].array(), index, out.array(), s.span(0, d), s.dim(d), inner);
    }

    @Override
    public Op adjoint(Shape source) {
      return new IndexAdd(dim, source.dim(dim));
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 3, 2), Tensor.of(new int[] {2, 0, 2, 2}));
    }

    private static void vector(String name, Shape index) {
      if (index.rank() != 1) {
        throw new ShapeException(name + ": the index must be a vector, not " + index);
      }
    }
  }

  /** {@code y[.., index[i], ..] += x[.., i, ..]} into zeros of {@code size} along dim. */
  record IndexAdd(int dim, int size) implements Indexed {
    @Override
    public String name() {
      return "indexAdd " + dim + " into " + size;
    }

    @Override
    public Shape shape(Shape... in) {
      IndexSelect.vector(name(), in[1]);
      if (in[0].dim(dim) != in[1].size()) {
        throw new ShapeException(
            name() + ": source " + in[0] + " and an index of " + in[1].size() + " do not match");
      }
      return in[0].with(dim, size);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int d = s.axis(dim);
      check(this, in[1], size);
      int[] index = (int[]) in[1].array();
      int inner = s.span(d + 1, s.rank());
      Split.indexAdd(
          out.kernels(), in[0].array(), index, out.array(), s.span(0, d), s.dim(d), inner, size);
    }

    @Override
    public boolean overwrites() {
      return false;
    }

    @Override
    public Op adjoint(Shape source) {
      return new IndexSelect(dim);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 4, 2), Tensor.of(new int[] {2, 0, 2, 2}));
    }
  }
}
