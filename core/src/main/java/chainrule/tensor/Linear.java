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
  /** Rows for which reading the weight is nearly all of the work. */
  private static final int FEW = 4;

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
    forward(in, in[1], true, out);
  }

  /** For few rows the weight of a layer that does not change is turned round once. */
  @Override
  public Runnable prepared(Tensor[] in, Tensor out) {
    return in[1] instanceof Parameter weight && in[0].size(0) <= FEW
        ? new Turned(weight, in, out)
        : () -> forward(in, out);
  }

  /** Products of few rows with a weight whose numbers for one input lie side by side. */
  private static final class Turned implements Runnable {
    private final Parameter weight;
    private final Tensor[] in;
    private final Tensor out;
    private final Tensor turned;
    private final Runnable turn;

    /** The version of the weight at the last run, and that of what has been turned. */
    private int last = -1;

    private int held = -1;

    Turned(Parameter weight, Tensor[] in, Tensor out) {
      this.weight = weight;
      this.in = in;
      this.out = out;
      this.turned = Tensor.zeros(weight.dtype(), weight.size(1), weight.size(0));
      this.turn = new LinearOp.Permute(1, 0).prepared(new Tensor[] {weight}, turned);
    }

    @Override
    public void run() {
      int version = weight.version();
      if (version != held && version == last) {
        turn.run();
        held = version;
      }
      last = version;
      forward(in, version == held ? turned : weight, version != held, out);
    }
  }

  private static void forward(Tensor[] in, Tensor weight, boolean transposed, Tensor out) {
    out.kernels()
        .linear(
            in[0].array(),
            0,
            false,
            weight.array(),
            0,
            transposed,
            in[2].array(),
            null,
            out.array(),
            0,
            in[0].size(0),
            in[0].size(1),
            out.size(1));
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
