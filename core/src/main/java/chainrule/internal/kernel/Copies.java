package chainrule.internal.kernel;

/** Moves elements of any type between strided arrays; nothing is computed, so nothing rounds. */
public final class Copies {
  private Copies() {}

  /**
   * {@code dst[dstOffset + Σ iₖ·dstStridesₖ] = src[srcOffset + Σ iₖ·srcStridesₖ]} for all indices
   * in {@code dims}. Strides may be 0 or negative.
   */
  public static void strided(
      Object src,
      int srcOffset,
      int[] srcStrides,
      Object dst,
      int dstOffset,
      int[] dstStrides,
      int[] dims) {
    for (int d : dims) {
      if (d == 0) {
        return;
      }
    }
    int rank = dims.length;
    while (rank > 0 && dims[rank - 1] == 1) {
      rank--;
    }
    if (rank == 0) {
      System.arraycopy(src, srcOffset, dst, dstOffset, 1);
      return;
    }
    walk(src, srcOffset, srcStrides, dst, dstOffset, dstStrides, dims, 0, rank);
  }

  private static void walk(
      Object src, int so, int[] ss, Object dst, int to, int[] ts, int[] dims, int d, int rank) {
    if (d == rank - 1) {
      line(src, so, ss[d], dst, to, ts[d], dims[d]);
      return;
    }
    for (int i = 0; i < dims[d]; i++) {
      walk(src, so + i * ss[d], ss, dst, to + i * ts[d], ts, dims, d + 1, rank);
    }
  }

  static void line(Object src, int so, int ss, Object dst, int to, int ts, int n) {
    if (ss == 1 && ts == 1) {
      System.arraycopy(src, so, dst, to, n);
      return;
    }
    switch (src) {
      case float[] x -> {
        float[] y = (float[]) dst;
        for (int i = 0; i < n; i++) {
          y[to + i * ts] = x[so + i * ss];
        }
      }
      case double[] x -> {
        double[] y = (double[]) dst;
        for (int i = 0; i < n; i++) {
          y[to + i * ts] = x[so + i * ss];
        }
      }
      case int[] x -> {
        int[] y = (int[]) dst;
        for (int i = 0; i < n; i++) {
          y[to + i * ts] = x[so + i * ss];
        }
      }
      default -> throw new IllegalArgumentException("not an array of numbers: " + src.getClass());
    }
  }

  /**
   * {@code dst[o, i, j] = src[o, index[o, i, j], j]}, with {@code src} of {@code outer × size ×
   * inner} and {@code dst} and {@code index} of {@code outer × n × inner}.
   */
  public static void gather(
      Object src, int[] index, Object dst, int outer, int size, int n, int inner) {
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < n; i++) {
        int at = (o * n + i) * inner;
        switch (src) {
          case float[] x -> {
            float[] y = (float[]) dst;
            for (int j = 0; j < inner; j++) {
              y[at + j] = x[(o * size + index[at + j]) * inner + j];
            }
          }
          case double[] x -> {
            double[] y = (double[]) dst;
            for (int j = 0; j < inner; j++) {
              y[at + j] = x[(o * size + index[at + j]) * inner + j];
            }
          }
          case int[] x -> {
            int[] y = (int[]) dst;
            for (int j = 0; j < inner; j++) {
              y[at + j] = x[(o * size + index[at + j]) * inner + j];
            }
          }
          default ->
              throw new IllegalArgumentException("not an array of numbers: " + src.getClass());
        }
      }
    }
  }

  /** {@code dst[o, i, ·] = src[o, index[i], ·]}, whole blocks of {@code inner} elements. */
  public static void indexSelect(
      Object src, int[] index, Object dst, int outer, int size, int inner) {
    int n = index.length;
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < n; i++) {
        System.arraycopy(src, (o * size + index[i]) * inner, dst, (o * n + i) * inner, inner);
      }
    }
  }
}
