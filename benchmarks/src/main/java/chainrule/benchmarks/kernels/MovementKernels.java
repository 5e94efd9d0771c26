package chainrule.benchmarks.kernels;

import chainrule.tensor.Indexed;
import chainrule.tensor.LinearOp;
import java.util.List;

/** Elements that change their places: permutation, embedding lookup and its adjoint. */
final class MovementKernels {
  private static final int VOCABULARY = 4096;

  private MovementKernels() {}

  static List<Kernel> all() {
    return List.of(
        Kernel.bytes(
                "move",
                "transpose",
                d -> 8.0 * d[0] * d[1],
                d -> Data.kernel(new LinearOp.Permute(1, 0), Data.tensor(d)))
            .also(4096, 4096),
        // attention's: batch × time × head × width to batch × head × time × width
        Kernel.bytes(
                "move",
                "permute_heads",
                d -> 8.0 * d[0] * d[1] * d[2] * d[3],
                d -> Data.kernel(new LinearOp.Permute(0, 2, 1, 3), Data.tensor(d)))
            .quick(64, 256, 8, 64),
        // rows of an embedding: dims are indices × width
        Kernel.bytes("index", "embedding", d -> 8.0 * d[0] * d[1], MovementKernels::embedding)
            .quick(65536, 128),
        Kernel.bytes("index", "embedding_add", d -> 12.0 * d[0] * d[1], MovementKernels::indexAdd)
            .at(65536, 128),
        // elements and their indices
        Kernel.bytes("index", "gather", d -> 12.0 * d[0] * d[1], MovementKernels::gather)
            .also(4096, 1024),
        Kernel.bytes("index", "scatter_add", d -> 16.0 * d[0] * d[1], MovementKernels::scatterAdd)
            .also(4096, 1024));
  }

  private static Kernel.Body embedding(int[] d) {
    return Data.kernel(
        new Indexed.IndexSelect(0), Data.tensor(VOCABULARY, d[1]), Data.indices(VOCABULARY, d[0]));
  }

  private static Kernel.Body indexAdd(int[] d) {
    return Data.kernel(
        new Indexed.IndexAdd(0, VOCABULARY), Data.tensor(d), Data.indices(VOCABULARY, d[0]));
  }

  private static Kernel.Body gather(int[] d) {
    return Data.kernel(new Indexed.Gather(1), Data.tensor(d), Data.indices(d[1], d));
  }

  private static Kernel.Body scatterAdd(int[] d) {
    return Data.kernel(new Indexed.ScatterAdd(1, d[1]), Data.tensor(d), Data.indices(d[1], d));
  }
}
