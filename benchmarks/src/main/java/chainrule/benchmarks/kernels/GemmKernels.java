package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.KernelChoice;
import java.util.List;

/**
 * Matrix products, m×k·k×n; {@code nt} and {@code tn} name the transposed operand, as BLAS does.
 */
final class GemmKernels {
  private GemmKernels() {}

  static List<Kernel> all() {
    return List.of(
        // a linear layer of 784 inputs and 128 outputs at a batch of 64: forward, dW and dX
        single("sgemm", false, false)
            .quick(64, 64, 64)
            .at(128, 128, 128)
            .at(256, 256, 256)
            .quick(512, 512, 512)
            .quick(1024, 1024, 1024)
            .at(2048, 2048, 2048)
            .at(64, 784, 128)
            .quick(64, 128, 784)
            .at(1024, 1024, 1),
        single("sgemm_nt", false, true).quick(64, 784, 128).at(1, 1024, 1024),
        single("sgemm_tn", true, false).quick(128, 64, 784),
        Kernel.flopsF64("gemm", "dgemm", GemmKernels::flops, GemmKernels::doubles)
            .quick(512, 512, 512)
            .at(1024, 1024, 1024));
  }

  private static Kernel single(String name, boolean ta, boolean tb) {
    return Kernel.flops("gemm", name, GemmKernels::flops, d -> floats(d, ta, tb));
  }

  private static double flops(int[] d) {
    return 2.0 * d[0] * d[1] * d[2];
  }

  private static Kernel.Body floats(int[] d, boolean ta, boolean tb) {
    float[] a = Data.floats(d[0] * d[1]);
    float[] b = Data.floats(d[1] * d[2]);
    float[] c = new float[d[0] * d[2]];
    return () -> {
      KernelChoice.F32.matmul(a, 0, ta, b, 0, tb, c, 0, d[0], d[1], d[2]);
      return c;
    };
  }

  private static Kernel.Body doubles(int[] d) {
    double[] a = Data.doubles(d[0] * d[1]);
    double[] b = Data.doubles(d[1] * d[2]);
    double[] c = new double[d[0] * d[2]];
    return () -> {
      KernelChoice.F64.matmul(a, 0, false, b, 0, false, c, 0, d[0], d[1], d[2]);
      return c;
    };
  }
}
