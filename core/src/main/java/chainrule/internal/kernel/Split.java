package chainrule.internal.kernel;

import chainrule.math.Binary;
import chainrule.math.Unary;

/**
 * Splits elementwise work and reductions into tasks, by shape alone, and walks broadcast operands.
 */
public final class Split {
  /** Elements (or multiply-adds) that make a task worth handing to another thread. */
  static final int GRAIN = 1 << 16;

  private Split() {}

  /** How many rows make one task when a row costs {@code work} elementary steps. */
  static int rows(long work) {
    return Math.clamp(4L * GRAIN / Math.max(1, work), 1, GRAIN);
  }

  /** How many tasks of {@code block} cover {@code n}. */
  static int tasks(int n, int block) {
    return n / block + (n % block == 0 ? 0 : 1);
  }

  /** Where a task of {@code block} from {@code from} ends: {@code n} is at most 2³¹−1. */
  static int end(int from, int block, int n) {
    return n - from < block ? n : from + block;
  }

  /** {@code y = f(x)} over {@code n} elements. */
  public static <A> void map(Kernels<A> kernels, Unary f, A x, A y, int n) {
    if (n <= GRAIN) {
      kernels.map(f, x, 0, y, 0, n);
      return;
    }
    Threads.forEach(
        tasks(n, GRAIN),
        t -> {
          int from = t * GRAIN;
          kernels.map(f, x, from, y, from, end(from, GRAIN, n) - from);
        });
  }

  /** {@code y = f(a, b)} with the operands' strides over {@code dims}; y is contiguous. */
  public static <A> void zip(
      Kernels<A> kernels, Binary f, A a, int[] as, A b, int[] bs, A y, int[] dims) {
    var walk = new Walk(dims, as, bs);
    walk.run(
        (at, yo, n) -> kernels.zip(f, a, at[0], walk.inner(0), b, at[1], walk.inner(1), y, yo, n));
  }

  /** {@code y = c ≠ 0 ? a : b} with the operands' strides over {@code dims}; y is contiguous. */
  public static <A> void select(
      Kernels<A> kernels, A c, int[] cs, A a, int[] as, A b, int[] bs, A y, int[] dims) {
    var walk = new Walk(dims, cs, as, bs);
    walk.run(
        (at, yo, n) ->
            kernels.select(
                c,
                at[0],
                walk.inner(0),
                a,
                at[1],
                walk.inner(1),
                b,
                at[2],
                walk.inner(2),
                y,
                yo,
                n));
  }

  /** {@code y[o, j] = Σᵢ x[o, i, j]} over {@code outer × n × inner}. */
  public static <A> void sum(Kernels<A> kernels, A x, A y, int outer, int n, int inner) {
    if (inner == 1) {
      int block = rows(n);
      Threads.forEach(
          tasks(outer, block),
          t -> kernels.sumInner(x, y, t * block, end(t * block, block, outer), n));
      return;
    }
    int block = rows(n);
    int perOuter = tasks(inner, block);
    Threads.forEach(
        outer * perOuter,
        t -> {
          int o = t / perOuter;
          int from = t % perOuter * block;
          int to = end(from, block, inner);
          kernels.sumOuter(x, o * n * inner, y, o * inner, n, inner, from, to);
        });
  }

  /**
   * A row-major walk over dimensions, with strides per operand, after merging what can be merged.
   */
  private static final class Walk {
    private final int[] dims;
    private final int[][] strides;
    private final int rank;
    private final int total;

    Walk(int[] fullDims, int[]... fullStrides) {
      int[] d = new int[Math.max(1, fullDims.length)];
      int[][] s = new int[fullStrides.length][d.length];
      int r = 0;
      int all = 1;
      for (int i = 0; i < fullDims.length; i++) {
        all *= fullDims[i];
        if (fullDims[i] == 1) {
          continue;
        }
        boolean merges = r > 0;
        for (int k = 0; merges && k < s.length; k++) {
          merges = s[k][r - 1] == fullStrides[k][i] * fullDims[i];
        }
        if (merges) {
          r--;
          d[r] *= fullDims[i];
        } else {
          d[r] = fullDims[i];
        }
        for (int k = 0; k < s.length; k++) {
          s[k][r] = fullStrides[k][i];
        }
        r++;
      }
      if (r == 0) {
        d[0] = 1;
        r = 1;
      }
      this.dims = d;
      this.strides = s;
      this.rank = r;
      this.total = all;
    }

    int inner(int operand) {
      return strides[operand][rank - 1];
    }

    void run(Row row) {
      if (total == 0) {
        return;
      }
      int n = dims[rank - 1];
      int lines = total / n;
      if (total <= GRAIN) {
        lines(row, 0, lines, n);
      } else if (lines == 1) {
        Threads.forEach(tasks(n, GRAIN), t -> piece(row, t * GRAIN, end(t * GRAIN, GRAIN, n)));
      } else {
        int block = Math.max(1, GRAIN / n);
        Threads.forEach(
            tasks(lines, block), t -> lines(row, t * block, end(t * block, block, lines), n));
      }
    }

    private void piece(Row row, int from, int to) {
      int[] at = new int[strides.length];
      for (int k = 0; k < at.length; k++) {
        at[k] = from * inner(k);
      }
      row.accept(at, from, to - from);
    }

    private void lines(Row row, int from, int to, int n) {
      int[] at = new int[strides.length];
      int[] index = new int[rank];
      int rest = from;
      for (int d = rank - 2; d >= 0; d--) {
        index[d] = rest % dims[d];
        rest /= dims[d];
        for (int k = 0; k < at.length; k++) {
          at[k] += index[d] * strides[k][d];
        }
      }
      for (int line = from; line < to; line++) {
        row.accept(at, line * n, n);
        for (int d = rank - 2; d >= 0; d--) {
          index[d]++;
          for (int k = 0; k < at.length; k++) {
            at[k] += strides[k][d];
          }
          if (index[d] < dims[d]) {
            break;
          }
          for (int k = 0; k < at.length; k++) {
            at[k] -= dims[d] * strides[k][d];
          }
          index[d] = 0;
        }
      }
    }

    /** One contiguous line of the result. */
    private interface Row {
      void accept(int[] at, int yo, int n);
    }
  }
}
