package chainrule.train;

import chainrule.data.Batch;
import chainrule.data.DataLoader;
import chainrule.data.Dataset;
import chainrule.optim.Optimizer;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;

/** One learning-rate range test. */
final class RangeTest {
  private static final double DECAY = 0.95;
  private static final double TOO_HIGH = 4;

  private final Trainer trainer;
  private final DataLoader loader;

  RangeTest(Trainer trainer, Dataset train, FitOptions options) {
    this.trainer = trainer;
    this.loader = new DataLoader(train, options.batch(), options.seed());
  }

  LearningRates run(double from, double to, int steps) {
    Optimizer optimizer = trainer.optimizer();
    Map<String, Tensor> weights = trainer.model().stateDict();
    Map<String, Tensor> state = optimizer.stateDict();
    boolean training = trainer.model().training();
    trainer.mode(true);
    try {
      return rise(optimizer, from, to, steps);
    } finally {
      trainer.mode(training);
      optimizer.zeroGrad();
      optimizer.loadStateDict(state);
      trainer.model().loadStateDict(weights);
    }
  }

  private LearningRates rise(Optimizer optimizer, double from, double to, int steps) {
    double[] rates = new double[steps];
    double[] losses = new double[steps];
    double[] smoothed = new double[steps];
    double mean = 0;
    double least = Double.POSITIVE_INFINITY;
    int epoch = 0;
    Iterator<Batch> batches = loader.epoch(epoch).iterator();
    for (int i = 0; i < steps; i++) {
      if (!batches.hasNext()) {
        batches = loader.epoch(++epoch).iterator();
      }
      Batch batch = batches.next();
      rates[i] = from * StrictMath.pow(to / from, i / (steps - 1.0));
      optimizer.lr(rates[i]);
      losses[i] =
          optimizer
              .step(
                  () -> {
                    optimizer.zeroGrad();
                    Tensor prediction = trainer.model().forward(batch.x());
                    Tensor loss = trainer.loss().of(prediction, batch.y());
                    loss.backward();
                    return loss.detach();
                  })
              .item();
      mean = DECAY * mean + (1 - DECAY) * losses[i];
      smoothed[i] = mean / (1 - StrictMath.pow(DECAY, i + 1.0));
      least = Math.min(least, smoothed[i]);
      if (!(smoothed[i] <= TOO_HIGH * least)) {
        return new LearningRates(
            Arrays.copyOf(rates, i), Arrays.copyOf(losses, i), Arrays.copyOf(smoothed, i));
      }
    }
    return new LearningRates(rates, losses, smoothed);
  }
}
