package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Split;
import java.util.List;

/** Sums and searches along one axis of a matrix. */
final class ReductionKernels {
  private ReductionKernels() {}

  static List<Kernel> all() {
    return List.of(
        read("sum_rows", ReductionKernels::sumRows).quick(16384, 1024),
        read("sum_columns", ReductionKernels::sumColumns).quick(16384, 1024),
        read("argmax_rows", ReductionKernels::argmaxRows).at(16384, 1024),
        Kernel.bytes("reduce", "cumsum_rows", d -> 8.0 * d[0] * d[1], ReductionKernels::cumsum)
            .at(16384, 1024));
  }

  private static Kernel read(String name, Kernel.Setup setup) {
    return Kernel.bytes("reduce", name, d -> 4.0 * d[0] * d[1], setup);
  }

  private static Kernel.Body sumRows(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[d[0]];
    return () -> {
      Split.sum(KernelChoice.F32, x, y, d[0], d[1], 1);
      return y;
    };
  }

  private static Kernel.Body sumColumns(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[d[1]];
    return () -> {
      Split.sum(KernelChoice.F32, x, y, 1, d[0], d[1]);
      return y;
    };
  }

  private static Kernel.Body argmaxRows(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] y = new int[d[0]];
    return () -> {
      KernelChoice.F32.argExtreme(x, y, d[0], d[1], 1, false);
      return y;
    };
  }

  private static Kernel.Body cumsum(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    float[] y = new float[d[0] * d[1]];
    return () -> {
      KernelChoice.F32.cumsum(x, y, d[0], d[1], 1, false);
      return y;
    };
  }
}
