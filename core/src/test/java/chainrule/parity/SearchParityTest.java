package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Positions of extremes and sorted orders: NaN, ties and stability. */
class SearchParityTest {
  @TestFactory
  List<DynamicTest> sizes() {
    var tests = new ArrayList<DynamicTest>();
    for (int n : Kind.SIZES) {
      tests.add(DynamicTest.dynamicTest("argsort " + n + " / f32", () -> sort(Kind.F32, n)));
      tests.add(DynamicTest.dynamicTest("argsort " + n + " / f64", () -> sort(Kind.F64, n)));
      if (n > 0) {
        tests.add(DynamicTest.dynamicTest("argmax " + n + " / f32", () -> extreme(Kind.F32, n)));
        tests.add(DynamicTest.dynamicTest("argmax " + n + " / f64", () -> extreme(Kind.F64, n)));
      }
    }
    return tests;
  }

  /** Small integers, so that ties abound, and NaN here and there. */
  private static <A> A ties(Kind<A> kind, int n, boolean nan) {
    A x = kind.numbers("ties", n);
    for (int i = 0; i < n; i++) {
      double v = Math.rint(2 * kind.at(x, i));
      kind.put(x, i, nan && i % 13 == 5 ? Double.NaN : v);
    }
    return x;
  }

  private static <A> void sort(Kind<A> kind, int n) {
    int outer = 2;
    int inner = 3;
    A x = ties(kind, outer * n * inner, true);
    for (boolean descending : new boolean[] {false, true}) {
      var order = new int[outer * n * inner];
      kind.kernels.argSort(x, order, outer, n, inner, descending);
      for (int line = 0; line < outer * inner; line++) {
        int base = line / inner * n * inner + line % inner;
        Comparator<Integer> byValue =
            Comparator.comparingDouble(i -> zero(kind.at(x, base + i * inner)));
        List<Integer> expected =
            IntStream.range(0, n)
                .boxed()
                .sorted(descending ? byValue.reversed() : byValue)
                .toList();
        List<Integer> actual =
            IntStream.range(0, n).mapToObj(i -> order[base + i * inner]).toList();
        assertThat(actual).isEqualTo(expected);
      }
    }
  }

  /** Both zeros compare as equal; {@link Double#compare} already takes NaN as the largest. */
  private static double zero(double v) {
    return v == 0 ? 0 : v;
  }

  private static <A> void extreme(Kind<A> kind, int n) {
    for (boolean nan : new boolean[] {false, true}) {
      A x = ties(kind, 2 * n * 3, nan);
      for (boolean smallest : new boolean[] {false, true}) {
        var found = new int[6];
        kind.kernels.argExtreme(x, found, n, 3, 0, 6, smallest);
        for (int line = 0; line < 6; line++) {
          int base = line / 3 * n * 3 + line % 3;
          double[] values =
              IntStream.range(0, n).mapToDouble(i -> kind.at(x, base + i * 3)).toArray();
          assertThat(found[line]).isEqualTo(first(values, smallest));
        }
      }
    }
  }

  /** The first NaN if there is one, else the first of the extreme values. */
  private static int first(double[] values, boolean smallest) {
    for (int i = 0; i < values.length; i++) {
      if (Double.isNaN(values[i])) {
        return i;
      }
    }
    double best =
        smallest
            ? Arrays.stream(values).min().orElseThrow()
            : Arrays.stream(values).max().orElseThrow();
    return IntStream.range(0, values.length)
        .filter(i -> values[i] == best)
        .findFirst()
        .orElseThrow();
  }
}
