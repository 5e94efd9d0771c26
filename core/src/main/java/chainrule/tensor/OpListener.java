package chainrule.tensor;

import org.jspecify.annotations.Nullable;

/**
 * Hears of every operation inside {@link Tape#listen}: the graph explorer, anomaly detection,
 * forward mode and checkpointing are all readers of these events.
 */
public interface OpListener {
  /** After an operation has been computed. */
  default void forward(Op op, Tensor[] in, Tensor out) {}

  /** After a node's backward pass: {@code g} arrived, {@code gradients} go to its inputs. */
  default void backward(Node node, Tensor g, @Nullable Tensor[] gradients) {}
}
