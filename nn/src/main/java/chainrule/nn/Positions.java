package chainrule.nn;

import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/** Adds one row of a table to every position of a sequence. */
final class Positions {
  private Positions() {}

  /**
   * The sum.
   *
   * @param x T×N×E, N×T×E if batch first, or T×E
   * @param table length × E
   */
  static Tensor add(String label, Tensor x, Tensor table, boolean batchFirst) {
    int length = table.size(0);
    int width = table.size(1);
    int time = batchFirst && x.rank() == 3 ? 1 : 0;
    if (x.rank() != 2 && x.rank() != 3 || x.size(-1) != width || x.size(time) > length) {
      throw new ShapeException(
          "%s: needs sequences of %s×%d, or one of T×%d, with T at most %d, got %s"
              .formatted(label, batchFirst ? "N×T" : "T×N", width, width, length, x.shape()));
    }
    Tensor rows = table.slice(0, 0, x.size(time));
    return x.add(x.rank() == 3 && !batchFirst ? rows.unsqueeze(1) : rows);
  }
}
