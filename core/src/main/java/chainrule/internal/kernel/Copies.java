package chainrule.internal.kernel;

import java.util.Arrays;

/**
 * Moves elements of any type between arrays; but for {@link #cast}, nothing is computed, so nothing
 * rounds.
 */
public final class Copies {
  private Copies() {}

  static IllegalArgumentException notNumbers(Object array) {
    return new IllegalArgumentException("not an array of numbers: " + array.getClass());
  }

  /**
   * {@code dst[dstOffset + Σ iₖ·dstStridesₖ] = src[srcOffset + Σ iₖ·srcStridesₖ]} for all indices
   * in {@code dims}. Strides of the source may be 0, strides of both negative; no element of the
   * destination is named twice.
   */
  public static void strided(
      Object src,
      int srcOffset,
      int[] srcStrides,
      Object dst,
      int dstOffset,
      int[] dstStrides,
      int[] dims) {
    Moves.run(src, srcOffset, srcStrides, dst, dstOffset, dstStrides, dims);
  }

  /**
   * {@code dst[dstOffset + r·dstRow + j] = src[srcOffset + r·srcRow + j]}: {@code rows} lines of
   * {@code n} elements.
   */
  public static void rows(
      Object src,
      int srcOffset,
      int srcRow,
      Object dst,
      int dstOffset,
      int dstRow,
      int rows,
      int n) {
    Moves.rows(src, srcOffset, srcRow, dst, dstOffset, dstRow, rows, n);
  }

  /** The same numbers in the destination's type, rounded to it as Java's casts do. */
  public static void cast(Object src, Object dst, int n) {
    Casts.run(src, dst, n);
  }

  /** {@code array[from … to−1] = 0}. */
  static void zeros(Object array, int from, int to) {
    switch (array) {
      case float[] y -> Arrays.fill(y, from, to, 0);
      case double[] y -> Arrays.fill(y, from, to, 0);
      case int[] y -> Arrays.fill(y, from, to, 0);
      default -> throw notNumbers(array);
    }
  }

  /** {@code dst[to + i·ts] = src[so + i·ss]}: one line of {@code n} elements. */
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
      default -> throw notNumbers(src);
    }
  }

  /**
   * {@code dst[o, i, j] = src[o, index[o, i, j], j]}, with {@code src} of {@code outer × size ×
   * inner} and {@code dst} and {@code index} of {@code outer × n × inner}.
   */
  public static void gather(
      Object src, int[] index, Object dst, int outer, int size, int n, int inner) {
    Picks.run(false, src, index, dst, outer, size, n, inner);
  }

  /** {@code dst[o, i, ·] = src[o, index[i], ·]}, whole blocks of {@code inner} elements. */
  public static void indexSelect(
      Object src, int[] index, Object dst, int outer, int size, int inner) {
    Picks.run(true, src, index, dst, outer, size, index.length, inner);
  }
}
