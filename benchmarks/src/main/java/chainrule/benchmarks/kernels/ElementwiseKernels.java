package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.Split;
import chainrule.math.Binary;
import chainrule.math.Unary;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Tensor;
import java.util.List;

/** Functions of single elements, on arrays beyond the caches. */
final class ElementwiseKernels {
  private static final int LARGE = 1 << 24;

  private ElementwiseKernels() {}

  static List<Kernel> all() {
    return List.of(
        map("relu", Unary.RELU).also(LARGE),
        map("exp", Unary.EXP).quick(LARGE),
        map("log", Unary.LOG).also(LARGE),
        map("tanh", Unary.TANH).quick(LARGE),
        map("sigmoid", Unary.SIGMOID).also(LARGE),
        map("erf", Unary.ERF).also(LARGE),
        Kernel.bytes("map", "gelu", d -> 8.0 * d[0], ElementwiseKernels::gelu).quick(LARGE),
        zip("add", Binary.ADD).quick(LARGE),
        zip("mul", Binary.MUL).quick(LARGE),
        Kernel.bytes("zip", "add_row", d -> 8.0 * d[0] * d[1], ElementwiseKernels::addRow)
            .also(16384, 1024),
        Kernel.bytes("zip", "select", d -> 16.0 * d[0], ElementwiseKernels::select).at(LARGE));
  }

  private static Kernel map(String name, Unary f) {
    return Kernel.bytes(
        "map",
        name,
        d -> 8.0 * d[0],
        d -> Data.kernel(new Elementwise.Map(f), f == Unary.LOG ? positive(d) : Data.tensor(d)));
  }

  private static Tensor positive(int[] d) {
    return Data.tensor(d).abs().add(0.0625);
  }

  private static Kernel.Body gelu(int[] d) {
    Tensor x = Data.tensor(d);
    return x::gelu;
  }

  private static Kernel zip(String name, Binary f) {
    return Kernel.bytes(
        "zip",
        name,
        d -> 12.0 * d[0],
        d -> Data.kernel(new Elementwise.Zip(f), Data.tensor(d), Data.tensor(d)));
  }

  /** A row is added to every row of a matrix. */
  private static Kernel.Body addRow(int[] d) {
    return Data.kernel(new Elementwise.Zip(Binary.ADD), Data.tensor(d), Data.tensor(d[1]));
  }

  /** Elements of one array or the other, as a third tells. */
  private static Kernel.Body select(int[] d) {
    int[] dense = {1};
    float[] a = Data.floats(d[0]);
    float[] b = Data.floats(d[0]);
    float[] c = new float[d[0]];
    for (int i = 0; i < d[0]; i++) {
      c[i] = a[i] > 0 ? 1 : 0;
    }
    float[] y = new float[d[0]];
    return Data.into(y, () -> Split.select(Data.F32, c, dense, a, dense, b, dense, y, d));
  }
}
