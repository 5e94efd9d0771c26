package chainrule.parity;

import static org.assertj.core.api.Assertions.assertThat;

import chainrule.internal.kernel.KernelChoice;
import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The matrix product: each element one chain of fused multiply-adds, whatever is around it. */
class MatMulParityTest {
  @BeforeAll
  static void noLoopIsHeldBack() throws InterruptedException {
    KernelChoice.F32.settle();
    KernelChoice.F64.settle();
  }

  @TestFactory
  List<DynamicTest> products() {
    var tests = new ArrayList<DynamicTest>();
    int[] sizes = Kind.SIZES;
    for (int i = 0; i < sizes.length; i++) {
      int m = sizes[(i * 4 + 1) % (sizes.length - 1)];
      int k = sizes[i];
      int n = sizes[(i * 7 + 3) % (sizes.length - 1)];
      tests.add(test(Kind.F32, m, k, n));
      tests.add(test(Kind.F64, m, k, n));
    }
    tests.add(test(Kind.F32, 1, 1023, 1));
    tests.add(test(Kind.F64, 100, 3, 100));
    return tests;
  }

  private static <A> DynamicTest test(Kind<A> kind, int m, int k, int n) {
    return DynamicTest.dynamicTest(
        "matmul " + m + "×" + k + "×" + n + " / " + kind,
        () -> {
          for (int flags = 0; flags < 4; flags++) {
            boolean ta = (flags & 1) != 0;
            boolean tb = (flags & 2) != 0;
            product(
                kind, kind.numbers("a", m * k + 2), ta, kind.numbers("b", k * n + 3), tb, m, k, n);
            product(
                kind, kind.awkward("a", m * k + 2), ta, kind.awkward("b", k * n + 3), tb, m, k, n);
          }
        });
  }

  private static <A> void product(
      Kind<A> kind, A a, boolean ta, A b, boolean tb, int m, int k, int n) {
    A c = kind.array(m * n + 1);
    kind.kernels.matmul(a, 2, ta, b, 3, tb, c, 1, m, k, n);
    kind.same(
        c,
        m * n + 1,
        at -> {
          if (at == 0) {
            return 0;
          }
          int i = (at - 1) / n;
          int j = (at - 1) % n;
          double chain = 0;
          for (int p = 0; p < k; p++) {
            double left = kind.at(a, 2 + (ta ? p * m + i : i * k + p));
            double right = kind.at(b, 3 + (tb ? j * k + p : p * n + j));
            chain = kind.fma(left, right, chain);
          }
          return chain;
        });
  }

  @Test
  void aRowDoesNotDependOnItsBatch() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Tensor x = Tensor.randn(dtype, new Philox(1), 300, 130);
      Tensor w = Tensor.randn(dtype, new Philox(2), 70, 130);
      Tensor all = x.matmul(w, false, true);
      for (int row : new int[] {0, 1, 17, 255, 256, 299}) {
        Tensor alone = x.slice(0, row, row + 1).matmul(w, false, true);
        assertThat(alone.sameBits(all.slice(0, row, row + 1))).as("row " + row).isTrue();
      }
      Tensor few = x.slice(0, 40, 47).matmul(w.t());
      assertThat(few.sameBits(all.slice(0, 40, 47))).isTrue();
    }
  }

  @Test
  void batchesBroadcastAsLoopsWould() {
    int[][][] cases = {
      {{5, 2, 3}, {3, 4}},
      {{2, 3}, {5, 3, 4}},
      {{2, 1, 2, 3}, {3, 3, 4}},
      {{1, 2, 3}, {6, 3, 4}},
      {{2, 2, 2, 3}, {1, 1, 3, 4}},
      {{0, 2, 3}, {3, 4}},
      {{4, 2, 0}, {4, 0, 3}},
      {{40, 1, 9, 30}, {3, 30, 50}},
      {{3, 101, 120}, {3, 120, 99}},
      {{101, 120}, {2, 120, 99}},
    };
    for (int[][] shapes : cases) {
      Tensor a = Tensor.randn(DType.F64, new Philox(3), shapes[0]);
      Tensor b = Tensor.randn(DType.F64, new Philox(4), shapes[1]);
      for (boolean ta : new boolean[] {false, true}) {
        for (boolean tb : new boolean[] {false, true}) {
          Tensor y = (ta ? a.t() : a).matmul(tb ? b.t() : b, ta, tb);
          assertThat(y.sameBits(byHand(a, b))).as(a.shape() + " × " + b.shape()).isTrue();
        }
      }
    }
  }

  private static Tensor byHand(Tensor a, Tensor b) {
    int rank = Math.max(a.rank(), b.rank());
    int m = a.size(-2);
    int k = a.size(-1);
    int n = b.size(-1);
    var dims = new int[rank];
    int total = 1;
    for (int d = 0; d < rank - 2; d++) {
      dims[d] = Math.max(size(a, rank, d), size(b, rank, d));
      dims[d] = Math.min(size(a, rank, d), size(b, rank, d)) == 0 ? 0 : dims[d];
      total *= dims[d];
    }
    dims[rank - 2] = m;
    dims[rank - 1] = n;
    var out = new double[total * m * n];
    double[] x = a.toDoubleArray();
    double[] w = b.toDoubleArray();
    for (int batch = 0; batch < total; batch++) {
      int ao = offset(a, dims, batch) * m * k;
      int bo = offset(b, dims, batch) * k * n;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double chain = 0;
          for (int p = 0; p < k; p++) {
            chain = Math.fma(x[ao + i * k + p], w[bo + p * n + j], chain);
          }
          out[(batch * m + i) * n + j] = chain;
        }
      }
    }
    return Tensor.of(out, dims);
  }

  private static int size(Tensor x, int rank, int d) {
    int own = d - (rank - x.rank());
    return own < 0 ? 1 : x.size(own);
  }

  private static int offset(Tensor x, int[] dims, int batch) {
    int rest = batch;
    int offset = 0;
    int step = 1;
    for (int d = dims.length - 3; d >= 0; d--) {
      int at = rest % dims[d];
      rest /= dims[d];
      int size = size(x, dims.length, d);
      offset += (size == 1 ? 0 : at) * step;
      step *= size;
    }
    return offset;
  }
}
