package chainrule.internal.kernel;

import static chainrule.internal.kernel.FloatMath.*;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;

/**
 * Writes the functions of {@link FloatMath} for whole vectors: the same operations in the same
 * order, lane by lane, so the same bits. With them rounding to whole numbers, in F32 and F64.
 */
class VectorMath extends VectorCode {
  /** Where the code goes when an argument is beyond what a function can do lane by lane. */
  private final Label beyond;

  private boolean canFail;

  VectorMath(CodeBuilder b, boolean single, Label beyond) {
    super(b, single);
    this.beyond = beyond;
  }

  /** Whether anything that was written goes there. */
  boolean canFail() {
    return canFail;
  }

  /** {@code c₀ + x·(c₁ + x·(…))}, from the last coefficient on, every step rounded once. */
  private V horner(V x, float... c) {
    V p = all(c[c.length - 1]);
    for (int k = c.length - 2; k >= 0; k--) {
      p = fma(x, p, all(c[k]));
    }
    return p;
  }

  V exp(V x) {
    V z = choose(compare("LT", x, EXP_LOWEST), EXP_LOWEST, x);
    z = choose(compare("GT", z, EXP_HIGHEST), EXP_HIGHEST, z);
    V shifted = fma(z, all(LOG2_E), all(ROUND));
    V t = expReduced(z, sub(shifted, all(ROUND)));
    I k = add(bits(shifted), -ROUND_BITS);
    I half = shiftRight(k, 1);
    V scale = powerOfTwo(half);
    return mul(fma(scale, t, scale), powerOfTwo(sub(k, half)));
  }

  V log(V x) {
    M subnormal = compare("LT", x, Float.MIN_NORMAL);
    I bits = bits(choose(subnormal, mul(x, all(0x1p23f)), x));
    I exponent = and(add(bits, -TWO_THIRDS_BITS), EXPONENT_MASK);
    V f = sub(ofBits(sub(bits, exponent)), all(1));
    V e = fma(rounded(exponent), all(0x1p-23f), choose(subnormal, -23, all(0)));
    V p = horner(f, LOG_2, LOG_3, LOG_4, LOG_5, LOG_6, LOG_7, LOG_8, LOG_9, LOG_10);
    p = fma(mul(f, f), p, f);
    V y = fma(e, all(LN2_HIGH), p);
    y = choose(compare("LT", x, Float.POSITIVE_INFINITY), y, x);
    V outside = choose(compare("EQ", x, 0), Float.NEGATIVE_INFINITY, all(Float.NaN));
    return choose(compare("GT", x, 0), y, outside);
  }

  V tanh(V x) {
    V a = abs(x);
    V u = mul(a, a);
    V small = fma(mul(a, u), horner(u, TANH_3, TANH_5, TANH_7, TANH_9, TANH_11), a);
    V z = choose(compare("GT", a, TANH_SATURATED), TANH_SATURATED, a);
    z = add(z, z);
    V shifted = fma(z, all(LOG2_E), all(ROUND));
    V t = expReduced(z, sub(shifted, all(ROUND)));
    V scale = powerOfTwo(add(bits(shifted), -ROUND_BITS));
    V large = sub(all(1), div(all(2), fma(scale, t, add(scale, all(1)))));
    return withSignOf(x, choose(compare("LT", a, TANH_SMALL), small, large));
  }

  V sigmoid(V x) {
    M tail = compare("LT", x, SIGMOID_TAIL);
    V z = abs(x);
    z = choose(compare("GT", z, SIGMOID_SATURATED), SIGMOID_SATURATED, z);
    z = choose(tail, x, z);
    z = choose(compare("LT", z, EXP_LOWEST), EXP_LOWEST, z);
    V shifted = fma(z, all(LOG2_E), all(ROUND));
    V t = expReduced(z, sub(shifted, all(ROUND)));
    I k = add(bits(shifted), -ROUND_BITS);
    I half = shiftRight(k, 1);
    V scale = powerOfTwo(half);
    V rest = powerOfTwo(sub(k, half));
    V e = mul(fma(scale, t, scale), rest);
    scale = mul(scale, rest);
    V h = div(all(1), fma(scale, t, add(scale, all(1))));
    h = choose(compare("GT", x, 0), sub(all(1), h), h);
    return choose(tail, fma(neg(e), e, e), h);
  }

  V erf(V x) {
    V a = abs(x);
    V u = mul(a, a);
    V p = horner(u, ERF_1, ERF_3, ERF_5, ERF_7, ERF_9, ERF_11, ERF_13);
    V small = fma(a, p, a);
    V v = sub(choose(compare("GT", a, ERF_SATURATED), ERF_SATURATED, a), all(ERF_CENTRE));
    V q =
        horner(
            v, ERFC_0, ERFC_1, ERFC_2, ERFC_3, ERFC_4, ERFC_5, ERFC_6, ERFC_7, ERFC_8, ERFC_9,
            ERFC_10, ERFC_11, ERFC_12, ERFC_13, ERFC_14, ERFC_15);
    return withSignOf(x, choose(compare("LT", a, ERF_SMALL), small, sub(all(1), q)));
  }

  V sin(V x) {
    return withSignOf(x, quadrant(within(abs(x)), 0));
  }

  V cos(V x) {
    return quadrant(within(abs(x)), 1);
  }

  /** Leaves the loop's body if a magnitude is beyond the reduction, or NaN. */
  private V within(V a) {
    canFail = true;
    allTrue(compare("LE", a, TRIG_LIMIT));
    b.ifeq(beyond);
    return a;
  }

  private V expReduced(V z, V k) {
    V r = fma(k, all(-LN2_HIGH), z);
    r = fma(k, all(-LN2_LOW), r);
    return fma(mul(r, r), horner(r, EXP_2, EXP_3, EXP_4, EXP_5, EXP_6), r);
  }

  private V powerOfTwo(I k) {
    return ofBits(add(shiftLeft(k, 23), ONE_BITS));
  }

  private V quadrant(V a, int turn) {
    V shifted = fma(a, all(TWO_OVER_PI), all(ROUND));
    I j = add(bits(shifted), turn);
    V k = sub(shifted, all(ROUND));
    V r = fma(k, all(-HALF_PI_HIGH), a);
    r = fma(k, all(-HALF_PI_MIDDLE), r);
    r = fma(k, all(-HALF_PI_LOW), r);
    V u = mul(r, r);
    V s = fma(mul(r, u), horner(u, SIN_3, SIN_5, SIN_7), r);
    V c = horner(u, 1, -0.5f, COS_4, COS_6, COS_8);
    V y = choose(isZero(and(j, 1)), s, c);
    return ofBits(xor(bits(y), shiftLeft(and(j, 2), 30)));
  }

  /** The magnitude y ≥ +0 with the sign of x put on, or y negated for a negative x. */
  private V withSignOf(V x, V y) {
    I sign = and(bits(x), single ? Integer.MIN_VALUE : Long.MIN_VALUE);
    return ofBits(xor(sign, bits(y)));
  }

  /** Beyond this magnitude every number is whole; adding it rounds a smaller one. */
  private double whole() {
    return single ? 0x1p23 : 0x1p52;
  }

  V round(V x) {
    return whole(x, roundedMagnitude(x));
  }

  V floor(V x) {
    return directed(x, "LT");
  }

  V ceil(V x) {
    return directed(x, "GT");
  }

  private V roundedMagnitude(V x) {
    return sub(add(abs(x), all(whole())), all(whole()));
  }

  /** The magnitude is rounded away from 0 on one side of it, and towards 0 on the other. */
  private V directed(V x, String away) {
    V a = abs(x);
    V r = roundedMagnitude(x);
    V down = choose(compare("GT", r, a), sub(r, all(1)), r);
    V up = choose(compare("LT", r, a), add(r, all(1)), r);
    return whole(x, choose(compare(away, x, 0), up, down));
  }

  /** The rounded magnitude with the sign of x, or x where it is whole, infinite or NaN. */
  private V whole(V x, V magnitude) {
    return choose(compare("LT", abs(x), whole()), withSignOf(x, magnitude), x);
  }
}
