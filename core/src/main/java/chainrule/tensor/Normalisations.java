package chainrule.tensor;

import chainrule.internal.kernel.NormSplit;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fused normalisations of the last dimensions. */
public sealed interface Normalisations extends Fused {
  /** The array of what may be missing. */
  static @Nullable Object array(@Nullable Tensor x) {
    return x == null ? null : x.array();
  }

  /** The last dimensions of x, as many as the weight has, which must be the weight's. */
  private static int[] last(String name, Shape x, Shape weight) {
    int n = weight.rank();
    for (int i = 1; i <= n; i++) {
      if (n > x.rank() || x.dim(-i) != weight.dim(-i)) {
        throw new ShapeException(name + ": " + x + " does not end in the weight's shape " + weight);
      }
    }
    int[] dims = new int[n];
    Arrays.setAll(dims, i -> i - n);
    return dims;
  }

  private static void sameAsWeight(String name, Shape weight, Shape bias) {
    if (!bias.equals(weight)) {
      throw new ShapeException(name + ": a bias of " + bias + " for a weight of " + weight);
    }
  }

  private static int rows(Tensor x, Tensor weight) {
    return weight.size() == 0 ? 0 : x.size() / weight.size();
  }

  /**
   * {@code y = (x − μ)/√(σ² + ε)·weight + bias} over the last dimensions, as many as weight has.
   *
   * @param bias whether there is a third input, the bias
   */
  record LayerNorm(double eps, boolean bias) implements Normalisations {
    @Override
    public String name() {
      return bias ? "layerNorm" : "layerNorm without bias";
    }

    @Override
    public Shape shape(Shape... in) {
      last("layerNorm", in[0], in[1]);
      if (bias) {
        sameAsWeight("layerNorm", in[1], in[2]);
      }
      return in[0];
    }

    @Override
    public Formulas formulas() {
      String h = "h = (x − μ)/√(σ² + ε)";
      String dx = "(G·w − mean(G·w) − h·mean(G·w·h))/√(σ² + ε)";
      return bias
          ? new Formulas("y = h·w + b, " + h, List.of("x", "w", "b"), List.of(dx, "Σ G·h", "Σ G"))
          : new Formulas("y = h·w, " + h, List.of("x", "w"), List.of(dx, "Σ G·h"));
    }

    @Override
    public Tensor expression(Tensor... x) {
      int[] dims = last("layerNorm", x[0].shape(), x[1].shape());
      Tensor centred = x[0].sub(x[0].mean(dims, true));
      Tensor scale = centred.square().mean(dims, true).add(eps).rsqrt();
      Tensor y = centred.mul(scale).mul(x[1]);
      return bias ? y.add(x[2]) : y;
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      NormSplit.norm(
          out.kernels(),
          in[0].array(),
          in[1].array(),
          bias ? in[2].array() : null,
          out.array(),
          true,
          eps,
          rows(in[0], in[1]),
          in[1].size());
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      NormSplit.normBackward(
          g.kernels(),
          g.array(),
          x[0].array(),
          x[1].array(),
          array(dx[0]),
          array(dx[1]),
          bias ? array(dx[2]) : null,
          true,
          eps,
          rows(x[0], x[1]),
          x[1].size());
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      Tensor x = Examples.normal(random, 3, 2, 5);
      Tensor w = Examples.normal(random, 2, 5);
      return bias ? List.of(x, w, Examples.normal(random, 2, 5)) : List.of(x, w);
    }
  }

  /** {@code y = x/√(mean(x²) + ε)·weight} over the last dimensions, as many as weight has. */
  record RmsNorm(double eps) implements Normalisations {
    @Override
    public String name() {
      return "rmsNorm";
    }

    @Override
    public Shape shape(Shape... in) {
      last(name(), in[0], in[1]);
      return in[0];
    }

    @Override
    public Formulas formulas() {
      return new Formulas(
          "y = h·w, h = x/√(mean(x²) + ε)",
          List.of("x", "w"),
          List.of("(G·w − h·mean(G·w·h))/√(mean(x²) + ε)", "Σ G·h"));
    }

    @Override
    public Tensor expression(Tensor... x) {
      int[] dims = last(name(), x[0].shape(), x[1].shape());
      return x[0].mul(x[0].square().mean(dims, true).add(eps).rsqrt()).mul(x[1]);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      NormSplit.norm(
          out.kernels(),
          in[0].array(),
          in[1].array(),
          null,
          out.array(),
          false,
          eps,
          rows(in[0], in[1]),
          in[1].size());
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      NormSplit.normBackward(
          g.kernels(),
          g.array(),
          x[0].array(),
          x[1].array(),
          array(dx[0]),
          array(dx[1]),
          null,
          false,
          eps,
          rows(x[0], x[1]),
          x[1].size());
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 4, 5), Examples.normal(random, 5));
    }
  }
}
