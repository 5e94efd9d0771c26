package chainrule.internal.kernel;

/**
 * The elementary functions of F32, as the project's own polynomials.
 *
 * <p>Every method is straight-line {@code float} arithmetic: additions, multiplications, fused
 * multiply-adds, one division where a formula has one, bit casts, and selections by comparison.
 * There are no tables, loops, or {@code double} intermediates, so a vector kernel that performs the
 * same operations lane by lane returns the same bits. The polynomials are minimax fits in the
 * relative error of the result, with coefficients rounded one after the other, each refitted to the
 * ones before it.
 *
 * <p>The stated errors are the largest over all 2<sup>32</sup> arguments, in units in the last
 * place of the true value. NaN gives NaN, and every NaN counts as the same result.
 */
public final class FloatMath {

  /** The largest magnitude that {@link #sin} and {@link #cos} reduce by themselves. */
  public static final float TRIG_LIMIT = 131072f;

  /**
   * 1.5 · 2<sup>23</sup>: adding it rounds a small float to an integer in the low mantissa bits.
   */
  public static final float ROUND = 12582912f;

  public static final int ROUND_BITS = 0x4B400000;
  public static final int ONE_BITS = 0x3F800000;

  public static final float LOG2_E = 1.442695f;
  public static final float LN2_HIGH = 0.6931472f;
  public static final float LN2_LOW = -1.9046542e-9f;

  // (eʳ − 1 − r) / r² on |r| ≤ ln 2 / 2
  public static final float EXP_2 = 0.49999994f;
  public static final float EXP_3 = 0.16666521f;
  public static final float EXP_4 = 0.041668266f;
  public static final float EXP_5 = 0.008368677f;
  public static final float EXP_6 = 0.0013820734f;

  /** Below this e^x rounds to zero. */
  public static final float EXP_LOWEST = -104f;

  /** Above this e^x overflows. */
  public static final float EXP_HIGHEST = 89f;

  /** The bits of 2/3: mantissas are reduced to [2/3, 4/3). */
  public static final int TWO_THIRDS_BITS = 0x3F2AAAAB;

  public static final int EXPONENT_MASK = 0xFF800000;

  // (ln(1 + f) − f) / f² on |f| ≤ 1/3
  public static final float LOG_2 = -0.5f;
  public static final float LOG_3 = 0.33333215f;
  public static final float LOG_4 = -0.24999805f;
  public static final float LOG_5 = 0.20010445f;
  public static final float LOG_6 = -0.1668018f;
  public static final float LOG_7 = 0.1400534f;
  public static final float LOG_8 = -0.12188379f;
  public static final float LOG_9 = 0.13986708f;
  public static final float LOG_10 = -0.12874289f;

  public static final float TANH_SMALL = 0.625f;
  public static final float TANH_SATURATED = 9.5f;

  // (tanh a − a) / a³ in a² on a ≤ TANH_SMALL
  public static final float TANH_3 = -0.3333328f;
  public static final float TANH_5 = 0.1333141f;
  public static final float TANH_7 = -0.053737268f;
  public static final float TANH_9 = 0.020631723f;
  public static final float TANH_11 = -0.005697346f;

  public static final float SIGMOID_SATURATED = 18f;
  public static final float SIGMOID_TAIL = -16.25f;

  public static final float ERF_SMALL = 1f;
  public static final float ERF_SATURATED = 4f;
  public static final float ERF_CENTRE = 2.5f;

  // erf a / a − 1 in a² on a ≤ ERF_SMALL
  public static final float ERF_1 = 0.12837917f;
  public static final float ERF_3 = -0.37612626f;
  public static final float ERF_5 = 0.11283579f;
  public static final float ERF_7 = -0.026853347f;
  public static final float ERF_9 = 0.005187162f;
  public static final float ERF_11 = -0.0007997853f;
  public static final float ERF_13 = 7.806903e-5f;

  // 1 − erf a in a − ERF_CENTRE on ERF_SMALL ≤ a ≤ ERF_SATURATED
  public static final float ERFC_0 = 0.00040695234f;
  public static final float ERFC_1 = -0.0021782783f;
  public static final float ERFC_2 = 0.00544569f;
  public static final float ERFC_3 = -0.008350216f;
  public static final float ERFC_4 = 0.008622594f;
  public static final float ERFC_5 = -0.0061165653f;
  public static final float ERFC_6 = 0.002797585f;
  public static final float ERFC_7 = -0.00054458657f;
  public static final float ERFC_8 = -0.00025877226f;
  public static final float ERFC_9 = 0.00025348735f;
  public static final float ERFC_10 = -8.1070924e-5f;
  public static final float ERFC_11 = -7.796406e-6f;
  public static final float ERFC_12 = 1.5709133e-5f;
  public static final float ERFC_13 = -3.4499312e-6f;
  public static final float ERFC_14 = -8.887846e-7f;
  public static final float ERFC_15 = 3.4969494e-7f;

  public static final float TWO_OVER_PI = 0.63661975f;
  public static final float HALF_PI_HIGH = 1.5707964f;
  public static final float HALF_PI_MIDDLE = -4.371139e-8f;
  public static final float HALF_PI_LOW = -1.7151245e-15f;

  // (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ in r² on |r| ≤ π/4
  public static final float SIN_3 = -0.16666654f;
  public static final float SIN_5 = 0.008332108f;
  public static final float SIN_7 = -0.00019508234f;
  public static final float COS_4 = 0.041666646f;
  public static final float COS_6 = -0.0013887298f;
  public static final float COS_8 = 2.4430088e-5f;

  private FloatMath() {}

  /**
   * Returns e<sup>x</sup>.
   *
   * <p>x = k ln 2 + r with ln 2 in two parts, e<sup>r</sup> = 1 + r + r² P(r), scaled by
   * 2<sup>k</sup> in two steps so that subnormal results are rounded, not flushed. Largest error
   * 1.02 ulp. Monotone.
   */
  public static float exp(float x) {
    float z = x < EXP_LOWEST ? EXP_LOWEST : x;
    z = z > EXP_HIGHEST ? EXP_HIGHEST : z;
    float shifted = Math.fma(z, LOG2_E, ROUND);
    float t = expReduced(z, shifted - ROUND);
    int k = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = k >> 1;
    float scale = powerOfTwo(half);
    return Math.fma(scale, t, scale) * powerOfTwo(k - half);
  }

  /**
   * Returns the natural logarithm of x.
   *
   * <p>x = 2<sup>e</sup> (1 + f) with 1 + f in [2/3, 4/3), ln x = e ln 2 + f + f² P(f); subnormal
   * arguments are scaled up first. Zero gives −∞, a negative argument NaN. Largest error 0.94 ulp.
   * Monotone.
   */
  public static float log(float x) {
    boolean subnormal = x < Float.MIN_NORMAL;
    float scaled = subnormal ? x * 0x1p23f : x;
    int bits = Float.floatToRawIntBits(scaled);
    int exponent = (bits - TWO_THIRDS_BITS) & EXPONENT_MASK;
    float f = Float.intBitsToFloat(bits - exponent) - 1f;
    float e = Math.fma((float) exponent, 0x1p-23f, subnormal ? -23f : 0f);
    float p = Math.fma(f, LOG_10, LOG_9);
    p = Math.fma(f, p, LOG_8);
    p = Math.fma(f, p, LOG_7);
    p = Math.fma(f, p, LOG_6);
    p = Math.fma(f, p, LOG_5);
    p = Math.fma(f, p, LOG_4);
    p = Math.fma(f, p, LOG_3);
    p = Math.fma(f, p, LOG_2);
    p = Math.fma(f * f, p, f);
    float y = Math.fma(e, LN2_HIGH, p);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    float outside = x == 0f ? Float.NEGATIVE_INFINITY : Float.NaN;
    return x > 0f ? y : outside;
  }

  /**
   * Returns the hyperbolic tangent of x.
   *
   * <p>With a = |x|: a + a³ P(a²) up to 0.625, beyond that 1 − 2 / (1 + e<sup>2a</sup>), where 1 +
   * e<sup>2a</sup> is rounded once. Largest error 1.20 ulp. Odd, monotone, and never outside [−1,
   * 1].
   */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float u = a * a;
    float p = Math.fma(u, TANH_11, TANH_9);
    p = Math.fma(u, p, TANH_7);
    p = Math.fma(u, p, TANH_5);
    p = Math.fma(u, p, TANH_3);
    float small = Math.fma(a * u, p, a);
    float z = a > TANH_SATURATED ? TANH_SATURATED : a;
    z = z + z;
    float shifted = Math.fma(z, LOG2_E, ROUND);
    float t = expReduced(z, shifted - ROUND);
    float scale = powerOfTwo(Float.floatToRawIntBits(shifted) - ROUND_BITS);
    float large = 1f - 2f / Math.fma(scale, t, scale + 1f);
    return withSignOf(x, a < TANH_SMALL ? small : large);
  }

  /**
   * Returns the logistic function 1 / (1 + e<sup>−x</sup>).
   *
   * <p>With h = 1 / (1 + e<sup>|x|</sup>), the denominator rounded once: h for x ≤ 0 and 1 − h for
   * x &gt; 0. Below −16.25 it is e − e² with e = e<sup>x</sup>, which keeps its relative accuracy
   * down to the subnormals. Largest error 1.70 ulp. Monotone and never outside [0, 1].
   */
  public static float sigmoid(float x) {
    float z = Math.abs(x);
    z = z > SIGMOID_SATURATED ? SIGMOID_SATURATED : z;
    z = x < SIGMOID_TAIL ? x : z;
    z = z < EXP_LOWEST ? EXP_LOWEST : z;
    float shifted = Math.fma(z, LOG2_E, ROUND);
    float t = expReduced(z, shifted - ROUND);
    int k = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = k >> 1;
    float scale = powerOfTwo(half);
    float rest = powerOfTwo(k - half);
    float e = Math.fma(scale, t, scale) * rest;
    scale = scale * rest;
    float h = 1f / Math.fma(scale, t, scale + 1f);
    h = x > 0f ? 1f - h : h;
    return x < SIGMOID_TAIL ? Math.fma(-e, e, e) : h;
  }

  /**
   * Returns the error function 2/√π ∫<sub>0</sub><sup>x</sup> e<sup>−t²</sup> dt.
   *
   * <p>With a = |x|: a + a P(a²) up to 1, beyond that 1 − Q(a − 2.5). Largest error 1.01 ulp. Odd
   * and never outside [−1, 1].
   */
  public static float erf(float x) {
    float a = Math.abs(x);
    float u = a * a;
    float p = Math.fma(u, ERF_13, ERF_11);
    p = Math.fma(u, p, ERF_9);
    p = Math.fma(u, p, ERF_7);
    p = Math.fma(u, p, ERF_5);
    p = Math.fma(u, p, ERF_3);
    p = Math.fma(u, p, ERF_1);
    float small = Math.fma(a, p, a);
    float v = (a > ERF_SATURATED ? ERF_SATURATED : a) - ERF_CENTRE;
    float q = Math.fma(v, ERFC_15, ERFC_14);
    q = Math.fma(v, q, ERFC_13);
    q = Math.fma(v, q, ERFC_12);
    q = Math.fma(v, q, ERFC_11);
    q = Math.fma(v, q, ERFC_10);
    q = Math.fma(v, q, ERFC_9);
    q = Math.fma(v, q, ERFC_8);
    q = Math.fma(v, q, ERFC_7);
    q = Math.fma(v, q, ERFC_6);
    q = Math.fma(v, q, ERFC_5);
    q = Math.fma(v, q, ERFC_4);
    q = Math.fma(v, q, ERFC_3);
    q = Math.fma(v, q, ERFC_2);
    q = Math.fma(v, q, ERFC_1);
    q = Math.fma(v, q, ERFC_0);
    return withSignOf(x, a < ERF_SMALL ? small : 1f - q);
  }

  /**
   * Returns the sine of x, in radians.
   *
   * <p>Up to {@link #TRIG_LIMIT} the argument is reduced to |r| ≤ π/4 by a multiple of π/2 in three
   * parts (W. J. Cody and W. Waite, <i>Software Manual for the Elementary Functions</i>, 1980) with
   * fused multiply-adds, and r + r³ P(r²) or 1 − r²/2 + r⁴ Q(r²) is selected by the quadrant;
   * beyond it {@code (float) StrictMath.sin((double) x)} is returned. Largest error 1.55 ulp. Odd.
   */
  public static float sin(float x) {
    float a = Math.abs(x);
    return a <= TRIG_LIMIT ? withSignOf(x, quadrant(a, 0)) : (float) StrictMath.sin((double) x);
  }

  /**
   * Returns the cosine of x, in radians.
   *
   * <p>The reduction and the polynomials are those of {@link #sin}; beyond {@link #TRIG_LIMIT}
   * {@code (float) StrictMath.cos((double) x)} is returned. Largest error 1.54 ulp. Even.
   */
  public static float cos(float x) {
    float a = Math.abs(x);
    return a <= TRIG_LIMIT ? quadrant(a, 1) : (float) StrictMath.cos((double) x);
  }

  /** e<sup>r</sup> − 1 for r = z − k ln 2, with |r| ≤ ln 2 / 2. */
  private static float expReduced(float z, float k) {
    float r = Math.fma(k, -LN2_HIGH, z);
    r = Math.fma(k, -LN2_LOW, r);
    float p = Math.fma(r, EXP_6, EXP_5);
    p = Math.fma(r, p, EXP_4);
    p = Math.fma(r, p, EXP_3);
    p = Math.fma(r, p, EXP_2);
    return Math.fma(r * r, p, r);
  }

  /** 2<sup>k</sup> for −126 ≤ k ≤ 127. */
  private static float powerOfTwo(int k) {
    return Float.intBitsToFloat((k << 23) + ONE_BITS);
  }

  /** The magnitude y ≥ +0 with the sign of x put on, or y negated for a negative x. */
  private static float withSignOf(float x, float y) {
    return Float.intBitsToFloat(
        (Float.floatToRawIntBits(x) & Integer.MIN_VALUE) ^ Float.floatToRawIntBits(y));
  }

  /** sin(a + turn · π/2) for 0 ≤ a ≤ TRIG_LIMIT. */
  private static float quadrant(float a, int turn) {
    float shifted = Math.fma(a, TWO_OVER_PI, ROUND);
    int j = Float.floatToRawIntBits(shifted) + turn;
    float k = shifted - ROUND;
    float r = Math.fma(k, -HALF_PI_HIGH, a);
    r = Math.fma(k, -HALF_PI_MIDDLE, r);
    r = Math.fma(k, -HALF_PI_LOW, r);
    float u = r * r;
    float s = Math.fma(u, SIN_7, SIN_5);
    s = Math.fma(u, s, SIN_3);
    s = Math.fma(r * u, s, r);
    float c = Math.fma(u, COS_8, COS_6);
    c = Math.fma(u, c, COS_4);
    c = Math.fma(u, c, -0.5f);
    c = Math.fma(u, c, 1f);
    float y = (j & 1) == 0 ? s : c;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ ((j & 2) << 30));
  }
}
