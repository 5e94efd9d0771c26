package chainrule.math;

/**
 * The arithmetic that functions and their derivatives are written in.
 *
 * <p>Four methods are abstract; the rest follows from them. A class that implements the four can
 * read every line of {@link Unary}, {@link Binary} and {@link Composite}: a plain number, a tensor,
 * a printed formula, a dual number, a piece of bytecode. Methods whose result is another function
 * of the same numbers are <em>composites</em>: they have no derivative rule of their own, and need
 * none.
 *
 * <pre>{@code
 * Real y = new Real(0.5).tanh().square();   // 0.21355…
 * }</pre>
 *
 * @param <E> the implementing type itself
 */
public interface Num<E extends Num<E>> {
  /** {@code f(this)}. */
  E map(Unary f);

  /** {@code f(this, other)}. */
  E zip(Binary f, E other);

  /** {@code this ≠ 0 ? ifTrue : ifFalse}; the branch that is not taken never contributes. */
  E select(E ifTrue, E ifFalse);

  /** The constant {@code c} in this number's own world, rounded to its precision. */
  E constant(double c);

  /** This number, as the implementing type. */
  @SuppressWarnings("unchecked")
  default E self() {
    return (E) this;
  }

  // ---------------------------------------------------------------- the table's binary functions

  /** {@code a + b}. */
  default E add(E b) {
    return zip(Binary.ADD, b);
  }

  /** {@code a − b}. */
  default E sub(E b) {
    return zip(Binary.SUB, b);
  }

  /** {@code a · b}. */
  default E mul(E b) {
    return zip(Binary.MUL, b);
  }

  /** {@code a / b}. */
  default E div(E b) {
    return zip(Binary.DIV, b);
  }

  /** {@code aᵇ}. */
  default E pow(E b) {
    return zip(Binary.POW, b);
  }

  /** The angle of the point {@code (x = b, y = this)}, in (−π, π]. */
  default E atan2(E b) {
    return zip(Binary.ATAN2, b);
  }

  /** The larger of the two; NaN if either is. */
  default E maximum(E b) {
    return zip(Binary.MAX, b);
  }

  /** The smaller of the two; NaN if either is. */
  default E minimum(E b) {
    return zip(Binary.MIN, b);
  }

  /** 1 where {@code a > b}, else 0. */
  default E gt(E b) {
    return zip(Binary.GT, b);
  }

  /** 1 where {@code a ≥ b}, else 0. */
  default E ge(E b) {
    return zip(Binary.GE, b);
  }

  /** 1 where {@code a < b}, else 0. */
  default E lt(E b) {
    return zip(Binary.LT, b);
  }

  /** 1 where {@code a ≤ b}, else 0. */
  default E le(E b) {
    return zip(Binary.LE, b);
  }

  /** 1 where {@code a = b}, else 0. */
  default E eq(E b) {
    return zip(Binary.EQ, b);
  }

  /** 1 where {@code a ≠ b}, else 0. */
  default E ne(E b) {
    return zip(Binary.NE, b);
  }

  // ---------------------------------------------------------------- the same with a Java number

  /** {@code a + c}. */
  default E add(double c) {
    return add(constant(c));
  }

  /** {@code a − c}. */
  default E sub(double c) {
    return sub(constant(c));
  }

  /** {@code a · c}. */
  default E mul(double c) {
    return mul(constant(c));
  }

  /** {@code a / c}. */
  default E div(double c) {
    return div(constant(c));
  }

  /** {@code aᶜ}; the exponent 2 is a square. */
  default E pow(double c) {
    return c == 2 ? square() : pow(constant(c));
  }

  /** The larger of {@code a} and {@code c}. */
  default E maximum(double c) {
    return maximum(constant(c));
  }

  /** The smaller of {@code a} and {@code c}. */
  default E minimum(double c) {
    return minimum(constant(c));
  }

  /** 1 where {@code a > c}, else 0. */
  default E gt(double c) {
    return gt(constant(c));
  }

  /** 1 where {@code a ≥ c}, else 0. */
  default E ge(double c) {
    return ge(constant(c));
  }

  /** 1 where {@code a < c}, else 0. */
  default E lt(double c) {
    return lt(constant(c));
  }

  /** 1 where {@code a ≤ c}, else 0. */
  default E le(double c) {
    return le(constant(c));
  }

  /** 1 where {@code a = c}, else 0. */
  default E eq(double c) {
    return eq(constant(c));
  }

  /** 1 where {@code a ≠ c}, else 0. */
  default E ne(double c) {
    return ne(constant(c));
  }

  // ---------------------------------------------------------------- the table's unary functions

  /** {@code −x}. */
  default E neg() {
    return map(Unary.NEG);
  }

  /** {@code |x|}. */
  default E abs() {
    return map(Unary.ABS);
  }

  /** −1, 0 or 1; NaN for NaN. */
  default E sign() {
    return map(Unary.SIGN);
  }

  /** {@code x²}. */
  default E square() {
    return map(Unary.SQUARE);
  }

  /** {@code √x}. */
  default E sqrt() {
    return map(Unary.SQRT);
  }

  /** {@code 1/√x}. */
  default E rsqrt() {
    return map(Unary.RSQRT);
  }

  /** {@code 1/x}. */
  default E reciprocal() {
    return map(Unary.RECIPROCAL);
  }

  /** {@code eˣ}. */
  default E exp() {
    return map(Unary.EXP);
  }

  /** {@code eˣ − 1}, accurate near 0. */
  default E expm1() {
    return map(Unary.EXPM1);
  }

  /** {@code ln x}. */
  default E log() {
    return map(Unary.LOG);
  }

  /** {@code ln(1 + x)}, accurate near 0. */
  default E log1p() {
    return map(Unary.LOG1P);
  }

  /** {@code log₂ x}. */
  default E log2() {
    return map(Unary.LOG2);
  }

  /** {@code log₁₀ x}. */
  default E log10() {
    return map(Unary.LOG10);
  }

  /** {@code sin x}, x in radians. */
  default E sin() {
    return map(Unary.SIN);
  }

  /** {@code cos x}, x in radians. */
  default E cos() {
    return map(Unary.COS);
  }

  /** {@code tan x}, x in radians. */
  default E tan() {
    return map(Unary.TAN);
  }

  /** {@code arcsin x}. */
  default E asin() {
    return map(Unary.ASIN);
  }

  /** {@code arccos x}. */
  default E acos() {
    return map(Unary.ACOS);
  }

  /** {@code arctan x}. */
  default E atan() {
    return map(Unary.ATAN);
  }

  /** {@code sinh x}. */
  default E sinh() {
    return map(Unary.SINH);
  }

  /** {@code cosh x}. */
  default E cosh() {
    return map(Unary.COSH);
  }

  /** {@code tanh x}. */
  default E tanh() {
    return map(Unary.TANH);
  }

  /** The logistic function {@code 1/(1 + e⁻ˣ)}. */
  default E sigmoid() {
    return map(Unary.SIGMOID);
  }

  /** {@code ln(1 + eˣ)}. */
  default E softplus() {
    return map(Unary.SOFTPLUS);
  }

  /** {@code max(x, 0)}. */
  default E relu() {
    return map(Unary.RELU);
  }

  /** The error function {@code 2/√π ∫₀ˣ e^(−t²) dt}. */
  default E erf() {
    return map(Unary.ERF);
  }

  /** The largest integer ≤ x. */
  default E floor() {
    return map(Unary.FLOOR);
  }

  /** The smallest integer ≥ x. */
  default E ceil() {
    return map(Unary.CEIL);
  }

  /** The nearest integer, halves to even. */
  default E round() {
    return map(Unary.ROUND);
  }

  // ---------------------------------------------------------------- composites

  /** {@code 1 − x}. */
  default E oneMinus() {
    return constant(1).sub(self());
  }

  /** Swish, {@code x·σ(x)} (Ramachandran et al. 2017). */
  default E silu() {
    return mul(sigmoid());
  }

  /** {@code x·Φ(x) = x/2·(1 + erf(x/√2))} (Hendrycks and Gimpel 2016). */
  default E gelu() {
    return mul(0.5).mul(mul(Math.sqrt(0.5)).erf().add(1));
  }

  /** {@code x/2·(1 + tanh(√(2/π)·(x + 0.044715 x³)))}, the approximation in the GELU paper. */
  default E geluTanh() {
    E inner = mul(square().mul(0.044715).add(1)).mul(Math.sqrt(2 / Math.PI));
    return mul(0.5).mul(inner.tanh().add(1));
  }

  /** {@code x·tanh(softplus(x))} (Misra 2019). */
  default E mish() {
    return mul(softplus().tanh());
  }

  /** {@code x} where x &gt; 0, else {@code slope·x} (Maas et al. 2013). */
  default E leakyRelu(double slope) {
    return gt(0).select(self(), mul(slope));
  }

  /** {@code x} where x &gt; 0, else {@code α(eˣ − 1)} (Clevert et al. 2015). */
  default E elu(double alpha) {
    E positive = gt(0);
    E capped = positive.select(constant(0), self()); // eˣ of a large x is never computed
    return positive.select(self(), capped.expm1().mul(alpha));
  }

  /** {@code x} where x &gt; 0, else {@code α(e^(x/α) − 1)}, of slope 1 at 0 (Barron 2017). */
  default E celu(double alpha) {
    E positive = gt(0);
    E capped = positive.select(constant(0), self());
    return positive.select(self(), capped.div(alpha).expm1().mul(alpha));
  }

  /** {@code λ·elu(x, α)} with λ = 1.0507… and α = 1.6732… (Klambauer et al. 2017). */
  default E selu() {
    return elu(1.6732632423543772).mul(1.0507009873554805);
  }

  /** {@code min(relu(x), 6)}; slope 0 at 0 and at 6. */
  default E relu6() {
    return ge(6).select(constant(6), relu());
  }

  /** x limited to [−1, 1]; slope 0 on both ends. */
  default E hardtanh() {
    return hardtanh(-1, 1);
  }

  /** x limited to [lo, hi]; slope 0 on both ends. */
  default E hardtanh(double lo, double hi) {
    return le(lo).select(constant(lo), ge(hi).select(constant(hi), self()));
  }

  /** x limited to [lo, hi]; slope 1 on both ends, 0 outside. */
  default E clamp(double lo, double hi) {
    if (!(lo <= hi)) {
      throw new IllegalArgumentException("clamp: lower bound " + lo + " exceeds upper bound " + hi);
    }
    return lt(lo).select(constant(lo), gt(hi).select(constant(hi), self()));
  }

  /** {@code clamp(x/6 + 1/2, 0, 1)} (Howard et al. 2019). */
  default E hardSigmoid() {
    return div(6).add(0.5).clamp(0, 1);
  }

  /** {@code x·hardSigmoid(x)} (Howard et al. 2019). */
  default E hardSwish() {
    return mul(hardSigmoid());
  }

  /** {@code x} where x &gt; threshold, else {@code value}. */
  default E threshold(double threshold, double value) {
    return le(threshold).select(constant(value), self());
  }

  /** {@code x} where |x| &gt; λ, else 0 (Donoho and Johnstone 1994). */
  default E hardshrink(double lambda) {
    return abs().le(lambda).select(constant(0), self());
  }

  /** x drawn towards 0 by λ, and 0 where |x| ≤ λ (Donoho and Johnstone 1994). */
  default E softshrink(double lambda) {
    return abs().le(lambda).select(constant(0), gt(0).select(sub(lambda), add(lambda)));
  }

  /** {@code x − tanh x}. */
  default E tanhshrink() {
    return sub(tanh());
  }

  /** {@code softplus(β·x)/β}. */
  default E softplus(double beta) {
    return mul(beta).softplus().div(beta);
  }

  /** {@code x/(1 + |x|)}. */
  default E softsign() {
    return div(abs().add(1));
  }

  /** {@code ln σ(x)}. */
  default E logSigmoid() {
    return neg().softplus().neg();
  }

  /** {@code this + weight·(end − this)}. */
  default E lerp(E end, E weight) {
    return add(end.sub(self()).mul(weight));
  }

  /** {@code this + weight·(end − this)}. */
  default E lerp(E end, double weight) {
    return lerp(end, constant(weight));
  }
}
