package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.Split;
import java.util.List;

/** Sums and searches along one axis of a matrix. */
final class ReductionKernels {
  private ReductionKernels() {}

  static List<Kernel> all() {
    return List.of(
        read("sum_rows", d -> sum(d, d[0], d[1], 1)).quick(16384, 1024),
        read("sum_columns", d -> sum(d, 1, d[0], d[1])).quick(16384, 1024),
        read("argmax_rows", d -> argmax(d, d[0], d[1], 1)).also(16384, 1024),
        read("argmax_columns", d -> argmax(d, 1, d[0], d[1])).also(16384, 1024),
        Kernel.bytes("reduce", "cumsum_rows", d -> 8.0 * d[0] * d[1], ReductionKernels::cumsum)
            .also(16384, 1024),
        Kernel.bytes("reduce", "sort_rows", d -> 8.0 * d[0] * d[1], ReductionKernels::sort)
            .also(1024, 1024));
  }

  private static Kernel read(String name, Kernel.Setup setup) {
    return Kernel.bytes("reduce", name, d -> 4.0 * d[0] * d[1], setup);
  }

  private static Kernel.Body sum(int[] d, int outer, int n, int inner) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[outer * inner];
    return Data.into(y, () -> Split.sum(Data.F32, x, y, outer, n, inner));
  }

  private static Kernel.Body argmax(int[] d, int outer, int n, int inner) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] y = new int[outer * inner];
    return Data.into(y, () -> Split.argExtreme(Data.F32, x, y, outer, n, inner, false));
  }

  private static Kernel.Body cumsum(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[x.length];
    return Data.into(y, () -> Data.F32.cumsum(x, y, d[0], d[1], 1, false));
  }

  private static Kernel.Body sort(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] y = new int[x.length];
    return Data.into(y, () -> Data.F32.argSort(x, y, d[0], d[1], 1, false));
  }
}
