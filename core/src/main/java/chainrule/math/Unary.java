package chainrule.math;

import java.util.function.DoubleUnaryOperator;

/**
 * The elementwise functions of one argument, a line each: value, where to test it, slope.
 *
 * <p>The slope is written in {@link Num} in terms of the argument {@code x} and the value {@code y},
 * so the same line is evaluated on scalars and tensors, printed, probed, and differentiated again.
 * Functions with a kink override {@link #pull} instead: there the incoming gradient is
 * <em>selected</em>, never multiplied by a zero (∞·0 is not 0). Flat functions have the slope 0
 * wherever they have one, and to a tape they are constants.
 *
 * <p>Tests, the gradient check, the documentation and the expression parser iterate {@link #values()}.
 */
// spotless:off
public enum Unary {
  /** {@code y = −x}, {@code y′ = −1}. */
  NEG(x -> -x, Domain.REAL)                                 { @Override public <E extends Num<E>> E pull(E g, E x, E y) { return g.neg(); } },
  /** {@code y = |x|}, {@code y′ = (1 if x > 0 else (−1 if x < 0 else 0))}. */
  ABS(Math::abs, Domain.REAL.except(0))                     { @Override public <E extends Num<E>> E pull(E g, E x, E y) { return x.gt(0).select(g, x.lt(0).select(g.neg(), x.constant(0))); } },
  /** {@code y = sign(x)}, {@code y′ = 0}. */
  SIGN(Math::signum, Domain.REAL.except(0))                 { @Override public boolean flat() { return true; } },
  /** {@code y = x²}, {@code y′ = 2·x}. */
  SQUARE(x -> x * x, Domain.REAL)                           { @Override public <E extends Num<E>> E slope(E x, E y) { return x.constant(2).mul(x); } },
  /** {@code y = √x}, {@code y′ = 0.5/y}. */
  SQRT(StrictMath::sqrt, Domain.of(0.05, 3))                   { @Override public <E extends Num<E>> E slope(E x, E y) { return y.constant(0.5).div(y); } },
  /** {@code y = 1/√x}, {@code y′ = −0.5·y·y²}. */
  RSQRT(x -> 1 / StrictMath.sqrt(x), Domain.of(0.05, 3))       { @Override public <E extends Num<E>> E slope(E x, E y) { return y.constant(-0.5).mul(y).mul(y.square()); } },
  /** {@code y = 1/x}, {@code y′ = −y²}. */
  RECIPROCAL(x -> 1 / x, Domain.REAL.except(0).margin(.1)) { @Override public <E extends Num<E>> E slope(E x, E y) { return y.square().neg(); } },
  /** {@code y = eˣ}, {@code y′ = y}. */
  EXP(StrictMath::exp, Domain.REAL)                         { @Override public <E extends Num<E>> E slope(E x, E y) { return y; } },
  /** {@code y = eˣ − 1}, {@code y′ = y + 1}. */
  EXPM1(StrictMath::expm1, Domain.REAL)                     { @Override public <E extends Num<E>> E slope(E x, E y) { return y.add(1); } },
  /** {@code y = ln x}, {@code y′ = 1/x}. */
  LOG(StrictMath::log, Domain.of(0.05, 3))                     { @Override public <E extends Num<E>> E slope(E x, E y) { return x.reciprocal(); } },
  /** {@code y = ln(1 + x)}, {@code y′ = 1/(x + 1)}. */
  LOG1P(StrictMath::log1p, Domain.of(-0.95, 3))              { @Override public <E extends Num<E>> E slope(E x, E y) { return x.add(1).reciprocal(); } },
  /** {@code y = log₂ x}, {@code y′ = 1/(0.6931471805599453·x)}. */
  LOG2(x -> StrictMath.log(x) / Constants.LN2, Domain.of(0.05, 3))   { @Override public <E extends Num<E>> E slope(E x, E y) { return x.constant(Constants.LN2).mul(x).reciprocal(); } },
  /** {@code y = log₁₀ x}, {@code y′ = 1/(2.302585092994046·x)}. */
  LOG10(StrictMath::log10, Domain.of(0.05, 3))                 { @Override public <E extends Num<E>> E slope(E x, E y) { return x.constant(Constants.LN10).mul(x).reciprocal(); } },
  /** {@code y = sin x}, {@code y′ = cos x}. */
  SIN(StrictMath::sin, Domain.REAL)                         { @Override public <E extends Num<E>> E slope(E x, E y) { return x.cos(); } },
  /** {@code y = cos x}, {@code y′ = −sin x}. */
  COS(StrictMath::cos, Domain.REAL)                         { @Override public <E extends Num<E>> E slope(E x, E y) { return x.sin().neg(); } },
  /** {@code y = tan x}, {@code y′ = y² + 1}. */
  TAN(StrictMath::tan, Domain.REAL.except(-Math.PI / 2, Math.PI / 2).margin(.15)) { @Override public <E extends Num<E>> E slope(E x, E y) { return y.square().add(1); } },
  /** {@code y = arcsin x}, {@code y′ = 1/√(1 − x²)}. */
  ASIN(StrictMath::asin, Domain.of(-0.9, 0.9))              { @Override public <E extends Num<E>> E slope(E x, E y) { return x.square().oneMinus().rsqrt(); } },
  /** {@code y = arccos x}, {@code y′ = −1/√(1 − x²)}. */
  ACOS(StrictMath::acos, Domain.of(-0.9, 0.9))              { @Override public <E extends Num<E>> E slope(E x, E y) { return x.square().oneMinus().rsqrt().neg(); } },
  /** {@code y = arctan x}, {@code y′ = 1/(x² + 1)}. */
  ATAN(StrictMath::atan, Domain.REAL)                       { @Override public <E extends Num<E>> E slope(E x, E y) { return x.square().add(1).reciprocal(); } },
  /** {@code y = sinh x}, {@code y′ = cosh x}. */
  SINH(StrictMath::sinh, Domain.REAL)                       { @Override public <E extends Num<E>> E slope(E x, E y) { return x.cosh(); } },
  /** {@code y = cosh x}, {@code y′ = sinh x}. */
  COSH(StrictMath::cosh, Domain.REAL)                       { @Override public <E extends Num<E>> E slope(E x, E y) { return x.sinh(); } },
  /** {@code y = tanh x}, {@code y′ = 1 − y²}. */
  TANH(StrictMath::tanh, Domain.REAL)                       { @Override public <E extends Num<E>> E slope(E x, E y) { return y.square().oneMinus(); } },
  /** {@code y = σ(x)}, {@code y′ = y·(1 − y)}. */
  SIGMOID(x -> 1 / (1 + StrictMath.exp(-x)), Domain.REAL)   { @Override public <E extends Num<E>> E slope(E x, E y) { return y.mul(y.oneMinus()); } },
  /** {@code y = softplus(x)}, {@code y′ = σ(x)}. */
  SOFTPLUS(x -> Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))), Domain.REAL) { @Override public <E extends Num<E>> E slope(E x, E y) { return x.sigmoid(); } },
  /** {@code y = relu(x)}, {@code y′ = (1 if y > 0 else 0)}. */
  RELU(x -> x <= 0 ? 0 : x, Domain.REAL.except(0))          { @Override public <E extends Num<E>> E pull(E g, E x, E y) { return y.gt(0).select(g, y.constant(0)); } },
  /** {@code y = erf(x)}, {@code y′ = 1.1283791670955126·e^(−x²)}. */
  ERF(Erf::erf, Domain.REAL)                                { @Override public <E extends Num<E>> E slope(E x, E y) { return x.constant(2 / Math.sqrt(Math.PI)).mul(x.square().neg().exp()); } },
  /** {@code y = ⌊x⌋}, {@code y′ = 0}. */
  FLOOR(Math::floor, Domain.REAL.except(-3, -2, -1, 0, 1, 2, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = ⌈x⌉}, {@code y′ = 0}. */
  CEIL(Math::ceil, Domain.REAL.except(-3, -2, -1, 0, 1, 2, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = round(x)}, {@code y′ = 0}. */
  ROUND(Math::rint, Domain.REAL.except(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)) { @Override public boolean flat() { return true; } };
  // spotless:on

  private final DoubleUnaryOperator value;
  private final Domain domain;

  Unary(DoubleUnaryOperator value, Domain domain) {
    this.value = value;
    this.domain = domain;
  }

  /** The function's value at {@code x}, in double precision. */
  public double value(double x) {
    return value.applyAsDouble(x);
  }

  /** Where the function is smooth: the gradient check samples from here. */
  public Domain domain() {
    return domain;
  }

  /** {@code dy/dx} at {@code x}, where {@code y} is the function's value there. */
  public <E extends Num<E>> E slope(E x, E y) {
    return flat() ? x.constant(0) : pull(x.constant(1), x, y);
  }

  /** The gradient that reaches {@code x} when {@code g} arrives at {@code y}: {@code g·y′}. */
  public <E extends Num<E>> E pull(E g, E x, E y) {
    return g.mul(slope(x, y));
  }

  /** Whether the slope is 0 everywhere it exists, so that no gradient passes. */
  public boolean flat() {
    return false;
  }

  /** The function's name as it is called in code: {@code logSigmoid} for {@code LOG_SIGMOID}. */
  public String call() {
    return Names.camel(name());
  }
}
