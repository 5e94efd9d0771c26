package chainrule.train;

import chainrule.data.Batch;
import chainrule.data.DataLoader;
import chainrule.data.Dataset;
import chainrule.optim.Clip;
import chainrule.optim.Optimizer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** One call of {@link Trainer#fit}: the loop and what it must remember between epochs. */
final class Fit {
  private static final int UNREACHED_NAMES = 5;

  private final Trainer trainer;
  private final Dataset train;
  private final @Nullable Dataset validation;
  private final FitOptions options;
  private final GradientNorms norms;
  private final List<History.Epoch> epochs = new ArrayList<>();

  private int bestEpoch;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private Map<String, Tensor> bestState = Map.of();

  /** Sums over the rows of the epoch under way. */
  private static final class Sums {
    int batches;
    int rows;
    double loss;
    double correct;
    long nanos;

    double samplesPerSecond() {
      return nanos > 0 ? rows * 1e9 / nanos : Double.NaN;
    }
  }

  Fit(Trainer trainer, Dataset train, @Nullable Dataset validation, FitOptions options) {
    this.trainer = trainer;
    this.train = train;
    this.validation = validation;
    this.options = options;
    this.norms = new GradientNorms(trainer.model());
  }

  History run() {
    DataLoader loader = new DataLoader(train, options.batch(), options.seed());
    History.Outcome outcome = History.Outcome.FINISHED;
    for (int epoch = 1; epoch <= options.epochs(); epoch++) {
      if (options.stop().getAsBoolean()) {
        outcome = History.Outcome.INTERRUPTED;
        break;
      }
      for (TrainListener listener : options.listeners()) {
        listener.epochStarted(epoch, options.epochs());
      }
      Sums sums = new Sums();
      boolean stopped = !learn(loader.epoch(epoch - 1), epoch, sums);
      if (sums.batches > 0) {
        finish(epoch, sums);
      }
      if (stopped) {
        outcome = History.Outcome.INTERRUPTED;
        break;
      }
      if (options.patience() > 0 && epoch - bestEpoch >= options.patience()) {
        outcome = History.Outcome.STOPPED_EARLY;
        break;
      }
    }
    if (options.bestWeights() && !bestState.isEmpty()) {
      trainer.model().loadStateDict(bestState);
    }
    return new History(epochs, outcome, bestEpoch);
  }

  /** Runs the batches of an epoch; false if it was told to stop before the last one. */
  private boolean learn(Iterable<Batch> batches, int epoch, Sums sums) {
    trainer.mode(true);
    int count = Math.ceilDiv(train.size(), options.batch());
    norms.reset();
    for (Batch batch : batches) {
      if (sums.batches > 0 && options.stop().getAsBoolean()) {
        return false;
      }
      long start = System.nanoTime();
      double loss = step(batch, epoch, count, sums);
      sums.nanos += System.nanoTime() - start;
      var event =
          new TrainListener.BatchEvent(
              epoch,
              sums.batches,
              count,
              sums.rows,
              loss,
              sums.loss / sums.rows,
              sums.correct / sums.rows,
              sums.samplesPerSecond());
      for (TrainListener listener : options.listeners()) {
        listener.batchDone(event);
      }
    }
    return true;
  }

  private double step(Batch batch, int epoch, int batches, Sums sums) {
    Optimizer optimizer = trainer.optimizer();
    optimizer.zeroGrad();
    Tensor prediction = trainer.model().forward(batch.x());
    Tensor loss = trainer.loss().of(prediction, batch.y());
    double value = loss.item();
    if (!Double.isFinite(value)) {
      throw diverged("the loss became " + name(value), epoch, sums.batches + 1, batches);
    }
    loss.backward();
    norms.add();
    if (options.clipNorm() < Double.POSITIVE_INFINITY) {
      Clip.norm(optimizer.parameters(), options.clipNorm());
    }
    optimizer.step();
    if (epoch == 1 && sums.batches == 0) {
      warnOfUnreached(optimizer.unreached());
    }
    int rows = batch.x().size(0);
    sums.batches++;
    sums.rows += rows;
    sums.loss += value * rows;
    sums.correct += Trainer.correct(prediction.detach(), batch.y());
    return value;
  }

  private DivergedException diverged(String what, int epoch, int batch, int batches) {
    String sentence =
        "%s in epoch %d, batch %d of %d; try a smaller learning rate (now %s) or clip"
                .formatted(what, epoch, batch, batches, trainer.optimizer().lr())
            + " the gradients, or find the operation with Anomaly.detect";
    return new DivergedException(
        sentence, new History(epochs, History.Outcome.DIVERGED, bestEpoch));
  }

  private static String name(double loss) {
    return Double.isNaN(loss) ? "NaN" : loss > 0 ? "∞" : "−∞";
  }

  private void warnOfUnreached(List<Parameter> unreached) {
    if (unreached.isEmpty()) {
      return;
    }
    StringJoiner names = new StringJoiner(", ");
    for (Parameter parameter : unreached.subList(0, Math.min(UNREACHED_NAMES, unreached.size()))) {
      names.add(parameter.name());
    }
    if (unreached.size() > UNREACHED_NAMES) {
      names.add("and " + (unreached.size() - UNREACHED_NAMES) + " more");
    }
    String sentence =
        "no gradient reaches "
            + names
            + ": the loss does not depend on it, so it will not be trained; freeze it or use it";
    for (TrainListener listener : options.listeners()) {
      listener.warning(sentence);
    }
  }

  private void finish(int epoch, Sums sums) {
    // The loss of a batch is looked at before its step; the last step of an epoch is looked at
    // here.
    if (!trainer.optimizer().parameters().stream().allMatch(Tensor::allFinite)) {
      throw diverged("the weights became NaN or infinite", epoch, sums.batches, sums.batches);
    }
    double valLoss = Double.NaN;
    double valAccuracy = Double.NaN;
    boolean best = false;
    if (validation != null) {
      Evaluation evaluation = trainer.evaluate(validation);
      valLoss = evaluation.loss();
      valAccuracy = evaluation.accuracy();
      best = valLoss < bestLoss;
    }
    if (best) {
      bestLoss = valLoss;
      bestEpoch = epoch;
      if (options.bestWeights()) {
        bestState = new LinkedHashMap<>(trainer.model().stateDict());
      }
    }
    var line =
        new History.Epoch(
            epoch,
            sums.loss / sums.rows,
            sums.correct / sums.rows,
            valLoss,
            valAccuracy,
            trainer.optimizer().lr(),
            sums.nanos / 1e9,
            sums.samplesPerSecond(),
            norms.means());
    epochs.add(line);
    var event = new TrainListener.EpochEvent(line, options.epochs(), best);
    for (TrainListener listener : options.listeners()) {
      listener.epochDone(event);
    }
  }
}
