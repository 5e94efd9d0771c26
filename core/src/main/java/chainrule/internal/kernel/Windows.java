package chainrule.internal.kernel;

import java.lang.reflect.Array;

/** Moves elements between planes and the windows on them, and splits such work into tasks. */
public final class Windows {
  private Windows() {}

  /**
   * The windows of each plane as columns: {@code y[p, (kh, kw), (i, j)]} is the element of plane p
   * that window (i, j) has at (kh, kw), 0 in the padding. Arrays of any element type.
   */
  public static void unfold(Object x, Object y, int planes, Geometry g) {
    int n = g.window() * g.positions();
    Object zeros = Array.newInstance(x.getClass().getComponentType(), g.outW());
    int block = Split.rows(n);
    int tasks = Split.tasks(planes, block);
    if (tasks == 1) {
      unfold(x, y, 0, planes, g, zeros);
    } else {
      Threads.forEach(
          tasks, t -> unfold(x, y, t * block, Split.end(t * block, block, planes), g, zeros));
    }
  }

  private static void unfold(Object x, Object y, int from, int to, Geometry g, Object zeros) {
    int outH = g.outH();
    int outW = g.outW();
    int at = from * g.window() * g.positions();
    for (int p = from; p < to; p++) {
      for (int kh = 0; kh < g.kernelH(); kh++) {
        for (int kw = 0; kw < g.kernelW(); kw++) {
          int first = g.firstColumn(kw);
          int end = g.endColumn(kw);
          int column = first * g.strideW() + kw * g.dilationW() - g.paddingW();
          for (int i = 0; i < outH; i++, at += outW) {
            int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
            if (row < 0 || row >= g.height() || first == end) {
              System.arraycopy(zeros, 0, y, at, outW);
              continue;
            }
            System.arraycopy(zeros, 0, y, at, first);
            int source = p * g.plane() + row * g.width() + column;
            Copies.line(x, source, g.strideW(), y, at + first, 1, end - first);
            System.arraycopy(zeros, 0, y, at + end, outW - end);
          }
        }
      }
    }
  }

  /** Work on planes {@code from … to−1}. */
  private interface Planes {
    void run(int from, int to);
  }

  private static void planes(int planes, long work, Planes body) {
    int block = Split.rows(work);
    Threads.forEach(
        Split.tasks(planes, block), t -> body.run(t * block, Split.end(t * block, block, planes)));
  }

  /** {@link WindowKernels#fold} of all planes. */
  public static <A> void fold(Kernels<A> kernels, A columns, A x, int planes, Geometry g) {
    long work = (long) g.window() * g.positions();
    planes(planes, work, (from, to) -> kernels.windows().fold(columns, x, from, to, g));
  }

  /** {@link WindowKernels#maxPool} of all planes. */
  public static <A> void maxPool(Kernels<A> kernels, A x, A y, int planes, Geometry g) {
    long work = (long) g.window() * g.positions();
    planes(planes, work, (from, to) -> kernels.windows().maxPool(x, y, from, to, g));
  }

  /** {@link WindowKernels#maxPoolBackward} of all planes. */
  public static <A> void maxPoolBackward(
      Kernels<A> kernels, A gradient, A x, A dx, int planes, Geometry g) {
    long work = (long) g.window() * g.positions() + g.plane();
    planes(
        planes,
        work,
        (from, to) -> kernels.windows().maxPoolBackward(gradient, x, dx, from, to, g));
  }

  /** {@link WindowKernels#avgPool} of all planes. */
  public static <A> void avgPool(
      Kernels<A> kernels, A x, A y, int planes, boolean padding, Geometry g) {
    long work = (long) g.window() * g.positions();
    planes(planes, work, (from, to) -> kernels.windows().avgPool(x, y, from, to, padding, g));
  }

  /** {@link WindowKernels#avgPoolBackward} of all planes. */
  public static <A> void avgPoolBackward(
      Kernels<A> kernels, A gradient, A dx, int planes, boolean padding, Geometry g) {
    long work = (long) g.window() * g.positions() + g.plane();
    planes(
        planes,
        work,
        (from, to) -> kernels.windows().avgPoolBackward(gradient, dx, from, to, padding, g));
  }

  /** How many elements of window (i, j) count for its mean. */
  static int count(int i, int j, boolean padding, Geometry g) {
    if (padding && !g.ceil()) {
      return g.window();
    }
    int borderH = padding ? g.paddingH() : 0;
    int borderW = padding ? g.paddingW() : 0;
    int rows = 0;
    for (int kh = 0; kh < g.kernelH(); kh++) {
      int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
      rows += row >= -borderH && row < g.height() + borderH ? 1 : 0;
    }
    int columns = 0;
    for (int kw = 0; kw < g.kernelW(); kw++) {
      int column = j * g.strideW() + kw * g.dilationW() - g.paddingW();
      columns += column >= -borderW && column < g.width() + borderW ? 1 : 0;
    }
    return rows * columns;
  }
}
