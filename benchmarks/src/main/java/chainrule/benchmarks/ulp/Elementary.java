package chainrule.benchmarks.ulp;

import chainrule.internal.kernel.FloatMath;
import chainrule.math.Erf;
import chainrule.math.Unary;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A function that F32 kernels compute by a polynomial of the project's own, and its value in F64,
 * which is exact beside an F32.
 */
public enum Elementary {
  EXP(Unary.EXP, StrictMath::exp),
  LOG(Unary.LOG, StrictMath::log),
  TANH(Unary.TANH, StrictMath::tanh),
  SIGMOID(Unary.SIGMOID, x -> 1 / (1 + StrictMath.exp(-x))),
  ERF(Unary.ERF, Erf::erf),
  SIN(Unary.SIN, StrictMath::sin),
  COS(Unary.COS, StrictMath::cos);

  private final Unary kernel;
  private final DoubleUnaryOperator exact;

  Elementary(Unary kernel, DoubleUnaryOperator exact) {
    this.kernel = kernel;
    this.exact = exact;
  }

  /** As it is written on the command line. */
  public String call() {
    return name().toLowerCase(Locale.ROOT);
  }

  Unary kernel() {
    return kernel;
  }

  /** The largest magnitude that the polynomial serves; beyond it the value in F64 is rounded. */
  float reach() {
    return this == SIN || this == COS ? FloatMath.TRIG_LIMIT : Float.POSITIVE_INFINITY;
  }

  /**
   * The distance of y from the true value at x, in units in the last place of the true value.
   *
   * <p>Two NaNs are 0 apart, a NaN and a number infinitely far; what overflows must be infinite.
   */
  double error(float x, float y) {
    double truth = exact.applyAsDouble(x);
    if (Double.isNaN(truth) || Float.isNaN(y)) {
      return Double.isNaN(truth) && Float.isNaN(y) ? 0 : Double.POSITIVE_INFINITY;
    }
    if (truth == y) {
      return 0;
    }
    int exponent = Math.getExponent(truth);
    if (exponent > Float.MAX_EXPONENT) {
      // the largest float stands for a truth that just overflows: 2^104 is its last place
      return Float.isInfinite(y) && Math.signum(y) == Math.signum(truth)
          ? 0
          : Math.abs(truth - y) * 0x1p-104;
    }
    double value = Float.isInfinite(y) ? Math.copySign(0x1p128, y) : y;
    int last = Math.max(exponent, Float.MIN_EXPONENT) - (Float.PRECISION - 1);
    return Math.scalb(Math.abs(truth - value), -last);
  }
}
