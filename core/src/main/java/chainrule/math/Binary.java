package chainrule.math;

import java.util.function.DoubleBinaryOperator;

/**
 * The elementwise functions of two arguments, a line each: value, where to test them, and the
 * gradients that reach {@code a} and {@code b} when {@code g} arrives at {@code y}.
 *
 * <p>Ties in {@link #MAX} and {@link #MIN} share the gradient. Comparisons give 1 or 0 and are flat.
 */
// spotless:off
public enum Binary {
  /** {@code y = a + b}, {@code ∂a = 1}, {@code ∂b = 1}. */
  ADD(Double::sum, Domain.REAL, Domain.REAL) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return g; }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return g; } },
  /** {@code y = a − b}, {@code ∂a = 1}, {@code ∂b = −1}. */
  SUB((a, b) -> a - b, Domain.REAL, Domain.REAL) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return g; }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return g.neg(); } },
  /** {@code y = a·b}, {@code ∂a = b}, {@code ∂b = a}. */
  MUL((a, b) -> a * b, Domain.REAL, Domain.REAL) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return g.mul(b); }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return g.mul(a); } },
  /** {@code y = a/b}, {@code ∂a = 1/b}, {@code ∂b = −y/b}. */
  DIV((a, b) -> a / b, Domain.REAL, Domain.REAL.except(0).margin(.2)) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return g.div(b); }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return g.mul(y.neg().div(b)); } },
  /** {@code y = aᵇ}, {@code ∂a = (0 if b = 0 else b·a^(b − 1))}, {@code ∂b = (0 if (a = 0)·(b ≥ 0) else y·ln a)}. */
  POW(StrictMath::pow, Domain.POSITIVE, Domain.REAL) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return b.eq(0).select(g.constant(0), g.mul(b.mul(a.pow(b.sub(1))))); }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return a.eq(0).mul(b.ge(0)).select(g.constant(0), g.mul(y.mul(a.log()))); } },
  /** {@code y = atan2(a, b)}, {@code ∂a = b/(a² + b²)}, {@code ∂b = −a/(a² + b²)}. */
  ATAN2(StrictMath::atan2, Domain.REAL.except(0).margin(.3), Domain.REAL.except(0).margin(.3)) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return g.mul(b.div(a.square().add(b.square()))); }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return g.mul(a.neg().div(a.square().add(b.square()))); } },
  /** {@code y = max(a, b)}, {@code ∂a = (0 if a < b else (0.5 if a = b else 1))}, {@code ∂b = (0 if b < a else (0.5 if a = b else 1))}. */
  MAX(Math::max, Domain.of(-3, 0.4), Domain.of(0.5, 3)) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return a.lt(b).select(g.constant(0), a.eq(b).select(g.mul(0.5), g)); }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return b.lt(a).select(g.constant(0), a.eq(b).select(g.mul(0.5), g)); } },
  /** {@code y = min(a, b)}, {@code ∂a = (0 if a > b else (0.5 if a = b else 1))}, {@code ∂b = (0 if b > a else (0.5 if a = b else 1))}. */
  MIN(Math::min, Domain.of(-3, 0.4), Domain.of(0.5, 3)) {
    @Override public <E extends Num<E>> E pullA(E g, E a, E b, E y) { return a.gt(b).select(g.constant(0), a.eq(b).select(g.mul(0.5), g)); }
    @Override public <E extends Num<E>> E pullB(E g, E a, E b, E y) { return b.gt(a).select(g.constant(0), a.eq(b).select(g.mul(0.5), g)); } },
  /** {@code y = a > b}, flat. */
  GT((a, b) -> a > b ? 1 : 0, Domain.of(-3, 0.4), Domain.of(0.5, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = a ≥ b}, flat. */
  GE((a, b) -> a >= b ? 1 : 0, Domain.of(-3, 0.4), Domain.of(0.5, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = a < b}, flat. */
  LT((a, b) -> a < b ? 1 : 0, Domain.of(-3, 0.4), Domain.of(0.5, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = a ≤ b}, flat. */
  LE((a, b) -> a <= b ? 1 : 0, Domain.of(-3, 0.4), Domain.of(0.5, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = a = b}, flat. */
  EQ((a, b) -> a == b ? 1 : 0, Domain.of(-3, 0.4), Domain.of(0.5, 3)) { @Override public boolean flat() { return true; } },
  /** {@code y = a ≠ b}, flat. */
  NE((a, b) -> a != b ? 1 : 0, Domain.of(-3, 0.4), Domain.of(0.5, 3)) { @Override public boolean flat() { return true; } };
  // spotless:on

  private final DoubleBinaryOperator value;
  private final Domain domainA;
  private final Domain domainB;

  Binary(DoubleBinaryOperator value, Domain domainA, Domain domainB) {
    this.value = value;
    this.domainA = domainA;
    this.domainB = domainB;
  }

  /** The function's value at {@code (a, b)}, in double precision. */
  public double value(double a, double b) {
    return value.applyAsDouble(a, b);
  }

  /** Where to sample the first argument. */
  public Domain domainA() {
    return domainA;
  }

  /** Where to sample the second argument. */
  public Domain domainB() {
    return domainB;
  }

  /** The gradient that reaches {@code a} when {@code g} arrives at {@code y}: {@code g·∂y/∂a}. */
  public <E extends Num<E>> E pullA(E g, E a, E b, E y) {
    return g.constant(0);
  }

  /** The gradient that reaches {@code b} when {@code g} arrives at {@code y}: {@code g·∂y/∂b}. */
  public <E extends Num<E>> E pullB(E g, E a, E b, E y) {
    return g.constant(0);
  }

  /** {@code ∂y/∂a}. */
  public <E extends Num<E>> E slopeA(E a, E b, E y) {
    return pullA(y.constant(1), a, b, y);
  }

  /** {@code ∂y/∂b}. */
  public <E extends Num<E>> E slopeB(E a, E b, E y) {
    return pullB(y.constant(1), a, b, y);
  }

  /** Whether both slopes are 0 everywhere they exist, so that no gradient passes. */
  public boolean flat() {
    return false;
  }

  /** The function's name as it is called in code. */
  public String call() {
    return switch (this) {
      case MAX -> "maximum";
      case MIN -> "minimum";
      default -> Names.camel(name());
    };
  }
}
