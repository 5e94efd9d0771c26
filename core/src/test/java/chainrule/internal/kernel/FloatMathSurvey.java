package chainrule.internal.kernel;

import chainrule.math.Erf;
import java.util.Locale;

/**
 * Measures the functions of {@link FloatMath} over ranges of floats against F64; {@code chainrule
 * bench --ulp} does so over all of them.
 */
public final class FloatMathSurvey {

  /** One function, its reference, its stated error, and whether it grows with its argument. */
  enum Function {
    EXP(1.02, true) {
      @Override
      float fast(float x) {
        return FloatMath.exp(x);
      }

      @Override
      double exact(double x) {
        return StrictMath.exp(x);
      }
    },
    LOG(0.94, true) {
      @Override
      float fast(float x) {
        return FloatMath.log(x);
      }

      @Override
      double exact(double x) {
        return StrictMath.log(x);
      }
    },
    TANH(1.20, true) {
      @Override
      float fast(float x) {
        return FloatMath.tanh(x);
      }

      @Override
      double exact(double x) {
        return StrictMath.tanh(x);
      }
    },
    SIGMOID(1.70, true) {
      @Override
      float fast(float x) {
        return FloatMath.sigmoid(x);
      }

      @Override
      double exact(double x) {
        return 1.0 / (1.0 + StrictMath.exp(-x));
      }
    },
    ERF(1.01, false) {
      @Override
      float fast(float x) {
        return FloatMath.erf(x);
      }

      @Override
      double exact(double x) {
        return Erf.erf(x);
      }
    },
    SIN(1.55, false) {
      @Override
      float fast(float x) {
        return FloatMath.sin(x);
      }

      @Override
      double exact(double x) {
        return StrictMath.sin(x);
      }
    },
    COS(1.54, false) {
      @Override
      float fast(float x) {
        return FloatMath.cos(x);
      }

      @Override
      double exact(double x) {
        return StrictMath.cos(x);
      }
    };

    /** The largest error in ulp that {@link FloatMath} states. */
    final double bound;

    final boolean monotone;

    Function(double bound, boolean monotone) {
      this.bound = bound;
      this.monotone = monotone;
    }

    abstract float fast(float x);

    abstract double exact(double x);

    /** The error of y as the value at x, in units in the last place of the true value. */
    final double error(float x, float y) {
      double truth = exact(x);
      if (Double.isNaN(truth) || Float.isNaN(y)) {
        return Double.isNaN(truth) && Float.isNaN(y) ? 0.0 : Double.POSITIVE_INFINITY;
      }
      if (truth == y) {
        return 0.0;
      }
      int exponent = Math.getExponent(truth);
      if (exponent > Float.MAX_EXPONENT) {
        // what overflows must be infinite, or the largest float if the truth rounds to it
        return Float.isInfinite(y) && Math.signum(y) == Math.signum(truth)
            ? 0.0
            : Math.abs(truth - y) * 0x1p-104;
      }
      double value = Float.isInfinite(y) ? Math.copySign(0x1p128, y) : y;
      int last = Math.max(exponent, Float.MIN_EXPONENT) - 23;
      return Math.abs(truth - value) * Double.longBitsToDouble((long) (1023 - last) << 52);
    }
  }

  /** What a range of bit patterns showed. */
  record Result(double worst, float at, long disorder, float disorderAt, long count) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.4f ulp at %s (%a), %d arguments%s",
          worst,
          at,
          at,
          count,
          disorder == 0 ? ", monotone" : ", " + disorder + " reversals, one at " + disorderAt);
    }
  }

  private FloatMathSurvey() {}

  /** Surveys the bit patterns first, first + step, … below end, all of one sign. */
  static Result survey(Function f, long first, long end, int step) {
    double worst = 0.0;
    float at = Float.NaN;
    long disorder = 0;
    float disorderAt = Float.NaN;
    long count = 0;
    boolean started = false;
    float before = Float.NaN;
    for (long bits = first; bits < end; bits += step) {
      float x = Float.intBitsToFloat((int) bits);
      float y = f.fast(x);
      double error = f.error(x, y);
      count++;
      if (error > worst) {
        worst = error;
        at = x;
      }
      if (started && (bits < 0x80000000L ? y < before : y > before)) {
        disorder++;
        disorderAt = x;
      }
      started = true;
      before = y;
    }
    return new Result(worst, at, disorder, disorderAt, count);
  }
}
