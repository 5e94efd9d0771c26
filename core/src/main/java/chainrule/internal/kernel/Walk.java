package chainrule.internal.kernel;

import static java.util.Objects.requireNonNull;

import chainrule.math.Binary;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A row-major walk over the dimensions of an elementwise operation, with strides per operand, after
 * merging what can be merged.
 *
 * <p>Long lines go to the kernel one by one. Lines shorter than {@link #SHORT} would cost more in
 * calls than in arithmetic: there a block of operands that broadcast is written out first.
 */
final class Walk<A> implements IntConsumer {
  private static final Pool<Walk<?>> SPARE = new Pool<>(Walk::new);
  private static final int SHORT = 32;

  /** Elements of a block that a thread writes out; there is room for three more behind it. */
  private static final int ROOM = 2048;

  private static final ThreadLocal<float[][]> FLOATS =
      ThreadLocal.withInitial(() -> new float[3][ROOM + 4]);
  private static final ThreadLocal<double[][]> DOUBLES =
      ThreadLocal.withInitial(() -> new double[3][ROOM + 4]);

  private @Nullable Kernels<A> kernels;
  private @Nullable Binary f;
  private @Nullable A c;
  private @Nullable A a;
  private @Nullable A b;
  private @Nullable A y;
  private int[] dims = new int[8];
  private int[] strideC = new int[8];
  private int[] strideA = new int[8];
  private int[] strideB = new int[8];
  private final @Nullable Object[] arrays = new @Nullable Object[4];
  private final int[] starts = new int[4];
  private final int[] steps = new int[4];
  private final double[] none = {};
  private @Nullable Loop loop;
  private int rank;
  private int n;
  private int lines;
  private int block;

  private Walk() {}

  /** {@code y = f(a, b)}, or {@code y = c ≠ 0 ? a : b} without an f. */
  static <A> void run(
      Kernels<A> kernels,
      @Nullable Binary f,
      A c,
      int[] cs,
      A a,
      int[] as,
      A b,
      int[] bs,
      A y,
      int[] dims) {
    Walk<A> walk = spare();
    int total = walk.merge(dims, cs, as, bs);
    walk.run(kernels, f, c, a, b, y, total);
  }

  /** {@code y[i] = f(a[i·as], b[i·bs])}. */
  static <A> void run(Kernels<A> kernels, Binary f, A a, int as, A b, int bs, A y, int n) {
    Walk<A> walk = spare();
    walk.rank = 1;
    walk.dims[0] = n;
    walk.strideC[0] = as;
    walk.strideA[0] = as;
    walk.strideB[0] = bs;
    walk.run(kernels, f, a, a, b, y, n);
  }

  @SuppressWarnings("unchecked") // between calls it holds no array of any kind
  private static <A> Walk<A> spare() {
    return (Walk<A>) SPARE.borrow();
  }

  private void run(Kernels<A> with, @Nullable Binary g, A onC, A onA, A onB, A out, int total) {
    kernels = with;
    f = g;
    c = onC;
    a = onA;
    b = onB;
    y = out;
    try {
      if (total > 0) {
        split(total);
      }
    } finally {
      kernels = null;
      c = null;
      a = null;
      b = null;
      y = null;
      loop = null;
      Arrays.fill(arrays, null);
      SPARE.giveBack(this);
    }
  }

  private void split(int total) {
    n = dims[rank - 1];
    lines = total / n;
    if (rank == 2 && n >= SHORT) {
      rows(total);
    }
    if (total <= Split.GRAIN) {
      block = total;
      accept(0);
    } else if (lines == 1) {
      block = Split.GRAIN;
      Threads.forEach(Split.tasks(n, block), this);
    } else {
      block = Math.max(1, Split.GRAIN / n);
      Threads.forEach(Split.tasks(lines, block), this);
    }
  }

  /** Finds the loop over all rows of a matrix, if it is there; every call counts. */
  private void rows(int total) {
    Kernels<A> k = requireNonNull(kernels);
    int still = 0;
    int operands = f == null ? 3 : 2;
    for (int i = 0; i < operands; i++) {
      int[] strides = i == 0 ? strideA : i == 1 ? strideB : strideC;
      if (strides[1] > 1) {
        return;
      }
      still |= strides[1] == 0 ? 1 << i : 0;
      steps[i] = strides[0];
    }
    HotLoop hot = RowLoops.of(k, f, still);
    loop = hot.loop();
    if (loop == null) {
      hot.ranWithout(total, k);
      return;
    }
    arrays[0] = a;
    arrays[1] = b;
    arrays[2] = f == null ? c : y;
    arrays[3] = y;
    steps[operands] = n;
  }

  /** Drops dimensions of 1, joins neighbours that all operands step through alike. */
  private int merge(int[] full, int[] cs, int[] as, int[] bs) {
    if (full.length > dims.length) {
      dims = new int[full.length];
      strideC = new int[full.length];
      strideA = new int[full.length];
      strideB = new int[full.length];
    }
    int r = 0;
    int all = 1;
    for (int i = 0; i < full.length; i++) {
      int d = full[i];
      all *= d;
      if (d == 1) {
        continue;
      }
      int last = r - 1;
      if (r > 0
          && strideC[last] == cs[i] * d
          && strideA[last] == as[i] * d
          && strideB[last] == bs[i] * d) {
        dims[last] *= d;
        r = last;
      } else {
        dims[r] = d;
      }
      strideC[r] = cs[i];
      strideA[r] = as[i];
      strideB[r] = bs[i];
      r++;
    }
    if (r == 0) {
      dims[0] = 1;
      strideC[0] = 0;
      strideA[0] = 0;
      strideB[0] = 0;
      r = 1;
    }
    rank = r;
    return all;
  }

  @Override
  public void accept(int task) {
    int from = task * block;
    if (lines == 1) {
      int to = Split.end(from, block, n);
      line(from * strideC[0], from * strideA[0], from * strideB[0], from, to - from);
      return;
    }
    int to = Split.end(from, block, lines);
    if (n < SHORT) {
      packed(from, to);
    } else {
      longLines(from, to);
    }
  }

  /** One contiguous line of the result. */
  private void line(int co, int ao, int bo, int yo, int length) {
    int inner = rank - 1;
    call(
        requireNonNull(c),
        co,
        strideC[inner],
        requireNonNull(a),
        ao,
        strideA[inner],
        requireNonNull(b),
        bo,
        strideB[inner],
        yo,
        length);
  }

  private void call(
      A ca, int co, int cs, A aa, int ao, int as, A ba, int bo, int bs, int yo, int length) {
    Kernels<A> k = requireNonNull(kernels);
    A out = requireNonNull(y);
    if (f == null) {
      k.select(ca, co, cs, aa, ao, as, ba, bo, bs, out, yo, length);
    } else {
      k.zip(f, aa, ao, as, ba, bo, bs, out, yo, length);
    }
  }

  private void longLines(int from, int to) {
    Loop all = loop;
    if (all != null) {
      all.run(arrays, starts, steps, none, from, to, 0, n);
      return;
    }
    int rows = dims[rank - 2];
    int sc = strideC[rank - 2];
    int sa = strideA[rank - 2];
    int sb = strideB[rank - 2];
    int at = from;
    while (at < to) {
      int r = at % rows;
      int end = Split.end(at, rows - r, to);
      int co = start(strideC, at / rows) + r * sc;
      int ao = start(strideA, at / rows) + r * sa;
      int bo = start(strideB, at / rows) + r * sb;
      for (; at < end; at++) {
        line(co, ao, bo, at * n, n);
        co += sc;
        ao += sa;
        bo += sb;
      }
    }
  }

  /** Where an operand's lines begin for the given index over all but the last two dimensions. */
  private int start(int[] strides, int index) {
    int at = 0;
    int rest = index;
    for (int d = rank - 3; d >= 0; d--) {
      at += rest % dims[d] * strides[d];
      rest /= dims[d];
    }
    return at;
  }

  private void packed(int from, int to) {
    A ca = requireNonNull(c);
    A aa = requireNonNull(a);
    A ba = requireNonNull(b);
    int per = ROOM / n;
    for (int at = from; at < to; at += per) {
      int end = Split.end(at, per, to);
      boolean first = at == from;
      A pa = pack(aa, strideA, 0, at, end, first);
      A pb = pack(ba, strideB, 1, at, end, first);
      A pc = f == null ? pack(ca, strideC, 2, at, end, first) : pa;
      int yo = at * n;
      int co = offset(strideC, yo);
      int ao = offset(strideA, yo);
      int bo = offset(strideB, yo);
      call(pc, co, step(strideC), pa, ao, step(strideA), pb, bo, step(strideB), yo, (end - at) * n);
    }
  }

  /** Whether the operand is one number, so that no line of it need be written out. */
  private boolean single(int[] strides) {
    for (int d = 0; d < rank; d++) {
      if (strides[d] != 0) {
        return false;
      }
    }
    return true;
  }

  private int step(int[] strides) {
    return single(strides) ? 0 : 1;
  }

  /** Where an operand is read that has been written out, or need not be. */
  private int offset(int[] strides, int at) {
    return flat(strides) ? at : 0;
  }

  /** Whether the operand lies in memory as the result does. */
  private boolean flat(int[] strides) {
    int step = 1;
    for (int d = rank - 1; d >= 0; d--) {
      if (strides[d] != step) {
        return false;
      }
      step *= dims[d];
    }
    return true;
  }

  /** The operand itself if it is flat or a single number, else its lines in the thread's room. */
  @SuppressWarnings("unchecked") // room of the operand's own kind
  private A pack(A x, int[] strides, int slot, int from, int to, boolean first) {
    if (flat(strides) || single(strides)) {
      return x;
    }
    boolean fresh = first;
    for (int d = 0; d < rank - 1; d++) {
      fresh |= strides[d] != 0; // a row that repeats is written once a task
    }
    if (x instanceof float[] source) {
      float[] out = FLOATS.get()[slot];
      if (fresh) {
        write(source, strides, out, from, to);
      }
      return (A) out;
    }
    double[] out = DOUBLES.get()[slot];
    if (fresh) {
      write((double[]) x, strides, out, from, to);
    }
    return (A) out;
  }

  private void write(float[] x, int[] strides, float[] out, int from, int to) {
    int rows = dims[rank - 2];
    int across = strides[rank - 2];
    int along = strides[rank - 1];
    int p = 0;
    int line = from;
    while (line < to) {
      int r = line % rows;
      int end = Split.end(line, rows - r, to);
      int at = start(strides, line / rows) + r * across;
      for (; line < end; line++, at += across) {
        if (along == 0) {
          fill(out, p, x[at]);
        } else {
          for (int i = 0; i < n; i++) {
            out[p + i] = x[at + i * along];
          }
        }
        p += n;
      }
    }
  }

  private void write(double[] x, int[] strides, double[] out, int from, int to) {
    int rows = dims[rank - 2];
    int across = strides[rank - 2];
    int along = strides[rank - 1];
    int p = 0;
    int line = from;
    while (line < to) {
      int r = line % rows;
      int end = Split.end(line, rows - r, to);
      int at = start(strides, line / rows) + r * across;
      for (; line < end; line++, at += across) {
        if (along == 0) {
          fill(out, p, x[at]);
        } else {
          for (int i = 0; i < n; i++) {
            out[p + i] = x[at + i * along];
          }
        }
        p += n;
      }
    }
  }

  /** Whole steps of four: the next line writes over what is too much. */
  private void fill(float[] out, int at, float v) {
    for (int i = at; i < at + n; i += 4) {
      out[i] = v;
      out[i + 1] = v;
      out[i + 2] = v;
      out[i + 3] = v;
    }
  }

  private void fill(double[] out, int at, double v) {
    for (int i = at; i < at + n; i += 4) {
      out[i] = v;
      out[i + 1] = v;
      out[i + 2] = v;
      out[i + 3] = v;
    }
  }
}
