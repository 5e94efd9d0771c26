package chainrule.parity;

import chainrule.internal.kernel.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sums in their specified order, running sums, and adding at indices. */
class ReductionParityTest {
  private interface Check {
    <A> void run(Kind<A> kind, int n);
  }

  private static List<DynamicTest> everywhere(String name, Check check) {
    var tests = new ArrayList<DynamicTest>();
    for (int n : Kind.SIZES) {
      tests.add(DynamicTest.dynamicTest(name + " " + n + " / f32", () -> check.run(Kind.F32, n)));
      tests.add(DynamicTest.dynamicTest(name + " " + n + " / f64", () -> check.run(Kind.F64, n)));
    }
    return tests;
  }

  /** Element i to lane i mod 64, then 32, 16 … 1 by halves; empty lanes take no part. */
  private static <A> double lanes(Kind<A> kind, A x, int from, int n) {
    if (n == 0) {
      return 0;
    }
    var lanes = new double[64];
    var used = new boolean[64];
    for (int i = 0; i < n; i++) {
      double v = kind.at(x, from + i);
      lanes[i % 64] = used[i % 64] ? kind.round(lanes[i % 64] + v) : v;
      used[i % 64] = true;
    }
    for (int half = 32; half >= 1; half /= 2) {
      for (int j = 0; j < half; j++) {
        if (used[j + half]) {
          lanes[j] = kind.round(lanes[j] + lanes[j + half]);
        }
      }
    }
    return lanes[0];
  }

  @TestFactory
  List<DynamicTest> sumInner() {
    return everywhere(
        "sumInner",
        new Check() {
          @Override
          public <A> void run(Kind<A> kind, int n) {
            for (A x : List.of(kind.numbers("x", 5 * n), kind.awkward("x", 5 * n))) {
              A y = kind.array(5);
              kind.kernels.sumInner(x, y, 1, 4, n);
              kind.same(y, 5, r -> r == 0 || r == 4 ? 0 : lanes(kind, x, r * n, n));
            }
          }
        });
  }

  /** Rows in order, in chunks of 256; chunks in order. */
  private static <A> double column(Kind<A> kind, A x, int at, int n, int inner) {
    double total = 0;
    for (int start = 0; start < n; start += 256) {
      double chunk = kind.at(x, at + start * inner);
      for (int i = start + 1; i < Math.min(n, start + 256); i++) {
        chunk = kind.round(chunk + kind.at(x, at + i * inner));
      }
      total = start == 0 ? chunk : kind.round(total + chunk);
    }
    return total;
  }

  @TestFactory
  List<DynamicTest> sumOuter() {
    return everywhere(
        "sumOuter",
        new Check() {
          @Override
          public <A> void run(Kind<A> kind, int n) {
            for (int inner : new int[] {1, 7, 33}) {
              int from = inner / 4;
              A x = kind.numbers("x", n * inner + 3);
              A awkward = kind.awkward("x", n * inner + 3);
              for (A data : List.of(x, awkward)) {
                A y = kind.numbers("y", inner + 2);
                A before = kind.copy(y, inner + 2);
                kind.kernels.sumOuter(data, 3, y, 2, n, inner, from, inner);
                kind.same(
                    y,
                    inner + 2,
                    j ->
                        j < 2 + from
                            ? kind.at(before, j)
                            : column(kind, data, 3 + j - 2, n, inner));
              }
            }
          }
        });
  }

  /** Shapes whose sums are split in each of the ways there are. */
  @TestFactory
  List<DynamicTest> splitSums() {
    int[][] shapes = {
      {1, 300_001, 1},
      {70_001, 3, 1},
      {1, 200, 700},
      {3, 100, 4000},
      {1, 1000, 300},
      {2, 40_001, 7},
      {1, 70_001, 3},
      {900, 17, 19},
      {5, 0, 3},
      {0, 4, 5},
      {4, 300, 0}
    };
    var tests = new ArrayList<DynamicTest>();
    for (int[] s : shapes) {
      String name = Arrays.toString(s);
      tests.add(DynamicTest.dynamicTest("split " + name + " / f32", () -> split(Kind.F32, s)));
      tests.add(DynamicTest.dynamicTest("split " + name + " / f64", () -> split(Kind.F64, s)));
    }
    return tests;
  }

  private static <A> void split(Kind<A> kind, int[] shape) {
    int n = shape[1];
    int inner = shape[2];
    A x = kind.numbers("x", shape[0] * n * inner);
    A y = kind.array(shape[0] * inner);
    Split.sum(kind.kernels, x, y, shape[0], n, inner);
    kind.same(
        y,
        shape[0] * inner,
        at ->
            n == 0
                ? 0
                : inner == 1
                    ? lanes(kind, x, at * n, n)
                    : column(kind, x, at / inner * n * inner + at % inner, n, inner));
  }

  @TestFactory
  List<DynamicTest> cumsum() {
    return everywhere(
        "cumsum",
        new Check() {
          @Override
          public <A> void run(Kind<A> kind, int n) {
            for (boolean reverse : new boolean[] {false, true}) {
              int inner = 3;
              A x = kind.awkward("x", 2 * n * inner);
              A y = kind.array(2 * n * inner);
              kind.kernels.cumsum(x, y, 2, n, inner, reverse);
              var expected = new double[2 * n * inner];
              for (int line = 0; line < 2 * inner && n > 0; line++) {
                int start = line / inner * n * inner + line % inner;
                for (int i = 0; i < n; i++) {
                  int at = start + (reverse ? n - 1 - i : i) * inner;
                  int last = at + (reverse ? inner : -inner);
                  double v = kind.at(x, at);
                  expected[at] = i == 0 ? v : kind.round(expected[last] + v);
                }
              }
              kind.same(y, expected.length, i -> expected[i]);
            }
          }
        });
  }

  @TestFactory
  List<DynamicTest> scatterAdd() {
    return everywhere(
        "scatterAdd",
        new Check() {
          @Override
          public <A> void run(Kind<A> kind, int n) {
            int outer = 2;
            int inner = 3;
            int size = 5;
            A src = kind.awkward("src", outer * n * inner);
            var index = new int[outer * n * inner];
            for (int i = 0; i < index.length; i++) {
              index[i] = (i * 7 + i / 5) % size;
            }
            A y = kind.array(outer * size * inner);
            kind.kernels.scatterAdd(src, index, y, n, inner, size, 0, outer * inner);
            var expected = new double[outer * size * inner];
            for (int at = 0; at < index.length; at++) {
              int to = (at / (n * inner) * size + index[at]) * inner + at % inner;
              expected[to] = kind.round(expected[to] + kind.at(src, at));
            }
            kind.same(y, expected.length, i -> expected[i]);

            A rows = kind.array(outer * size * inner);
            var places = new int[n];
            for (int i = 0; i < n; i++) {
              places[i] = (i * 3 + 1) % size;
            }
            kind.kernels.indexAdd(src, places, rows, n, inner, size, 0, outer * inner);
            var sums = new double[outer * size * inner];
            for (int at = 0; at < outer * n * inner; at++) {
              int place = places[at / inner % n];
              int to = (at / (n * inner) * size + place) * inner + at % inner;
              sums[to] = kind.round(sums[to] + kind.at(src, at));
            }
            kind.same(rows, sums.length, i -> sums[i]);
          }
        });
  }
}
