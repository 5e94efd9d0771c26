package chainrule.parity;

import chainrule.internal.kernel.FloatMath;
import chainrule.math.Binary;
import chainrule.math.Unary;
import chainrule.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** map, zip and select at every size, with ranges, offsets and strides. */
class ElementwiseParityTest {
  private static final int[][] STRIDES = {{1, 1}, {1, 0}, {0, 1}, {0, 0}, {2, 3}, {1, 2}};

  @TestFactory
  List<DynamicTest> map() {
    var tests = new ArrayList<DynamicTest>();
    for (Unary f : Unary.values()) {
      tests.add(DynamicTest.dynamicTest("map " + f.call() + " / f32", () -> map(Kind.F32, f)));
      tests.add(DynamicTest.dynamicTest("map " + f.call() + " / f64", () -> map(Kind.F64, f)));
    }
    return tests;
  }

  private static <A> void map(Kind<A> kind, Unary f) {
    for (int n : Kind.SIZES) {
      A x = kind.awkward(f.name(), n);
      A y = kind.array(n);
      kind.kernels.map(f, x, 0, y, 0, n);
      kind.same(y, n, i -> value(kind, f, kind.at(x, i)));
      int from = n / 3;
      int to = n - n / 5;
      A part = kind.numbers("before", n);
      A before = kind.copy(part, n);
      kind.kernels.map(f, x, from, part, from, to - from);
      kind.same(part, n, i -> i >= from && i < to ? kind.at(y, i) : kind.at(before, i));
      A moved = kind.copy(before, n);
      kind.kernels.map(f, x, from, moved, 0, to - from);
      kind.same(moved, n, i -> i < to - from ? kind.at(y, from + i) : kind.at(before, i));
    }
  }

  /**
   * The specification: own polynomials where F32 has them, else the double result, rounded once.
   */
  private static double value(Kind<?> kind, Unary f, double x) {
    if (kind.dtype == DType.F32) {
      float s = (float) x;
      switch (f) {
        case EXP -> {
          return FloatMath.exp(s);
        }
        case LOG -> {
          return FloatMath.log(s);
        }
        case TANH -> {
          return FloatMath.tanh(s);
        }
        case SIGMOID -> {
          return FloatMath.sigmoid(s);
        }
        case ERF -> {
          return FloatMath.erf(s);
        }
        case SIN -> {
          return FloatMath.sin(s);
        }
        case COS -> {
          return FloatMath.cos(s);
        }
        default -> {}
      }
    }
    return kind.round(f.value(x));
  }

  @TestFactory
  List<DynamicTest> zip() {
    var tests = new ArrayList<DynamicTest>();
    for (Binary f : Binary.values()) {
      tests.add(DynamicTest.dynamicTest("zip " + f.call() + " / f32", () -> zip(Kind.F32, f)));
      tests.add(DynamicTest.dynamicTest("zip " + f.call() + " / f64", () -> zip(Kind.F64, f)));
    }
    return tests;
  }

  private static <A> void zip(Kind<A> kind, Binary f) {
    for (int n : Kind.SIZES) {
      A a = kind.awkward("a", 3 * n + 5);
      A b = kind.awkward("b", 3 * n + 5);
      for (int[] s : STRIDES) {
        A y = kind.array(n + 2);
        kind.kernels.zip(f, a, 2, s[0], b, 1, s[1], y, 1, n);
        kind.same(
            y,
            n + 2,
            i ->
                i == 0 || i == n + 1
                    ? 0
                    : kind.round(
                        f.value(kind.at(a, 2 + (i - 1) * s[0]), kind.at(b, 1 + (i - 1) * s[1]))));
      }
    }
  }

  @TestFactory
  List<DynamicTest> select() {
    return List.of(
        DynamicTest.dynamicTest("select / f32", () -> select(Kind.F32)),
        DynamicTest.dynamicTest("select / f64", () -> select(Kind.F64)));
  }

  private static <A> void select(Kind<A> kind) {
    for (int n : Kind.SIZES) {
      A c = kind.awkward("c", 2 * n + 3);
      A a = kind.awkward("a", 2 * n + 3);
      A b = kind.awkward("b", 2 * n + 3);
      for (int[] s : new int[][] {{1, 1, 1}, {1, 0, 1}, {0, 1, 1}, {2, 1, 0}, {1, 2, 2}}) {
        A y = kind.array(n);
        kind.kernels.select(c, 1, s[0], a, 2, s[1], b, 0, s[2], y, 0, n);
        kind.same(
            y,
            n,
            i -> kind.at(c, 1 + i * s[0]) != 0 ? kind.at(a, 2 + i * s[1]) : kind.at(b, i * s[2]));
      }
    }
  }
}
