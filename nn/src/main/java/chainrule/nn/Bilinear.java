package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bilinear layer: {@code y[…, o] = Σᵢⱼ a[…, i]·weight[o, i, j]·b[…, j] + bias[o]}.
 *
 * {@snippet :
 * Tensor y = new Bilinear(20, 30, 40).forward(a, b);
 * }
 *
 * <p>Shapes: a is [..., in1], b is [..., in2], equal but for the last dimension; y is [..., out];
 * {@code weight} is out × in1 × in2, {@code bias} is out. Both start as PyTorch's do, U(−1/√in1,
 * 1/√in1). {@link #forward(Tensor)} takes a and b side by side in the last dimension.
 */
public final class Bilinear extends Module {
  private final int in1;
  private final int in2;
  private final int out;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** A layer with bias. */
  public Bilinear(int in1, int in2, int out) {
    this(in1, in2, out, true);
  }

  /**
   * A layer with or without bias.
   *
   * @throws IllegalArgumentException if a size is below 1
   */
  public Bilinear(int in1, int in2, int out, boolean bias) {
    Checks.positive("Bilinear", "in1", in1);
    Checks.positive("Bilinear", "in2", in2);
    Checks.positive("Bilinear", "out", out);
    this.in1 = in1;
    this.in2 = in2;
    this.out = out;
    Init init = Inits.uniform(-1 / Math.sqrt(in1), 1 / Math.sqrt(in1));
    this.weight = param("weight", init, out, in1, in2);
    this.bias = bias ? param("bias", init, out) : null;
  }

  /** The weight, out × in1 × in2. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  /**
   * Applies the layer to two tensors.
   *
   * @throws ShapeException if they do not end in in1 and in2, or differ before
   */
  public Tensor forward(Tensor a, Tensor b) {
    return scoped(() -> product(a, b));
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() == 0 || x.size(-1) != in1 + in2) {
      throw new ShapeException(
          "%s: both inputs side by side must end in %d + %d, got %s"
              .formatted(label(), in1, in2, x.shape()));
    }
    return product(x.slice(-1, 0, in1), x.slice(-1, in1, in1 + in2));
  }

  private Tensor product(Tensor a, Tensor b) {
    if (!fits(a.shape(), in1)
        || !fits(b.shape(), in2)
        || !a.shape().without(-1).equals(b.shape().without(-1))) {
      throw new ShapeException(
          "%s: the inputs must be …×%d and …×%d, got %s and %s"
              .formatted(label(), in1, in2, a.shape(), b.shape()));
    }
    Tensor rows = b.reshape(rows(b), in2);
    Tensor y = a.reshape(rows(a), in1).matmul(weight).mul(rows).sum(-1).t();
    if (bias != null) {
      y = y.add(bias);
    }
    return y.reshape(a.shape().with(a.rank() - 1, out).toArray());
  }

  private static boolean fits(Shape shape, int last) {
    return shape.rank() > 0 && shape.dim(-1) == last;
  }

  private static int rows(Tensor x) {
    return x.size() / x.size(-1);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("in1", in1, "in2", in2, "out", out, "bias", bias != null);
  }
}
