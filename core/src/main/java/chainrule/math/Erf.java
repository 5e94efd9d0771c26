package chainrule.math;

/**
 * The error function in F64.
 *
 * <p>{@code StrictMath} has none, so this is the project's own: two polynomials, evaluated in an
 * order that is fixed, so that the result has the same bits everywhere.
 */
public final class Erf {

  /** From here on erf x rounds to 1. */
  private static final double SATURATED = 6.0;

  private Erf() {}

  /**
   * Returns erf x = 2/√π ∫<sub>0</sub><sup>x</sup> e<sup>−t²</sup> dt, with an error below 1.1 ulp.
   *
   * <p>Up to |x| = 1 it is x + x P(x²), which keeps the relative accuracy near zero; up to |x| = 6
   * it is 1 − e<sup>−x²</sup> R((x − 2.5) / (x + 2.5)), where R approximates e<sup>x²</sup> erfc x.
   * P and R are interpolants at Chebyshev points. Odd; erf ±∞ = ±1, NaN gives NaN.
   */
  public static double erf(double x) {
    double a = Math.abs(x);
    if (a < 1.0) {
      return Math.fma(x, small(x * x), x);
    }
    double y = a < SATURATED ? 1.0 - StrictMath.exp(-a * a) * scaledTail(a) : 1.0;
    return Double.isNaN(x) ? x : Math.copySign(y, x);
  }

  /** erf x / x − 1 for u = x² in [0, 1]. */
  private static double small(double u) {
    double p = Math.fma(u, 5.957176147748911e-11, -1.1372848856791674e-9);
    p = Math.fma(u, p, 1.4659775274047436e-8);
    p = Math.fma(u, p, -1.6350312701054695e-7);
    p = Math.fma(u, p, 1.6461000484121368e-6);
    p = Math.fma(u, p, -1.4925595266831182e-5);
    p = Math.fma(u, p, 0.0001205533111164271);
    p = Math.fma(u, p, -0.000854832698083379);
    p = Math.fma(u, p, 0.0052239776248180145);
    p = Math.fma(u, p, -0.026866170645076792);
    p = Math.fma(u, p, 0.11283791670954879);
    p = Math.fma(u, p, -0.3761263890318375);
    p = Math.fma(u, p, 0.1283791670955126);
    return p;
  }

  /** e<sup>a²</sup> erfc a for a in [1, 6]. */
  private static double scaledTail(double a) {
    double t = (a - 2.5) / (a + 2.5);
    double p = Math.fma(t, 3.3657006736237105e-7, 1.2966926825389417e-7);
    p = Math.fma(t, p, -1.79706306540687e-6);
    p = Math.fma(t, p, -2.3140931150942177e-6);
    p = Math.fma(t, p, 7.5513017799442535e-6);
    p = Math.fma(t, p, 1.8617072081910595e-5);
    p = Math.fma(t, p, -3.4182063549802165e-5);
    p = Math.fma(t, p, -0.00012887741536369735);
    p = Math.fma(t, p, 0.00022838036598153182);
    p = Math.fma(t, p, 0.0008759154630794508);
    p = Math.fma(t, p, -0.002642365963784453);
    p = Math.fma(t, p, -0.003993701166223159);
    p = Math.fma(t, p, 0.039922539075574935);
    p = Math.fma(t, p, -0.1250330523788247);
    p = Math.fma(t, p, 0.2517131932174494);
    p = Math.fma(t, p, -0.3717367339489734);
    p = Math.fma(t, p, 0.2108063640611436);
    return p;
  }
}
