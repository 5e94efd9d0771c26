package chainrule.internal.kernel;

/** Moves elements between planes and the windows on them, and splits such work into tasks. */
public final class Windows {
  private Windows() {}

  /**
   * The windows of each plane as columns: {@code y[p, (kh, kw), (i, j)]} is the element of plane p
   * that window (i, j) has at (kh, kw), 0 in the padding. Arrays of any element type.
   */
  public static void unfold(Object x, Object y, int planes, Geometry g) {
    long work = (long) g.window() * g.positions();
    Ranges.on(null)
        .array(x)
        .array(y)
        .geometry(g)
        .run(
            planes,
            Split.rows(work),
            (r, from, to) -> unfold(r.array(0), r.array(1), from, to, r.geometry()));
  }

  private static void unfold(Object x, Object y, int from, int to, Geometry g) {
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
              Copies.zeros(y, at, at + outW);
              continue;
            }
            Copies.zeros(y, at, at + first);
            int source = p * g.plane() + row * g.width() + column;
            Copies.line(x, source, g.strideW(), y, at + first, 1, end - first);
            Copies.zeros(y, at + end, at + outW);
          }
        }
      }
    }
  }

  private static <A> Ranges<A> on(Kernels<A> kernels, Geometry g) {
    return Ranges.on(kernels).geometry(g);
  }

  /** Planes that make one task, if each has its windows to visit and {@code more} elements. */
  private static int block(Geometry g, int more) {
    return Split.rows((long) g.window() * g.positions() + more);
  }

  /** {@link WindowKernels#fold} of all planes. */
  public static <A> void fold(Kernels<A> kernels, A columns, A x, int planes, Geometry g) {
    on(kernels, g)
        .array(columns)
        .array(x)
        .run(
            planes,
            block(g, 0),
            (r, from, to) ->
                r.kernels().windows().fold(r.array(0), r.array(1), from, to, r.geometry()));
  }

  /** {@link WindowKernels#maxPool} of all planes. */
  public static <A> void maxPool(Kernels<A> kernels, A x, A y, int planes, Geometry g) {
    on(kernels, g)
        .array(x)
        .array(y)
        .run(
            planes,
            block(g, 0),
            (r, from, to) ->
                r.kernels().windows().maxPool(r.array(0), r.array(1), from, to, r.geometry()));
  }

  /** {@link WindowKernels#maxPoolBackward} of all planes. */
  public static <A> void maxPoolBackward(
      Kernels<A> kernels, A gradient, A x, A dx, int planes, Geometry g) {
    on(kernels, g)
        .array(gradient)
        .array(x)
        .array(dx)
        .run(
            planes,
            block(g, g.plane()),
            (r, from, to) ->
                r.kernels()
                    .windows()
                    .maxPoolBackward(r.array(0), r.array(1), r.array(2), from, to, r.geometry()));
  }

  /** {@link WindowKernels#avgPool} of all planes. */
  public static <A> void avgPool(
      Kernels<A> kernels, A x, A y, int planes, boolean padding, Geometry g) {
    on(kernels, g)
        .array(x)
        .array(y)
        .flag(padding)
        .run(
            planes,
            block(g, 0),
            (r, from, to) ->
                r.kernels()
                    .windows()
                    .avgPool(r.array(0), r.array(1), from, to, r.flag(), r.geometry()));
  }

  /** {@link WindowKernels#avgPoolBackward} of all planes. */
  public static <A> void avgPoolBackward(
      Kernels<A> kernels, A gradient, A dx, int planes, boolean padding, Geometry g) {
    on(kernels, g)
        .array(gradient)
        .array(dx)
        .flag(padding)
        .run(
            planes,
            block(g, g.plane()),
            (r, from, to) ->
                r.kernels()
                    .windows()
                    .avgPoolBackward(r.array(0), r.array(1), from, to, r.flag(), r.geometry()));
  }

  /** How many elements of window (i, j) count for its mean. */
  static int count(int i, int j, boolean padding, Geometry g) {
    return padding && !g.ceil() ? g.window() : rows(i, padding, g) * columns(j, padding, g);
  }

  /**
   * How many rows of a window of row i count for its mean; with {@code padding} those there too.
   */
  public static int rows(int i, boolean padding, Geometry g) {
    int border = padding ? g.paddingH() : 0;
    int rows = 0;
    for (int kh = 0; kh < g.kernelH(); kh++) {
      int row = i * g.strideH() + kh * g.dilationH() - g.paddingH();
      rows += row >= -border && row < g.height() + border ? 1 : 0;
    }
    return rows;
  }

  /** How many columns of window j of a row count for its mean, likewise. */
  public static int columns(int j, boolean padding, Geometry g) {
    int border = padding ? g.paddingW() : 0;
    int columns = 0;
    for (int kw = 0; kw < g.kernelW(); kw++) {
      int column = j * g.strideW() + kw * g.dilationW() - g.paddingW();
      columns += column >= -border && column < g.width() + border ? 1 : 0;
    }
    return columns;
  }
}
