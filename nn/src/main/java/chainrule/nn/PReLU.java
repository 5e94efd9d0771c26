package chainrule.nn;

import chainrule.tensor.Parameter;
import chainrule.tensor.Pointwise;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;
import java.util.Map;

/**
 * {@code y = x} for x &gt; 0 and {@code weight · x} otherwise, the slope trained: one for all, or
 * one for each channel, dimension 1.
 *
 * <p>Shapes: x is of any shape for one slope, N×C×… for one per channel; {@code weight} is 1 or C,
 * 0.25 at first. Source: He, Zhang, Ren and Sun, <i>Delving deep into rectifiers</i>, 2015, eq. 1.
 */
public final class PReLU extends Module {
  private static final Pointwise OP =
      Pointwise.of("prelu", 2, x -> x.get(0).gt(0).select(x.get(0), x.get(0).mul(x.get(1))));

  private final int num;
  private final double init;
  private final Parameter weight;

  /** One slope for all, 0.25 at first. */
  public PReLU() {
    this(1, 0.25);
  }

  /**
   * So many slopes.
   *
   * @param num 1, or as many as channels
   * @param init what they are at first
   * @throws IllegalArgumentException if num is below 1 or init not finite
   */
  public PReLU(int num, double init) {
    Checks.positive("PReLU", "num", num);
    Checks.finite("PReLU", "init", init);
    this.num = num;
    this.init = init;
    this.weight = param("weight", Inits.constant(init), num);
  }

  /** The slopes below 0. */
  public Parameter weight() {
    return weight;
  }

  @Override
  protected Tensor compute(Tensor x) {
    if (num == 1) {
      return OP.apply(x, x.rank() == 0 ? weight.reshape() : weight);
    }
    if (x.rank() < 2 || x.size(1) != num) {
      throw new ShapeException("%s: needs N×%d×…, got %s".formatted(label(), num, x.shape()));
    }
    return OP.apply(x, Affine.channels(weight, x.rank()));
  }

  @Override
  public Map<String, Object> config() {
    return Checks.config("num", num, "init", init);
  }
}
