package chainrule.tensor;

import chainrule.internal.kernel.Split;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Operations whose result is a set of positions, through which no gradient passes. */
public sealed interface Search extends Op {
  @Override
  default DType dtype(DType... in) {
    if (!in[0].isFloating()) {
      throw new DTypeException(name() + ": I32 tensors are indices; convert with to(DType) first");
    }
    return DType.I32;
  }

  @Override
  default boolean flat() {
    return true;
  }

  @Override
  default @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    return new @Nullable Tensor[] {null};
  }

  @Override
  default Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    return y.zerosLike();
  }

  @Override
  default List<Tensor> example(RandomGenerator random) {
    return List.of(Examples.normal(random, 2, 4, 3));
  }

  /** Where the largest (or smallest) element along a dimension stands; the dimension stays as 1. */
  record ArgExtreme(int dim, boolean smallest) implements Search {
    @Override
    public String name() {
      return (smallest ? "argmin " : "argmax ") + dim;
    }

    @Override
    public Shape shape(Shape... in) {
      if (in[0].dim(dim) == 0) {
        throw new ShapeException(
            name() + ": a tensor of shape " + in[0] + " has no elements to choose from");
      }
      return in[0].with(dim, 1);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int d = s.axis(dim);
      Split.argExtreme(
          in[0].kernels(),
          in[0].array(),
          (int[]) out.array(),
          s.span(0, d),
          s.dim(d),
          s.span(d + 1, s.rank()),
          smallest);
    }
  }

  /** The stable order that sorts along a dimension. */
  record ArgSort(int dim, boolean descending) implements Search {
    @Override
    public String name() {
      return (descending ? "argsort descending " : "argsort ") + dim;
    }

    @Override
    public Shape shape(Shape... in) {
      in[0].axis(dim);
      return in[0];
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int d = s.axis(dim);
      in[0]
          .kernels()
          .argSort(
              in[0].array(),
              (int[]) out.array(),
              s.span(0, d),
              s.dim(d),
              s.span(d + 1, s.rank()),
              descending);
    }
  }
}
