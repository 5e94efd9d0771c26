package chainrule.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds {@link Erf} to its Taylor series, summed with 60 digits. */
class ErfTest {

  private static final MathContext DIGITS = new MathContext(60);

  private static final BigDecimal TWO_OVER_SQRT_PI =
      BigDecimal.TWO.divide(
          new BigDecimal("3.14159265358979323846264338327950288419716939937510582097494459")
              .sqrt(DIGITS),
          DIGITS);

  /** 2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)). */
  private static BigDecimal series(double x) {
    BigDecimal power = new BigDecimal(x);
    BigDecimal square = power.multiply(power, DIGITS);
    BigDecimal sum = power;
    BigDecimal small = power.abs().movePointLeft(40);
    for (int n = 1; power.abs().compareTo(small) > 0; n++) {
      power = power.multiply(square, DIGITS).divide(BigDecimal.valueOf(-n), DIGITS);
      sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
    }
    return sum.multiply(TWO_OVER_SQRT_PI, DIGITS);
  }

  private static void checkError(double x) {
    BigDecimal truth = series(x);
    double ulp = Math.ulp(truth.doubleValue());
    BigDecimal difference = truth.subtract(new BigDecimal(Erf.erf(x))).abs();
    double error = difference.divide(new BigDecimal(ulp), DIGITS).doubleValue();
    assertTrue(error <= 1.1, () -> "erf(" + x + ") is off by " + error + " ulp");
  }

  @Test
  void errorStaysWithinTheStatedBound() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 3000; i++) {
      checkError(random.nextDouble(1.3));
      checkError(random.nextDouble(0.9, 2.2));
    }
    for (int i = 0; i < 500; i++) {
      checkError(-random.nextDouble(6.3));
    }
  }

  @Test
  void relativeAccuracyHoldsDownToTheSmallest() {
    for (double x = 1.0; x > 0x1p-1000; x *= 0.37) {
      checkError(x);
      checkError(-x);
    }
    assertEquals(Double.MIN_VALUE, Erf.erf(Double.MIN_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0, 0.0",
    "-0.0, -0.0",
    "6.0, 1.0",
    "-6.0, -1.0",
    "Infinity, 1.0",
    "-Infinity, -1.0",
    "NaN, NaN"
  })
  void specialValues(double x, double expected) {
    assertEquals(expected, Erf.erf(x));
  }

  /** Abramowitz and Stegun, <i>Handbook of Mathematical Functions</i>, table 7.1. */
  @ParameterizedTest
  @CsvSource({"0.5, 0.5204998778", "1.0, 0.8427007929", "1.5, 0.9661051465", "2.0, 0.9953222650"})
  void publishedTable(double x, double expected) {
    assertEquals(expected, Erf.erf(x), 6e-11);
  }

  @Test
  void oddToTheBitAndNeverBeyondOne() {
    var random = new SplittableRandom(12);
    for (int i = 0; i < 20_000; i++) {
      double x = random.nextDouble(7.0);
      assertEquals(-Erf.erf(x), Erf.erf(-x));
      assertTrue(Erf.erf(x) <= 1.0);
    }
  }
}
