package chainrule.data;

import chainrule.tensor.Tensor;

/**
 * Some rows of a {@link Dataset}.
 *
 * @param x the inputs, n × d…
 * @param y the targets: n labels (I32), or n × 1 numbers (F32)
 */
public record Batch(Tensor x, Tensor y) {
  /** The number of rows. */
  public int size() {
    return x.size(0);
  }
}
