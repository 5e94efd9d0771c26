package chainrule.benchmarks.kernels;

import chainrule.tensor.LinearOp;
import chainrule.tensor.Search;
import chainrule.tensor.Shape;
import java.util.List;

/** Sums and searches along one axis of a matrix. */
final class ReductionKernels {
  private ReductionKernels() {}

  static List<Kernel> all() {
    return List.of(
        read("sum_rows", d -> Data.kernel(new LinearOp.SumTo(Shape.of(d[0], 1)), Data.tensor(d)))
            .quick(16384, 1024),
        read("sum_columns", d -> Data.kernel(new LinearOp.SumTo(Shape.of(1, d[1])), Data.tensor(d)))
            .quick(16384, 1024),
        read("argmax_rows", d -> Data.kernel(new Search.ArgExtreme(1, false), Data.tensor(d)))
            .also(16384, 1024),
        Kernel.bytes(
                "reduce",
                "cumsum_rows",
                d -> 8.0 * d[0] * d[1],
                d -> Data.kernel(new LinearOp.CumSum(1, false), Data.tensor(d)))
            .also(16384, 1024));
  }

  private static Kernel read(String name, Kernel.Setup setup) {
    return Kernel.bytes("reduce", name, d -> 4.0 * d[0] * d[1], setup);
  }
}
