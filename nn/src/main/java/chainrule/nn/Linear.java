package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer: {@code y = x Wᵀ + b}.
 *
 * <p>Shapes: x is [..., in], y is [..., out], {@code weight} is out × in, {@code bias} is out. By
 * default both start as PyTorch's do, U(−1/√in, 1/√in).
 */
public final class Linear extends Module {
  private final int in;
  private final int out;
  private final Parameter weight;
  private final @Nullable Parameter bias;

  /** A layer with bias. */
  public Linear(int in, int out) {
    this(in, out, true);
  }

  /** A layer with or without bias. */
  public Linear(int in, int out, boolean bias) {
    this(in, out, bias, Inits.torchLinear(), Inits.uniform(-1 / Math.sqrt(in), 1 / Math.sqrt(in)));
  }

  /** A layer whose weight starts by the given rule and whose bias starts at 0. */
  public Linear(int in, int out, boolean bias, Init init) {
    this(in, out, bias, init, Inits.zeros());
  }

  /**
   * A layer whose weight another module owns: tied weights, counted, saved and trained once. The
   * bias starts as usual.
   *
   * {@snippet :
   * var embedding = new Embedding(65, 384);
   * var head = new Linear(embedding.weight(), false);   // 384 → 65
   * }
   *
   * @param shared the weight, out × in
   * @throws IllegalArgumentException if it is not a matrix
   */
  public Linear(Parameter shared, boolean bias) {
    if (shared.rank() != 2) {
      throw new IllegalArgumentException(
          "Linear: a shared weight must be out × in, got %s".formatted(shared.shape()));
    }
    this.in = shared.size(1);
    this.out = shared.size(0);
    this.weight = param("weight", shared);
    double bound = 1 / Math.sqrt(in);
    this.bias = bias ? param("bias", Inits.uniform(-bound, bound), out) : null;
  }

  private Linear(int in, int out, boolean bias, Init weightInit, Init biasInit) {
    Checks.positive("Linear", "in", in);
    Checks.positive("Linear", "out", out);
    this.in = in;
    this.out = out;
    this.weight = param("weight", weightInit, out, in);
    this.bias = bias ? param("bias", biasInit, out) : null;
  }

  /** The weight, out × in. */
  public Parameter weight() {
    return weight;
  }

  /** The bias, or null if there is none. */
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (x.rank() == 0 || x.size(-1) != in) {
      throw new ShapeException(
          "%s: the last dimension of the input must be %d, got %s"
              .formatted(label(), in, x.shape()));
    }
    return x.linear(weight, bias);
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("in", in, "out", out, "bias", bias != null);
  }
}
