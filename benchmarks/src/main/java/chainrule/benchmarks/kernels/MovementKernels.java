package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.Copies;
import chainrule.internal.kernel.KernelChoice;
import chainrule.tensor.Tensor;
import java.util.List;

/** Elements that change their places: permutation, embedding lookup and its adjoint. */
final class MovementKernels {
  private static final int VOCABULARY = 4096;

  private MovementKernels() {}

  static List<Kernel> all() {
    return List.of(
        Kernel.bytes("move", "transpose", d -> 8.0 * d[0] * d[1], MovementKernels::transpose)
            .at(4096, 4096),
        Kernel.bytes("move", "permute_heads", MovementKernels::moved, MovementKernels::heads)
            .quick(64, 256, 8, 64),
        Kernel.bytes("move", "slice", d -> 4.0 * d[0] * d[1], MovementKernels::slice)
            .at(16384, 1024),
        // rows of an embedding: dims are indices × width
        Kernel.bytes("index", "embedding", d -> 8.0 * d[0] * d[1], MovementKernels::embedding)
            .quick(65536, 128),
        Kernel.bytes("index", "embedding_add", d -> 12.0 * d[0] * d[1], MovementKernels::indexAdd)
            .at(65536, 128),
        Kernel.bytes("index", "gather", d -> 12.0 * d[0] * d[1], MovementKernels::gather)
            .at(4096, 1024),
        Kernel.bytes("index", "scatter_add", d -> 16.0 * d[0] * d[1], MovementKernels::scatterAdd)
            .at(4096, 1024));
  }

  private static double moved(int[] d) {
    return 8.0 * d[0] * d[1] * d[2] * d[3];
  }

  private static Kernel.Body transpose(int[] d) {
    Tensor x = Data.tensor(d);
    return () -> x.permute(1, 0);
  }

  /**
   * Attention's order of dimensions: batch × time × head × width to batch × head × time × width.
   */
  private static Kernel.Body heads(int[] d) {
    Tensor x = Data.tensor(d);
    return () -> x.permute(0, 2, 1, 3);
  }

  private static Kernel.Body slice(int[] d) {
    Tensor x = Data.tensor(d);
    return () -> x.slice(1, 0, Math.ceilDiv(d[1], 2));
  }

  private static Kernel.Body embedding(int[] d) {
    float[] table = Data.floats(VOCABULARY * d[1]);
    int[] index = Data.indices(d[0], VOCABULARY);
    float[] y = new float[d[0] * d[1]];
    return () -> {
      Copies.indexSelect(table, index, y, 1, VOCABULARY, d[1]);
      return y;
    };
  }

  private static Kernel.Body indexAdd(int[] d) {
    float[] source = Data.floats(d[0] * d[1]);
    int[] index = Data.indices(d[0], VOCABULARY);
    float[] table = new float[VOCABULARY * d[1]];
    return () -> {
      KernelChoice.F32.indexAdd(source, index, table, 1, d[0], d[1], VOCABULARY);
      return table;
    };
  }

  private static Kernel.Body gather(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] index = Data.indices(d[0] * d[1], d[1]);
    float[] y = new float[d[0] * d[1]];
    return () -> {
      Copies.gather(x, index, y, d[0], d[1], d[1], 1);
      return y;
    };
  }

  private static Kernel.Body scatterAdd(int[] d) {
    float[] source = Data.floats(d[0] * d[1]);
    int[] index = Data.indices(d[0] * d[1], d[1]);
    float[] y = new float[d[0] * d[1]];
    return () -> {
      KernelChoice.F32.scatterAdd(source, index, y, d[0], d[1], 1, d[1]);
      return y;
    };
  }
}
