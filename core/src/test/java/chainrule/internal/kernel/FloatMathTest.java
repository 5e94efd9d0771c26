package chainrule.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chainrule.internal.kernel.FloatMathSurvey.Function;
import chainrule.internal.kernel.FloatMathSurvey.Result;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds {@link FloatMath} to its stated errors, special values, symmetries and orders. */
class FloatMathTest {

  private static final float INF = Float.POSITIVE_INFINITY;

  private static final int STEP = 4099;

  /** Where a formula changes or a result saturates, overflows or turns subnormal. */
  private static final float[] SEAMS = {
    0f,
    Float.MIN_NORMAL,
    0.625f,
    2f / 3f,
    1f,
    1f - 0x1p-24f,
    4f / 3f,
    3.9f,
    4f,
    9f,
    9.5f,
    16.25f,
    18f,
    87.33f,
    88.72f,
    89f,
    103.28f,
    103.97f,
    104f,
    FloatMath.TRIG_LIMIT,
    Float.MAX_VALUE
  };

  @ParameterizedTest
  @EnumSource
  void errorStaysWithinTheStatedBoundOverAllMagnitudes(Function f) {
    Result positive = FloatMathSurvey.survey(f, 0L, 0x80000000L, STEP);
    Result negative = FloatMathSurvey.survey(f, 0x80000000L, 0x100000000L, STEP);
    check(f, positive);
    check(f, negative);
  }

  @ParameterizedTest
  @EnumSource
  void errorAndOrderHoldForEveryFloatNearTheSeams(Function f) {
    for (float seam : SEAMS) {
      long middle = Float.floatToRawIntBits(seam);
      long first = Math.max(0L, middle - 1500);
      check(f, FloatMathSurvey.survey(f, first, middle + 1500, 1));
      long sign = 0x80000000L;
      check(f, FloatMathSurvey.survey(f, sign + first, sign + middle + 1500, 1));
    }
  }

  private static void check(Function f, Result result) {
    assertTrue(result.worst() <= f.bound, () -> f + " exceeds " + f.bound + ": " + result);
    if (f.monotone) {
      assertEquals(0L, result.disorder(), () -> f + ": " + result);
    }
  }

  @ParameterizedTest
  @EnumSource
  void statedBoundsAreAtMostTwoUlp(Function f) {
    assertTrue(f.bound <= 2.0);
  }

  @ParameterizedTest
  @EnumSource
  void nanGivesNan(Function f) {
    for (int bits : new int[] {0x7FC00000, 0x7F800001, 0xFFC00000, 0xFFFFFFFF}) {
      assertTrue(Float.isNaN(f.fast(Float.intBitsToFloat(bits))));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TANH", "ERF", "SIN"})
  void oddFunctionsAreOddToTheBit(Function f) {
    for (long bits = 0; bits <= 0x7F800000L; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      same(-f.fast(x), f.fast(-x));
    }
    same(0f, f.fast(0f));
    same(-0f, f.fast(-0f));
  }

  @Test
  void cosineIsEven() {
    for (long bits = 0; bits <= 0x7F800000L; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      same(FloatMath.cos(x), FloatMath.cos(-x));
    }
    same(1f, FloatMath.cos(-0f));
  }

  @ParameterizedTest
  @EnumSource(names = {"TANH", "SIGMOID", "ERF", "SIN", "COS"})
  void boundedFunctionsStayInTheirRange(Function f) {
    float lowest = f == Function.SIGMOID ? 0f : -1f;
    for (long bits = 0; bits <= 0xFF800000L; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      float y = f.fast(x);
      assertTrue(Float.isNaN(y) || (y >= lowest && y <= 1f), () -> f + "(" + x + ") = " + y);
    }
  }

  @TestFactory
  Stream<DynamicTest> specialValues() {
    float[][] exp = {{-INF, 0f}, {INF, INF}, {0f, 1f}, {-0f, 1f}, {-200f, 0f}, {89f, INF}};
    float[][] log = {
      {0f, -INF},
      {-0f, -INF},
      {INF, INF},
      {1f, 0f},
      {-1f, Float.NaN},
      {-INF, Float.NaN},
      {-Float.MIN_VALUE, Float.NaN},
      {Float.MIN_VALUE, -103.278929903f}
    };
    float[][] tanh = {{INF, 1f}, {-INF, -1f}, {20f, 1f}, {-20f, -1f}};
    float[][] sigmoid = {{INF, 1f}, {-INF, 0f}, {0f, 0.5f}, {-0f, 0.5f}, {18f, 1f}, {-104f, 0f}};
    float[][] erf = {{INF, 1f}, {-INF, -1f}, {5f, 1f}, {-5f, -1f}};
    float[][] sin = {{INF, Float.NaN}, {-INF, Float.NaN}, {1e-30f, 1e-30f}};
    float[][] cos = {{INF, Float.NaN}, {-INF, Float.NaN}, {1e-30f, 1f}};
    return Stream.of(
            special(Function.EXP, exp),
            special(Function.LOG, log),
            special(Function.TANH, tanh),
            special(Function.SIGMOID, sigmoid),
            special(Function.ERF, erf),
            special(Function.SIN, sin),
            special(Function.COS, cos))
        .flatMap(s -> s);
  }

  private static Stream<DynamicTest> special(Function f, float[][] pairs) {
    return Arrays.stream(pairs)
        .map(p -> DynamicTest.dynamicTest(f + " " + p[0], () -> same(p[1], f.fast(p[0]))));
  }

  @Nested
  class Tails {

    @ParameterizedTest
    @ValueSource(floats = {-87.5f, -95f, -100f, -103f, -103.9f})
    void subnormalResultsAreRoundedNotFlushed(float x) {
      float exact = (float) StrictMath.exp(x);
      assertTrue(exact > 0f && exact < Float.MIN_NORMAL);
      assertEquals(exact, FloatMath.exp(x), Float.MIN_VALUE);
      assertEquals(exact, FloatMath.sigmoid(x), Float.MIN_VALUE);
      assertTrue(FloatMath.exp(x) > 0f);
    }

    @Test
    void beyondTheLimitSineAndCosineAreStrict() {
      for (float x = FloatMath.TRIG_LIMIT * 1.0000001f; x < INF; x *= 1.37f) {
        same((float) StrictMath.sin(x), FloatMath.sin(x));
        same((float) StrictMath.cos(x), FloatMath.cos(x));
      }
    }
  }

  private static void same(float expected, float actual) {
    assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual));
  }
}
