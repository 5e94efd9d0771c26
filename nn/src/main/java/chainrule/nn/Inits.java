package chainrule.nn;

import chainrule.tensor.Shape;
import chainrule.tensor.Tensor;

/**
 * The initialisations of the papers.
 *
 * <p>A weight is out × in, or out × in × kernel…: its fan-in is in · kernel, its fan-out out ·
 * kernel. A uniform draw from (−a, a) has variance a²/3, which is why the uniform and the normal
 * form of one rule differ by √3 in their constant. The rules with a fan refuse tensors of fewer
 * than two dimensions with {@link IllegalArgumentException}.
 */
public final class Inits {
  private Inits() {}

  /**
   * Normal with standard deviation 1/√fan_in, which keeps the variance of a layer's sums at that of
   * its inputs. Source: LeCun, Bottou, Orr and Müller, <i>Efficient BackProp</i>, 1998, eq. 16.
   */
  public static Init lecunNormal() {
    return normalWithVariance("lecunNormal", 1, 0);
  }

  /** {@link #lecunNormal} with a uniform draw: U(−√(3/fan_in), √(3/fan_in)). */
  public static Init lecunUniform() {
    return uniformWithVariance("lecunUniform", 1, 0);
  }

  /**
   * Normal with variance 2/(fan_in + fan_out), a compromise between the forward and the backward
   * signal. Source: Glorot and Bengio, <i>Understanding the difficulty of training deep feedforward
   * neural networks</i>, 2010, eq. 12.
   */
  public static Init glorotNormal() {
    return normalWithVariance("glorotNormal", 2, 1);
  }

  /**
   * {@link #glorotNormal} with a uniform draw: U(−√(6/(fan_in + fan_out)), √(6/(fan_in +
   * fan_out))). Source: Glorot and Bengio, 2010, eq. 16.
   */
  public static Init glorotUniform() {
    return uniformWithVariance("glorotUniform", 2, 1);
  }

  /**
   * Normal with standard deviation √(2/fan_in), for layers followed by a rectifier, which passes
   * half of the variance. Source: He, Zhang, Ren and Sun, <i>Delving deep into rectifiers</i>,
   * 2015, eq. 10.
   */
  public static Init heNormal() {
    return normalWithVariance("heNormal", 2, 0);
  }

  /** {@link #heNormal} with a uniform draw: U(−√(6/fan_in), √(6/fan_in)). */
  public static Init heUniform() {
    return uniformWithVariance("heUniform", 2, 0);
  }

  /** U(−1/√fan_in, 1/√fan_in), PyTorch's default for the weights of a linear layer. */
  public static Init torchLinear() {
    return uniformWithVariance("torchLinear", 1.0 / 3.0, 0);
  }

  /**
   * Uniform on [lo, hi).
   *
   * @throws IllegalArgumentException unless lo ≤ hi are finite
   */
  public static Init uniform(double lo, double hi) {
    if (!(lo <= hi) || Double.isInfinite(lo) || Double.isInfinite(hi)) {
      throw new IllegalArgumentException(
          "uniform: lo %s and hi %s must be finite, lo ≤ hi".formatted(lo, hi));
    }
    return (dtype, random, shape) -> Tensor.uniform(dtype, random, lo, hi, shape);
  }

  /**
   * Normal with the given mean and standard deviation.
   *
   * @throws IllegalArgumentException unless both are finite and std ≥ 0
   */
  public static Init normal(double mean, double std) {
    if (!Double.isFinite(mean) || !(std >= 0) || Double.isInfinite(std)) {
      throw new IllegalArgumentException(
          "normal: mean %s and std %s must be finite, std ≥ 0".formatted(mean, std));
    }
    return (dtype, random, shape) -> Tensor.randn(dtype, random, shape).mul(std).add(mean);
  }

  /** All zeros. */
  public static Init zeros() {
    return constant(0);
  }

  /** All equal to {@code c}. */
  public static Init constant(double c) {
    return (dtype, random, shape) -> Tensor.full(dtype, c, shape);
  }

  private static Init normalWithVariance(String rule, double scale, int outShare) {
    return (dtype, random, shape) ->
        Tensor.randn(dtype, random, shape).mul(Math.sqrt(scale / fan(rule, outShare, shape)));
  }

  private static Init uniformWithVariance(String rule, double scale, int outShare) {
    return (dtype, random, shape) -> {
      double a = Math.sqrt(3 * scale / fan(rule, outShare, shape));
      return Tensor.uniform(dtype, random, -a, a, shape);
    };
  }

  /** fan_in + outShare · fan_out. */
  private static double fan(String rule, int outShare, int... shape) {
    if (shape.length < 2) {
      throw new IllegalArgumentException(
          "%s: a fan needs a weight of at least 2 dimensions, out × in, got %s"
              .formatted(rule, Shape.of(shape)));
    }
    double kernel = 1;
    for (int i = 2; i < shape.length; i++) {
      kernel *= shape[i];
    }
    return kernel * (shape[1] + (double) outShare * shape[0]);
  }
}
