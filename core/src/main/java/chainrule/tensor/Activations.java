package chainrule.tensor;

import chainrule.math.Num;
import chainrule.math.Trace;
import java.util.function.UnaryOperator;

/**
 * The elementwise functions composed of several others, each run as one {@link Pointwise}
 * operation.
 *
 * <p>What they compute is said in {@link Num}, and the bits are those of the steps written there.
 */
public sealed interface Activations extends Num<Tensor> permits Tensor {
  private Tensor run(String name, UnaryOperator<Trace> f) {
    return run(name, Double.NaN, Double.NaN, f);
  }

  private Tensor run(String name, double a, double b, UnaryOperator<Trace> f) {
    return Tensor.apply(Recorded.operation(name, a, b, f), (Tensor) this);
  }

  @Override
  default Tensor silu() {
    return run("silu", Num::silu);
  }

  @Override
  default Tensor gelu() {
    return run("gelu", Num::gelu);
  }

  @Override
  default Tensor geluTanh() {
    return run("geluTanh", Num::geluTanh);
  }

  @Override
  default Tensor mish() {
    return run("mish", Num::mish);
  }

  @Override
  default Tensor leakyRelu(double slope) {
    return run("leakyRelu", slope, Double.NaN, x -> x.leakyRelu(slope));
  }

  @Override
  default Tensor elu(double alpha) {
    return run("elu", alpha, Double.NaN, x -> x.elu(alpha));
  }

  @Override
  default Tensor celu(double alpha) {
    return run("celu", alpha, Double.NaN, x -> x.celu(alpha));
  }

  @Override
  default Tensor selu() {
    return run("selu", Num::selu);
  }

  @Override
  default Tensor relu6() {
    return run("relu6", Num::relu6);
  }

  @Override
  default Tensor hardtanh() {
    return run("hardtanh", Num::hardtanh);
  }

  @Override
  default Tensor hardtanh(double lo, double hi) {
    return run("hardtanh", lo, hi, x -> x.hardtanh(lo, hi));
  }

  @Override
  default Tensor clamp(double lo, double hi) {
    return run("clamp", lo, hi, x -> x.clamp(lo, hi));
  }

  @Override
  default Tensor hardSigmoid() {
    return run("hardSigmoid", Num::hardSigmoid);
  }

  @Override
  default Tensor hardSwish() {
    return run("hardSwish", Num::hardSwish);
  }

  @Override
  default Tensor threshold(double threshold, double value) {
    return run("threshold", threshold, value, x -> x.threshold(threshold, value));
  }

  @Override
  default Tensor hardshrink(double lambda) {
    return run("hardshrink", lambda, Double.NaN, x -> x.hardshrink(lambda));
  }

  @Override
  default Tensor softshrink(double lambda) {
    return run("softshrink", lambda, Double.NaN, x -> x.softshrink(lambda));
  }

  @Override
  default Tensor tanhshrink() {
    return run("tanhshrink", Num::tanhshrink);
  }

  @Override
  default Tensor softplus(double beta) {
    return run("softplus", beta, Double.NaN, x -> x.softplus(beta));
  }

  @Override
  default Tensor softsign() {
    return run("softsign", Num::softsign);
  }

  @Override
  default Tensor logSigmoid() {
    return run("logSigmoid", Num::logSigmoid);
  }
}
