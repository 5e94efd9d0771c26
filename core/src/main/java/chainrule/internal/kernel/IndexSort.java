package chainrule.internal.kernel;

import java.util.function.IntBinaryOperator;

/** A stable merge sort of indices, bottom up, without boxing. */
final class IndexSort {
  private IndexSort() {}

  /**
   * For each line of {@code outer × n × inner}, writes the order that sorts it.
   *
   * @param compare compares two elements by their positions in the whole array
   */
  static void lines(int[] y, int outer, int n, int inner, IntBinaryOperator compare) {
    int[] order = new int[n];
    int[] spare = new int[n];
    for (int o = 0; o < outer; o++) {
      for (int j = 0; j < inner; j++) {
        int base = o * n * inner + j;
        for (int i = 0; i < n; i++) {
          order[i] = i;
        }
        int[] sorted = sort(order, spare, base, inner, compare);
        for (int i = 0; i < n; i++) {
          y[base + i * inner] = sorted[i];
        }
      }
    }
  }

  private static int[] sort(
      int[] order, int[] spare, int base, int inner, IntBinaryOperator compare) {
    int n = order.length;
    int[] from = order;
    int[] to = spare;
    for (int width = 1; width < n; width *= 2) {
      for (int start = 0; start < n; start += 2 * width) {
        int middle = Math.min(n, start + width);
        int end = Math.min(n, start + 2 * width);
        int left = start;
        int right = middle;
        for (int i = start; i < end; i++) {
          boolean takeLeft =
              left < middle
                  && (right >= end
                      || compare.applyAsInt(base + from[left] * inner, base + from[right] * inner)
                          <= 0);
          to[i] = takeLeft ? from[left++] : from[right++];
        }
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }
}
