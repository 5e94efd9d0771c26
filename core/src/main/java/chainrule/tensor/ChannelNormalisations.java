package chainrule.tensor;

import static java.util.Objects.requireNonNull;

import chainrule.internal.kernel.ChannelSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fused normalisations of channels, dimension 1. */
public sealed interface ChannelNormalisations extends Fused {
  /** The product of the sizes after dimension 1. */
  private static int inner(Tensor x) {
    return x.shape().span(2, x.rank());
  }

  private static void haveChannels(String name, Shape x) {
    if (x.rank() < 2) {
      throw new ShapeException(name + ": " + x + " has no channels; they are dimension 1");
    }
  }

  /** The means of the channels, dimension 1, and their mean square deviations: 2×C. */
  record ChannelMoments() implements ChannelNormalisations {
    @Override
    public String name() {
      return "channelMoments";
    }

    @Override
    public Shape shape(Shape... in) {
      haveChannels(name(), in[0]);
      return Shape.of(2, in[0].dim(1));
    }

    @Override
    public Formulas formulas() {
      return new Formulas("y = (μ, σ²)", List.of("x"), List.of("(G[μ] + 2·G[σ²]·(x − μ))/n"));
    }

    @Override
    public Tensor expression(Tensor... x) {
      int[] pooled = new int[x[0].rank() - 1];
      Arrays.setAll(pooled, i -> i == 0 ? 0 : i + 1);
      return Tensor.stack(0, x[0].mean(pooled, false), x[0].var(pooled, false, 0));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Tensor x = in[0];
      ChannelSplit.moments(x.kernels(), x.array(), out.array(), x.size(0), x.size(1), inner(x));
    }

    @Override
    public boolean readsResult() {
      return true;
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      ChannelSplit.momentsBackward(
          g.kernels(),
          g.array(),
          x[0].array(),
          y.array(),
          requireNonNull(dx[0]).array(),
          x[0].size(0),
          x[0].size(1),
          inner(x[0]));
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 3, 2, 5));
    }
  }

  /**
   * {@code y = (x − μ)/√(σ² + ε)·weight + bias} by channel, dimension 1, with the moments μ and σ²
   * given as 2×C.
   *
   * @param weight whether the weight is an input, after x and the moments
   * @param bias whether the bias is one, after those
   */
  record BatchNorm(double eps, boolean weight, boolean bias) implements ChannelNormalisations {
    @Override
    public String name() {
      return "batchNorm"
          + (weight && bias ? "" : weight ? " without bias" : bias ? " without weight" : " alone");
    }

    @Override
    public Shape shape(Shape... in) {
      haveChannels("batchNorm", in[0]);
      int channels = in[0].dim(1);
      Shape[] expected = new Shape[in.length];
      Arrays.fill(expected, Shape.of(channels));
      expected[1] = Shape.of(2, channels);
      for (int i = 1; i < in.length; i++) {
        if (!in[i].equals(expected[i])) {
          throw new ShapeException(
              "batchNorm: "
                  + (i == 1 ? "moments of " : "a weight or bias of ")
                  + in[i]
                  + " for "
                  + in[0]
                  + " with "
                  + channels
                  + " channels in dimension 1");
        }
      }
      return in[0];
    }

    private int biasAt() {
      return weight ? 3 : 2;
    }

    @Override
    public Formulas formulas() {
      String w = weight ? "·w" : "";
      var inputs = new ArrayList<>(List.of("x", "m"));
      var slopes =
          new ArrayList<>(
              List.of(
                  "G" + w + "/√(σ² + ε)", "(−ΣG" + w + "/√(σ² + ε), −½·Σ(G" + w + "·h)/(σ² + ε))"));
      if (weight) {
        inputs.add("w");
        slopes.add("Σ G·h");
      }
      if (bias) {
        inputs.add("b");
        slopes.add("Σ G");
      }
      return new Formulas(
          "y = h" + w + (bias ? " + b" : "") + ", h = (x − μ)/√(σ² + ε), m = (μ, σ²)",
          inputs,
          slopes);
    }

    @Override
    public Tensor expression(Tensor... x) {
      int[] dims = new int[x[0].rank() - 1];
      Arrays.fill(dims, 1);
      dims[0] = x[0].size(1);
      Tensor mean = x[1].pick(0, 0).reshape(dims);
      Tensor scale = x[1].pick(0, 1).add(eps).rsqrt().reshape(dims);
      Tensor y = x[0].sub(mean).mul(scale);
      if (weight) {
        y = y.mul(x[2].reshape(dims));
      }
      return bias ? y.add(x[biasAt()].reshape(dims)) : y;
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      ChannelSplit.normalise(
          out.kernels(),
          in[0].array(),
          in[1].array(),
          weight ? in[2].array() : null,
          bias ? in[biasAt()].array() : null,
          out.array(),
          eps,
          out.size(0),
          out.size(1),
          inner(out));
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
      ChannelSplit.normaliseBackward(
          g.kernels(),
          g.array(),
          x[0].array(),
          x[1].array(),
          weight ? x[2].array() : null,
          Normalisations.array(dx[0]),
          Normalisations.array(dx[1]),
          weight ? Normalisations.array(dx[2]) : null,
          bias ? Normalisations.array(dx[biasAt()]) : null,
          eps,
          g.size(0),
          g.size(1),
          inner(g));
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      var out = new ArrayList<Tensor>();
      out.add(weight == bias ? Examples.normal(random, 4, 3) : Examples.normal(random, 2, 3, 2));
      out.add(Examples.normal(random, 2, 3).abs().add(0.2));
      for (int i = 0; i < (weight ? 1 : 0) + (bias ? 1 : 0); i++) {
        out.add(Examples.normal(random, 3));
      }
      return List.copyOf(out);
    }
  }
}
