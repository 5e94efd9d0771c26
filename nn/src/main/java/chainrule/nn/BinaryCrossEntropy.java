package chainrule.nn;

import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * {@code −y max(ln p, −100) − (1 − y) max(ln(1 − p), −100)} per element.
 *
 * <p>An operation of its own because its slope is not that of the clamped formula: {@code (p − y) /
 * max(p(1 − p), 1e-12)} stays finite and points the right way at p = 0 and 1, where the clamp's
 * slope would be 0 and the logarithm's infinite.
 */
record BinaryCrossEntropy() implements CustomOp {
  private static final double LOG_FLOOR = -100;
  private static final double SLOPE_FLOOR = 1e-12;

  @Override
  public String name() {
    return "bce";
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public Tensor forward(Tensor... x) {
    Tensor p = x[0];
    Tensor y = x[1];
    return y.mul(logOf(p)).add(y.oneMinus().mul(logOfRest(p))).neg();
  }

  @Override
  public Tensor[] backward(Tensor g, Tensor y, Tensor... x) {
    Tensor p = x[0];
    Tensor target = x[1];
    Tensor slope = p.sub(target).div(p.mul(p.oneMinus()).maximum(SLOPE_FLOOR));
    return new Tensor[] {g.mul(slope), g.mul(logOfRest(p).sub(logOf(p)))};
  }

  private static Tensor logOf(Tensor p) {
    return p.log().maximum(LOG_FLOOR);
  }

  private static Tensor logOfRest(Tensor p) {
    return p.neg().log1p().maximum(LOG_FLOOR);
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    return List.of(
        Tensor.uniform(DType.F64, random, 0.05, 0.95, 2, 3),
        Tensor.uniform(DType.F64, random, 0, 1, 2, 3));
  }
}
