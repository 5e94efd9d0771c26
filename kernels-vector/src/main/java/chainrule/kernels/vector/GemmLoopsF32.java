package chainrule.kernels.vector;

import java.util.ArrayList;
import java.util.List;

/** The loops of the matrix product over {@code float[]}, for the {@link Gate}. */
final class GemmLoopsF32 {
  private static final int L = MicroF32.L;

  private static final int STEPS = Gate.STEPS;

  private static final int ROWS = 12;

  private final float[] a = new float[ROWS * STEPS];
  private final float[] b = new float[STEPS * 8 * L];
  private final float[] c = new float[ROWS * 8 * L];
  private final float[] panel = new float[STEPS * 2 * L];
  private int calls;

  private GemmLoopsF32() {}

  /** What every product needs, the largest first. */
  static List<Gate.Loop> first() {
    var loops = new GemmLoopsF32();
    var all = new ArrayList<Gate.Loop>();
    if (GemmF32.ROWS == 12) {
      all.add(loops.tile(12, 2, MicroF32::tile12x2));
      all.add(loops.tile(8, 2, MicroF32::tile8x2));
    } else {
      all.add(loops.tile(6, 2, MicroF32::tile6x2));
    }
    all.add(loops.tile(4, 2, MicroF32::tile4x2));
    all.add(loops.tile(2, 2, MicroF32::tile2x2));
    all.add(loops.tile(1, 2, MicroF32::tile1x2));
    all.add(loops.pack());
    return all;
  }

  /** What makes some products faster. */
  static List<Gate.Loop> later() {
    var loops = new GemmLoopsF32();
    var all = new ArrayList<Gate.Loop>();
    all.add(loops.tile(1, 8, GemvF32::tile1x8));
    all.add(loops.tile(12, 1, NarrowF32::tile12x1));
    all.add(loops.tile(4, 1, NarrowF32::tile4x1));
    all.add(loops.tile(1, 1, NarrowF32::tile1x1));
    if (PanelsF32.TURNS) {
      all.add(loops.transpose());
    }
    return all;
  }

  private interface Tile {
    void run(
        int kc,
        float[] a,
        int ao,
        int ars,
        int aks,
        float[] b,
        int bo,
        int bks,
        float[] c,
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
    return new Gate.Loop(4, steps -> PanelsF32.straight(b, 0, 2 * L, steps, panel, 0));
  }

  private Gate.Loop transpose() {
    return new Gate.Loop(
        8, steps -> PanelsF32.transpose(b, 0, STEPS, steps, panel, 0, PanelsF32.COLUMNS));
  }
}
