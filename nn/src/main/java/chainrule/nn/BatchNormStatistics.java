package chainrule.nn;

import chainrule.tensor.Buffer;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Measures the running statistics of batch normalisation anew, for weights set from outside. */
public final class BatchNormStatistics {
  private static final ScopedValue<Integer> BATCH = ScopedValue.newInstance();

  private BatchNormStatistics() {}

  /** The momentum now: while statistics are measured, that of a plain mean over the batches. */
  static double momentum(double usual) {
    return BATCH.isBound() ? 1.0 / BATCH.get() : usual;
  }

  /**
   * Replaces the running statistics of every batch normalisation in the model by the mean over the
   * batches of their own statistics.
   *
   * <p>The batches run through the model in training mode, without a graph; the model's mode is
   * restored. Without batch normalisation nothing is done.
   *
   * @param batches inputs, each n × …
   */
  public static void recompute(Module model, Iterable<Tensor> batches) {
    List<BatchNorm> layers =
        model.namedModules().values().stream()
            .filter(m -> m instanceof BatchNorm)
            .map(m -> (BatchNorm) m)
            .filter(m -> m.runningMean != null)
            .toList();
    if (layers.isEmpty()) {
      return;
    }
    layers.forEach(
        layer -> {
          zero(layer.runningMean);
          zero(layer.runningVar);
        });
    boolean training = model.training();
    model.train();
    try {
      int count = 0;
      for (Tensor batch : batches) {
        ScopedValue.where(BATCH, ++count)
            .run(() -> Tape.noGrad((Supplier<Tensor>) () -> model.forward(batch)));
      }
    } finally {
      if (!training) {
        model.eval();
      }
    }
  }

  private static void zero(@Nullable Buffer statistic) {
    if (statistic != null) {
      Tensor now = statistic.value();
      statistic.set(Tensor.zeros(now.dtype(), now.shape()));
    }
  }
}
