package chainrule.internal.kernel;

/**
 * A stable merge sort of indices, bottom up, without boxing.
 *
 * <p>An object is one call; objects are used again.
 */
final class IndexSort {
  private static final Pool<IndexSort> SPARE = new Pool<>(IndexSort::new);
  private static final float[] NO_FLOATS = {};
  private static final double[] NO_DOUBLES = {};

  private float[] floats = NO_FLOATS;
  private double[] doubles = NO_DOUBLES;
  private boolean single;
  private boolean descending;
  private int[] order = {};
  private int[] spare = {};

  private IndexSort() {}

  /** For each line of {@code outer × n × inner}, writes the order that sorts it. */
  static void lines(float[] x, int[] y, int outer, int n, int inner, boolean descending) {
    IndexSort sort = SPARE.borrow();
    sort.single = true;
    sort.floats = x;
    sort.lines(y, outer, n, inner, descending);
  }

  /** The same of doubles. */
  static void lines(double[] x, int[] y, int outer, int n, int inner, boolean descending) {
    IndexSort sort = SPARE.borrow();
    sort.single = false;
    sort.doubles = x;
    sort.lines(y, outer, n, inner, descending);
  }

  private void lines(int[] y, int outer, int n, int inner, boolean downwards) {
    descending = downwards;
    if (order.length < n) {
      order = new int[n];
      spare = new int[n];
    }
    for (int o = 0; o < outer; o++) {
      for (int j = 0; j < inner; j++) {
        int base = o * n * inner + j;
        for (int i = 0; i < n; i++) {
          order[i] = i;
        }
        int[] sorted = sort(n, base, inner);
        for (int i = 0; i < n; i++) {
          y[base + i * inner] = sorted[i];
        }
      }
    }
    floats = NO_FLOATS;
    doubles = NO_DOUBLES;
    SPARE.giveBack(this);
  }

  private int[] sort(int n, int base, int inner) {
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
                      || inOrder(base + from[left] * inner, base + from[right] * inner));
          to[i] = takeLeft ? from[left++] : from[right++];
        }
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  /** Whether the element at {@code i} may stand before the one at {@code k}; NaN is the largest. */
  private boolean inOrder(int i, int k) {
    int first = descending ? k : i;
    int second = descending ? i : k;
    if (single) {
      float b = floats[second];
      return floats[first] <= b || Float.isNaN(b);
    }
    double b = doubles[second];
    return doubles[first] <= b || Double.isNaN(b);
  }
}
