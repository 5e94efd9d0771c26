package chainrule.benchmarks.kernels;

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
            .also(16384, 1024));
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
}
