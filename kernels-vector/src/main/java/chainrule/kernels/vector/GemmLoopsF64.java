package chainrule.kernels.vector;

import java.util.ArrayList;
import java.util.List;

/** The loops of the matrix product over {@code double[]}, for the {@link Gate}. */
final class GemmLoopsF64 {
  private static final int L = MicroF64.L;

  private static final int STEPS = Gate.STEPS;

  private static final int ROWS = 12;

  private final double[] a = new double[ROWS * STEPS];
  private final double[] b = new double[STEPS * 8 * L];
  private final double[] c = new double[ROWS * 8 * L];
  private final double[] panel = new double[STEPS * 2 * L];
  private int calls;

  private GemmLoopsF64() {}

  /** What every product needs, the largest first. */
  static List<Gate.Loop> first() {
    var loops = new GemmLoopsF64();
    var all = new ArrayList<Gate.Loop>();
    if (GemmF64.ROWS == 12) {
      all.add(loops.tile(12, 2, MicroF64::tile12x2));
      all.add(loops.tile(8, 2, MicroF64::tile8x2));
    } else {
      all.add(loops.tile(6, 2, MicroF64::tile6x2));
    }
    all.add(loops.tile(4, 2, MicroF64::tile4x2));
    all.add(loops.tile(2, 2, MicroF64::tile2x2));
    all.add(loops.tile(1, 2, MicroF64::tile1x2));
    all.add(loops.pack());
    return all;
  }

  /** What makes some products faster. */
  static List<Gate.Loop> later() {
    var loops = new GemmLoopsF64();
    var all = new ArrayList<Gate.Loop>();
    all.add(loops.tile(1, 8, GemvF64::tile1x8));
    all.add(loops.tile(12, 1, NarrowF64::tile12x1));
    all.add(loops.tile(4, 1, NarrowF64::tile4x1));
    all.add(loops.tile(1, 1, NarrowF64::tile1x1));
    if (PanelsF64.TURNS) {
      all.add(loops.transpose());
    }
    return all;
  }

  private interface Tile {
    void run(
        int kc,
        double[] a,
        int ao,
        int ars,
        int aks,
        double[] b,
        int bo,
        int bks,
        double[] c,
        int co,
        int ldc,
        boolean more);
  }

  private Gate.Loop tile(int rows, int vectors, Tile tile) {
    return new Gate.Loop(
        rows * vectors + rows + vectors,
        steps -> {
          boolean odd = calls++ % 2 == 1;
          int ars = odd ? 1 : STEPS;
          int aks = odd ? ROWS : 1;
          tile.run(steps, a, 0, ars, aks, b, 0, vectors * L, c, 0, vectors * L, calls % 3 == 0);
        });
  }

  private Gate.Loop pack() {
    return new Gate.Loop(4, steps -> PanelsF64.straight(b, 0, 2 * L, steps, panel, 0));
  }

  private Gate.Loop transpose() {
    return new Gate.Loop(8, steps -> PanelsF64.transpose(b, 0, STEPS, steps, panel, 0));
  }
}
