package chainrule.benchmarks.kernels;

import chainrule.internal.kernel.Copies;
import chainrule.internal.kernel.Split;
import java.util.List;

/** Elements that change their places: permutation, embedding lookup and its adjoint. */
final class MovementKernels {
  private static final int VOCABULARY = 4096;

  private MovementKernels() {}

  static List<Kernel> all() {
    return List.of(
        Kernel.bytes("move", "transpose", d -> 8.0 * d[0] * d[1], d -> permute(d, 1, 0))
            .at(1000, 1000)
            .at(4096, 4096)
            .also(65536, 64),
        // attention's: batch × time × head × width to batch × head × time × width
        Kernel.bytes(
                "move",
                "permute_heads",
                d -> 8.0 * d[0] * d[1] * d[2] * d[3],
                d -> permute(d, 0, 2, 1, 3))
            .quick(64, 256, 8, 64),
        // the last two dimensions of a batch of matrices
        Kernel.bytes(
                "move", "transpose_batch", d -> 8.0 * d[0] * d[1] * d[2], d -> permute(d, 0, 2, 1))
            .at(1024, 64, 64),
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

  /** Dimension i of the result is dimension {@code order[i]} of the array. */
  private static Kernel.Body permute(int[] dims, int... order) {
    int[] strides = strides(dims);
    int[] to = new int[dims.length];
    int[] from = new int[dims.length];
    for (int i = 0; i < dims.length; i++) {
      to[i] = dims[order[i]];
      from[i] = strides[order[i]];
    }
    int[] dense = strides(to);
    float[] x = Data.floats(strides[0] * dims[0]);
    float[] y = new float[x.length];
    return Data.into(y, () -> Copies.strided(x, 0, from, y, 0, dense, to));
  }

  private static int[] strides(int[] dims) {
    int[] strides = new int[dims.length];
    int step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= dims[i];
    }
    return strides;
  }

  private static Kernel.Body embedding(int[] d) {
    float[] table = Data.floats(VOCABULARY * d[1]);
    int[] at = Data.places(VOCABULARY, d[0]);
    float[] y = new float[d[0] * d[1]];
    return Data.into(y, () -> Copies.indexSelect(table, at, y, 1, VOCABULARY, d[1]));
  }

  private static Kernel.Body indexAdd(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] at = Data.places(VOCABULARY, d[0]);
    float[] table = new float[VOCABULARY * d[1]];
    return Data.into(
        table, () -> Split.indexAdd(Data.F32, x, at, table, 1, d[0], d[1], VOCABULARY));
  }

  private static Kernel.Body gather(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] at = Data.places(d[1], x.length);
    float[] y = new float[x.length];
    return Data.into(y, () -> Copies.gather(x, at, y, d[0], d[1], d[1], 1));
  }

  private static Kernel.Body scatterAdd(int[] d) {
    float[] x = Data.floats(d[0] * d[1]);
    int[] at = Data.places(d[1], x.length);
    float[] y = new float[x.length];
    return Data.into(y, () -> Split.scatterAdd(Data.F32, x, at, y, d[0], d[1], 1, d[1]));
  }
}
