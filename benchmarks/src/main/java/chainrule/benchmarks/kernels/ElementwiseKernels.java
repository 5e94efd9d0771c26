package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Split;
import chainrule.math.Binary;
import chainrule.math.Unary;
import chainrule.tensor.Tensor;
import java.util.List;

/** Functions of single elements, on arrays beyond the caches. */
final class ElementwiseKernels {
  private static final int LARGE = 1 << 24;

  private ElementwiseKernels() {}

  static List<Kernel> all() {
    return List.of(
        map("relu", Unary.RELU).at(LARGE),
        map("exp", Unary.EXP).quick(LARGE),
        map("log", Unary.LOG).at(LARGE),
        map("tanh", Unary.TANH).quick(LARGE),
        map("sigmoid", Unary.SIGMOID).at(LARGE),
        map("erf", Unary.ERF).at(LARGE),
        Kernel.bytes("map", "gelu", d -> 8.0 * d[0], ElementwiseKernels::gelu).quick(LARGE),
        zip("add", Binary.ADD).quick(LARGE),
        zip("mul", Binary.MUL).quick(LARGE),
        Kernel.bytes("zip", "add_row", d -> 8.0 * d[0] * d[1], ElementwiseKernels::addRow)
            .at(16384, 1024));
  }

  private static Kernel map(String name, Unary f) {
    return Kernel.bytes("map", name, d -> 8.0 * d[0], d -> map(f, d[0]));
  }

  private static Kernel.Body map(Unary f, int n) {
    float[] x = Data.floats(n);
    for (int i = 0; f == Unary.LOG && i < n; i++) {
      x[i] = 2.0625f + x[i];
    }
    float[] y = new float[n];
    return () -> {
      Split.map(KernelChoice.F32, f, x, y, n);
      return y;
    };
  }

  private static Kernel.Body gelu(int[] d) {
    Tensor x = Data.tensor(d);
    return x::gelu;
  }

  private static Kernel zip(String name, Binary f) {
    return Kernel.bytes("zip", name, d -> 12.0 * d[0], d -> zip(f, d, new int[] {1}));
  }

  /** A row is added to every row of a matrix. */
  private static Kernel.Body addRow(int[] d) {
    return zip(Binary.ADD, d, new int[] {0, 1});
  }

  private static Kernel.Body zip(Binary f, int[] dims, int[] strides) {
    int n = 1;
    int[] contiguous = new int[dims.length];
    for (int i = dims.length - 1; i >= 0; i--) {
      contiguous[i] = n;
      n *= dims[i];
    }
    float[] a = Data.floats(n);
    float[] b = Data.floats(n);
    float[] y = new float[n];
    return () -> {
      Split.zip(KernelChoice.F32, f, a, contiguous, b, strides, y, dims);
      return y;
    };
  }
}
