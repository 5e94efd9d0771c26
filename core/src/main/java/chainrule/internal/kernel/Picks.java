package chainrule.internal.kernel;

/** Reads at indices along the middle axis of {@code outer × size × inner}. */
final class Picks {
  private Picks() {}

  /** Single elements, or whole blocks of {@code inner}. */
  static void run(
      boolean blocks, Object src, int[] index, Object dst, int outer, int size, int n, int inner) {
    if (outer == 0 || n == 0 || inner == 0) {
      return;
    }
    Ranges<Object> ranges =
        Ranges.on(null).array(src).array(dst).index(index).size(size).size(n).size(inner);
    if (blocks) {
      ranges.run(outer * n, Math.max(1, Split.GRAIN / inner), Picks::select);
    } else {
      ranges.run(outer * n * inner, Split.GRAIN, Picks::gather);
    }
  }

  private static void select(Ranges<Object> r, int from, int to) {
    Object x = r.array(0);
    Object y = r.array(1);
    int[] at = r.index();
    int size = r.n(0);
    int n = r.n(1);
    int inner = r.n(2);
    for (int line = from; line < to; line++) {
      int source = line / n * size + at[line % n];
      System.arraycopy(x, source * inner, y, line * inner, inner);
    }
  }

  private static void gather(Ranges<Object> r, int from, int to) {
    int[] at = r.index();
    int size = r.n(0);
    int n = r.n(1);
    int inner = r.n(2);
    switch (r.array(0)) {
      case float[] x -> gather(x, at, (float[]) r.array(1), from, to, size, n, inner);
      case double[] x -> gather(x, at, (double[]) r.array(1), from, to, size, n, inner);
      case int[] x -> gather(x, at, (int[]) r.array(1), from, to, size, n, inner);
      case Object x -> throw Copies.notNumbers(x);
    }
  }

  private static void gather(
      float[] x, int[] at, float[] y, int from, int to, int size, int n, int inner) {
    int p = from;
    while (p < to) {
      int line = p / inner;
      int j = p % inner;
      int base = line / n * size * inner + j;
      int end;
      if (inner == 1) {
        end = Split.end(p, n - line % n, to);
        for (; p < end; p++) {
          y[p] = x[base + at[p]];
        }
      } else {
        end = Split.end(p, inner - j, to);
        int shift = base - p;
        for (; p < end; p++) {
          y[p] = x[shift + p + at[p] * inner];
        }
      }
    }
  }

  private static void gather(
      double[] x, int[] at, double[] y, int from, int to, int size, int n, int inner) {
    int p = from;
    while (p < to) {
      int line = p / inner;
      int j = p % inner;
      int base = line / n * size * inner + j;
      int end;
      if (inner == 1) {
        end = Split.end(p, n - line % n, to);
        for (; p < end; p++) {
          y[p] = x[base + at[p]];
        }
      } else {
        end = Split.end(p, inner - j, to);
        int shift = base - p;
        for (; p < end; p++) {
          y[p] = x[shift + p + at[p] * inner];
        }
      }
    }
  }

  private static void gather(
      int[] x, int[] at, int[] y, int from, int to, int size, int n, int inner) {
    int p = from;
    while (p < to) {
      int line = p / inner;
      int j = p % inner;
      int base = line / n * size * inner + j;
      int end;
      if (inner == 1) {
        end = Split.end(p, n - line % n, to);
        for (; p < end; p++) {
          y[p] = x[base + at[p]];
        }
      } else {
        end = Split.end(p, inner - j, to);
        int shift = base - p;
        for (; p < end; p++) {
          y[p] = x[shift + p + at[p] * inner];
        }
      }
    }
  }
}
