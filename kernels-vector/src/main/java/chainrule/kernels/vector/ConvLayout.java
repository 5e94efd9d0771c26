package chainrule.kernels.vector;

import chainrule.internal.kernel.Geometry;

/**
 * Planes cut up so that, for each element of a window, what neighbouring windows of a row have
 * there lies side by side.
 *
 * <p>A plane becomes as many as strideH·strideW phases, phase (a, b) with the rows a, a + strideH,
 * … and the columns b, b + strideW, … of the padded plane. Element (c, kh, kw) of window (i, j)
 * stands at {@code i·width + j} plus an offset that {@link #offset} gives.
 */
final class ConvLayout {
  /** What one task computes side by side: enough for long loops, little enough for the caches. */
  private static final int COLUMNS = 1024;

  /** So many tasks keep the threads of a usual machine busy. */
  private static final int TASKS = 8;

  private static final Geometry POINT = new Geometry(1, 1, 1, 1, 1, 1, 0, 0, 1, 1);

  Geometry g = POINT;
  int phasesH;
  int phasesW;

  /** How far down and right, in a phase, a window reaches beyond where it begins. */
  int reachH;

  int reachW;

  /** Columns of a phase. */
  int width;

  /** Rows of windows (or of phases, for the input's gradient) that a task computes. */
  int rows;

  int plane;

  /** Whether the planes are used where they are. */
  boolean direct;

  /** Lays out windows on planes; {@code total} rows of the result are cut into blocks. */
  void set(Geometry geometry, int total, int images) {
    g = geometry;
    phasesH = Math.min(g.strideH(), (g.kernelH() - 1) * g.dilationH() + 1);
    phasesW = Math.min(g.strideW(), (g.kernelW() - 1) * g.dilationW() + 1);
    reachH = (g.kernelH() - 1) * g.dilationH() / g.strideH();
    reachW = (g.kernelW() - 1) * g.dilationW() / g.strideW();
    width = g.outW() + reachW;
    direct = g.strideH() == 1 && g.strideW() == 1 && g.unpadded();
    int least = Math.ceilDiv(COLUMNS / 4, width);
    int most = Math.max(1, COLUMNS / width);
    int wanted = Math.ceilDiv(total, Math.max(1, TASKS / Math.max(1, images)));
    int limit = Math.min(most, Math.max(least, wanted));
    rows = Math.ceilDiv(total, Math.max(1, Math.ceilDiv(total, limit)));
    plane = direct ? g.plane() : (rows + reachH) * width;
  }

  int phases() {
    return phasesH * phasesW;
  }

  /** The phase that element (kh, kw) of a window is in. */
  int phase(int kh, int kw) {
    return kh * g.dilationH() % g.strideH() * phasesW + kw * g.dilationW() % g.strideW();
  }

  /** How many rows of its phase element kh lies below where the window begins. */
  int down(int kh) {
    return kh * g.dilationH() / g.strideH();
  }

  /** How many columns of its phase element kw lies right of where the window begins. */
  int right(int kw) {
    return kw * g.dilationW() / g.strideW();
  }

  /** Where element (c, kh, kw) of window number 0 stands. */
  int offset(int c, int kh, int kw) {
    return (c * phases() + phase(kh, kw)) * plane + down(kh) * width + right(kw);
  }

  /** Fills in the offset of every element (c, kh, kw) of a window. */
  void offsets(int[] off, int channels) {
    int k = 0;
    for (int c = 0; c < channels; c++) {
      for (int kh = 0; kh < g.kernelH(); kh++) {
        for (int kw = 0; kw < g.kernelW(); kw++) {
          off[k++] = offset(c, kh, kw);
        }
      }
    }
  }
}
