package chainrule.tensor;

import chainrule.internal.kernel.Split;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * {@code Y = X·Wᵀ + b}, the bias added while a block of the product is still in a cache: X is rows
 * × in, W is out × in, b has {@code out} elements.
 */
public record Linear() implements Fused {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    Shape weight = in[1];
    if (x.rank() != 2 || weight.rank() != 2 || x.dim(1) != weight.dim(1)) {
      throw new ShapeException(
          "linear: rows " + x + " with a weight of " + weight + "; they should be N×in and out×in");
    }
    if (in[2].rank() != 1 || in[2].dim(0) != weight.dim(0)) {
      throw new ShapeException(
          "linear: a bias of " + in[2] + " for " + weight.dim(0) + " outputs; it should be out");
    }
    return Shape.of(x.dim(0), weight.dim(0));
  }

  @Override
  public Formulas formulas() {
    return new Formulas(
        "Y = X·Wᵀ + b", List.of("X", "W", "b"), List.of("G·W", "Gᵀ·X", "sum of the rows of G"));
  }

  @Override
  public Tensor expression(Tensor... x) {
    return x[0].matmul(x[1], false, true).add(x[2]);
  }

  @Override
  public void forward(Tensor[] in, Tensor out) {
    Shape w = in[1].shape();
    out.kernels()
        .linear(
            in[0].array(),
            0,
            false,
            in[1].array(),
            0,
            true,
            in[2].array(),
            null,
            out.array(),
            0,
            in[0].size(0),
            w.dim(1),
            w.dim(0));
  }

  @Override
  public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    var kernels = g.kernels();
    int rows = g.size(0);
    int out = g.size(1);
    int in = x[1].size(1);
    if (dx[0] != null) {
      kernels.matmul(g.array(), 0, false, x[1].array(), 0, false, dx[0].array(), 0, rows, out, in);
    }
    if (dx[1] != null) {
      kernels.matmul(g.array(), 0, true, x[0].array(), 0, false, dx[1].array(), 0, out, rows, in);
    }
    if (dx[2] != null) {
      Split.sum(kernels, g.array(), dx[2].array(), 1, rows, out);
    }
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    return List.of(
        Examples.normal(random, 5, 4), Examples.normal(random, 3, 4), Examples.normal(random, 3));
  }
}
