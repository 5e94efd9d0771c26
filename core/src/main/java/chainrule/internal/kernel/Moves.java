package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a copy between strided arrays.
 *
 * <p>After merging dimensions that both arrays step through alike, either the last dimension is
 * copied in lines, or, where the source is contiguous along another one, these two are transposed
 * in pieces.
 */
final class Moves implements IntConsumer {
  private static final Pool<Moves> SPARE = new Pool<>(Moves::new);

  /** A task transposes this many long pieces of the source's lines, where they are long. */
  private static final int STRIP = 64;

  private @Nullable Object src;
  private @Nullable Object dst;
  private int srcAt;
  private int dstAt;
  private int[] dims = new int[8];
  private int[] srcStrides = new int[8];
  private int[] dstStrides = new int[8];
  private int rank;

  /** The dimension that is transposed with the last one, or −1. */
  private int other;

  private int outer;
  private int block;
  private int strips;
  private int strip;
  private int pieces;
  private int piece;

  private Moves() {}

  static void run(
      Object src,
      int srcAt,
      int[] srcStrides,
      Object dst,
      int dstAt,
      int[] dstStrides,
      int[] dims) {
    Moves moves = SPARE.borrow();
    int total = moves.merge(dims, srcStrides, dstStrides);
    moves.run(src, srcAt, dst, dstAt, total);
  }

  /** {@code rows} lines of {@code n} contiguous elements. */
  static void rows(
      Object src, int srcAt, int srcRow, Object dst, int dstAt, int dstRow, int rows, int n) {
    Moves moves = SPARE.borrow();
    moves.rank = 2;
    moves.dims[0] = rows;
    moves.dims[1] = n;
    moves.srcStrides[0] = srcRow;
    moves.srcStrides[1] = 1;
    moves.dstStrides[0] = dstRow;
    moves.dstStrides[1] = 1;
    moves.run(src, srcAt, dst, dstAt, rows * n);
  }

  private void run(Object from, int fromAt, Object to, int toAt, int total) {
    src = from;
    srcAt = fromAt;
    dst = to;
    dstAt = toAt;
    try {
      if (total > 0) {
        split(total);
      }
    } finally {
      src = null;
      dst = null;
      SPARE.giveBack(this);
    }
  }

  /** Drops dimensions of 1, joins neighbours, and has at least two dimensions in the end. */
  private int merge(int[] full, int[] ss, int[] ts) {
    if (full.length + 2 > dims.length) {
      dims = new int[full.length + 2];
      srcStrides = new int[full.length + 2];
      dstStrides = new int[full.length + 2];
    }
    rank = 0;
    add(1, 0, 0);
    add(1, 0, 0);
    int all = 1;
    for (int i = 0; i < full.length; i++) {
      int d = full[i];
      all *= d;
      if (d == 1) {
        continue;
      }
      int last = rank - 1;
      if (rank > 2 && srcStrides[last] == ss[i] * d && dstStrides[last] == ts[i] * d) {
        dims[last] *= d;
        srcStrides[last] = ss[i];
        dstStrides[last] = ts[i];
      } else {
        add(d, ss[i], ts[i]);
      }
    }
    return all;
  }

  private void add(int d, int ss, int ts) {
    dims[rank] = d;
    srcStrides[rank] = ss;
    dstStrides[rank] = ts;
    rank++;
  }

  private void split(int total) {
    int last = rank - 1;
    int n = dims[last];
    other = -1;
    if (dstStrides[last] == 1 && srcStrides[last] != 1 && srcStrides[last] != 0) {
      for (int d = 0; d < last; d++) {
        other = srcStrides[d] == 1 && dims[d] > 1 ? d : other;
      }
    }
    int tasks;
    if (other < 0) {
      outer = total / n;
      block = Math.max(1, Split.GRAIN / n);
      tasks = Split.tasks(outer, block);
    } else {
      int m = dims[other];
      outer = total / n / m;
      boolean small = (long) m * n <= Split.GRAIN;
      block = small ? Split.GRAIN / (m * n) : 1;
      int most = Split.GRAIN / STRIP;
      strip = small ? m : Math.max(most, Split.GRAIN / n);
      piece = small ? n : m >= most ? STRIP : Math.max(STRIP, Split.GRAIN / m);
      strips = Split.tasks(m, strip);
      pieces = Split.tasks(n, piece);
      tasks = Split.tasks(outer, block) * strips * pieces;
    }
    Threads.forEach(tasks, this);
  }

  @Override
  public void accept(int task) {
    if (other < 0) {
      lines(task * block, Split.end(task * block, block, outer));
      return;
    }
    int o = task / (strips * pieces) * block;
    int i = task / pieces % strips * strip;
    int j = task % pieces * piece;
    int end = Split.end(o, block, outer);
    for (; o < end; o++) {
      transpose(o, i, Split.end(i, strip, dims[other]), j, Split.end(j, piece, dims[rank - 1]));
    }
  }

  private void transpose(int o, int i, int iEnd, int j, int jEnd) {
    int last = rank - 1;
    int from = srcAt + i + j * srcStrides[last];
    int to = dstAt + i * dstStrides[other] + j;
    int rest = o;
    for (int d = last - 1; d >= 0; d--) {
      if (d != other) {
        int index = rest % dims[d];
        rest /= dims[d];
        from += index * srcStrides[d];
        to += index * dstStrides[d];
      }
    }
    int across = srcStrides[last];
    int down = dstStrides[other];
    int m = iEnd - i;
    int n = jEnd - j;
    switch (requireNonNull(src)) {
      case float[] x -> KernelChoice.F32.transpose(x, from, across, (float[]) to(), to, down, m, n);
      case double[] x ->
          KernelChoice.F64.transpose(x, from, across, (double[]) to(), to, down, m, n);
      case int[] x -> Tiles.transpose(x, from, across, (int[]) to(), to, down, m, n);
      case Object x -> throw Copies.notNumbers(x);
    }
  }

  private Object to() {
    return requireNonNull(dst);
  }

  private void lines(int first, int end) {
    int last = rank - 1;
    int rows = dims[last - 1];
    int line = first;
    while (line < end) {
      int r = line % rows;
      int count = Split.end(line, rows - r, end) - line;
      int from = srcAt + r * srcStrides[last - 1];
      int to = dstAt + r * dstStrides[last - 1];
      int rest = line / rows;
      for (int d = last - 2; d >= 0; d--) {
        int index = rest % dims[d];
        rest /= dims[d];
        from += index * srcStrides[d];
        to += index * dstStrides[d];
      }
      block(from, to, count);
      line += count;
    }
  }

  private void block(int from, int to, int rows) {
    int last = rank - 1;
    int xr = srcStrides[last - 1];
    int xs = srcStrides[last];
    int yr = dstStrides[last - 1];
    int ys = dstStrides[last];
    int n = dims[last];
    switch (requireNonNull(src)) {
      case float[] x -> Tiles.block(x, from, xr, xs, (float[]) to(), to, yr, ys, rows, n);
      case double[] x -> Tiles.block(x, from, xr, xs, (double[]) to(), to, yr, ys, rows, n);
      case int[] x -> Tiles.block(x, from, xr, xs, (int[]) to(), to, yr, ys, rows, n);
      case Object x -> throw Copies.notNumbers(x);
    }
  }
}
