package chainrule.train;

import chainrule.compile.Compiled;
import chainrule.data.Batch;
import chainrule.data.DataLoader;
import chainrule.data.Dataset;
import chainrule.nn.BatchNormStatistics;
import chainrule.optim.Clip;
import chainrule.optim.LBFGS;
import chainrule.optim.LRScheduler;
import chainrule.optim.Optimizer;
import chainrule.optim.WeightAverage;
import chainrule.tensor.CaptureException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.StreamSupport;
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
  private final @Nullable WeightAverage average;
  private final Compiled compiled;
  private boolean compiling;
  private Step now = new Step(0, 0, new Sums());

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

  /** The step under way: what its observers need. */
  private static final class Step {
    final int epoch;
    final int count;
    final Sums sums;
    final double[] losses;
    boolean measured;

    Step(int epoch, int count, Sums sums, double... losses) {
      this.epoch = epoch;
      this.count = count;
      this.sums = sums;
      this.losses = losses;
    }
  }

  Fit(Trainer trainer, Dataset train, @Nullable Dataset validation, FitOptions options) {
    this.trainer = trainer;
    this.train = train;
    this.validation = validation;
    this.options = options;
    this.norms = new GradientNorms(trainer.model());
    this.average = average(trainer, options);
    this.compiled = Compiled.of(this::step, this::structure);
    this.compiling = options.compile() && !(trainer.optimizer() instanceof LBFGS);
  }

  private static @Nullable WeightAverage average(Trainer trainer, FitOptions options) {
    List<Parameter> weights = trainer.model().parameters();
    if (options.ema() > 0) {
      return WeightAverage.exponential(
          weights, trainer.model().namedBuffers().values(), options.ema());
    }
    return options.swa() > 0 ? WeightAverage.equal(weights) : null;
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
        double metric = finish(epoch, sums);
        options.schedulers().forEach(s -> s.step(metric));
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
    } else if (average != null && average.count() > 0) {
      putAverage(average);
    }
    return new History(epochs, outcome, bestEpoch);
  }

  /** Exchanges the weights and their average, whose batch-norm statistics are measured. */
  private void putAverage(WeightAverage weights) {
    weights.swap();
    if (options.swa() > 0) {
      DataLoader loader = DataLoader.sequential(train, options.batch());
      BatchNormStatistics.recompute(
          trainer.model(),
          () -> StreamSupport.stream(loader.spliterator(), false).map(Batch::x).iterator());
    }
  }

  /** Runs the batches of an epoch; false if it was told to stop before the last one. */
  private boolean learn(Iterable<Batch> batches, int epoch, Sums sums) {
    trainer.mode(true);
    int count = Math.ceilDiv(train.size(), options.batch());
    norms.reset();
    List<Batch> together = new ArrayList<>();
    for (Batch batch : batches) {
      together.add(batch);
      if (together.size() < options.accumulate() && sums.batches + together.size() < count) {
        continue;
      }
      if (sums.batches > 0 && options.stop().getAsBoolean()) {
        return false;
      }
      long start = System.nanoTime();
      double loss = step(together, epoch, count, sums);
      sums.nanos += System.nanoTime() - start;
      tell(epoch, count, sums, loss);
      together.clear();
    }
    return true;
  }

  /** One step of the optimizer on batches whose gradients add up to that of all their rows. */
  private double step(List<Batch> batches, int epoch, int count, Sums sums) {
    Tensor[] in = new Tensor[2 * batches.size()];
    for (int i = 0; i < batches.size(); i++) {
      in[2 * i] = batches.get(i).x();
      in[2 * i + 1] = batches.get(i).y();
    }
    int first = sums.batches;
    now = new Step(epoch, count, sums, new double[batches.size()]);
    run(in);
    sums.batches += batches.size();
    Optimizer optimizer = trainer.optimizer();
    if (epoch == 1 && first == 0) {
      warnOfUnreached(optimizer.unreached());
    }
    if (average != null && options.ema() > 0) {
      average.update();
    }
    options.stepSchedulers().forEach(LRScheduler::step);
    double all = batches.stream().mapToInt(b -> b.x().size(0)).sum();
    double sum = 0;
    for (int i = 0; i < batches.size(); i++) {
      sum += now.losses[i] * (batches.get(i).x().size(0) / all);
    }
    return sum;
  }

  /** Runs the step as a plan; what cannot be captured is run as it is written. */
  private void run(Tensor... in) {
    if (compiling) {
      try {
        compiled.run(in);
        return;
      } catch (CaptureException e) {
        compiling = false;
        warn("the training step is not compiled: " + e.getMessage());
      }
    }
    step(List.of(in));
  }

  /** What decides, beside shapes, what a step does. */
  private Object structure() {
    return List.of(
        trainer.model().parameters().stream().map(Parameter::trainable).toList(),
        trainer.optimizer().structure());
  }

  /** The step, on inputs and targets in turn: run as it is, or captured. */
  private List<Tensor> step(List<Tensor> in) {
    Optimizer optimizer = trainer.optimizer();
    double all = 0;
    for (int i = 0; i < in.size(); i += 2) {
      all += in.get(i).size(0);
    }
    double rows = all;
    optimizer.step(() -> gradients(optimizer, in, rows));
    return List.of();
  }

  private Tensor gradients(Optimizer optimizer, List<Tensor> in, double all) {
    optimizer.zeroGrad();
    Tensor total = null;
    for (int i = 0; i < in.size() / 2; i++) {
      Tensor x = in.get(2 * i);
      Tensor y = in.get(2 * i + 1);
      Tensor prediction = trainer.model().forward(x);
      Tensor loss = trainer.loss().of(prediction, y);
      int k = i;
      Tape.observe(t -> seen(k, t), loss, prediction, y);
      Tensor share = in.size() == 2 ? loss : loss.mul(x.size(0) / all);
      share.backward();
      total = total == null ? share.detach() : total.add(share.detach());
    }
    Tape.observe(this::seenGradients, norms.squares());
    clip(optimizer);
    return Objects.requireNonNull(total);
  }

  /** Takes note of the loss, predictions and targets of the k-th batch of a step. */
  private void seen(int k, List<Tensor> t) {
    if (now.measured) {
      return; // a line search comes back
    }
    double loss = t.getFirst().item();
    Sums sums = now.sums;
    if (!Double.isFinite(loss)) {
      throw diverged("the loss became " + name(loss), now.epoch, sums.batches + k + 1, now.count);
    }
    int rows = t.get(1).size(0);
    now.losses[k] = loss;
    sums.rows += rows;
    sums.loss += loss * rows;
    sums.correct += Trainer.correct(t.get(1), t.get(2));
  }

  private void seenGradients(List<Tensor> squares) {
    if (!now.measured) {
      norms.add(squares);
      now.measured = true;
    }
  }

  private void clip(Optimizer optimizer) {
    if (options.clipValue() < Double.POSITIVE_INFINITY) {
      Clip.value(optimizer.parameters(), options.clipValue());
    }
    if (options.clipNorm() < Double.POSITIVE_INFINITY) {
      Clip.norm(optimizer.parameters(), options.clipNorm());
    }
  }

  private void tell(int epoch, int count, Sums sums, double loss) {
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
    warn(sentence);
  }

  private void warn(String sentence) {
    for (TrainListener listener : options.listeners()) {
      listener.warning(sentence);
    }
  }

  /** Measures after an epoch; returns what a schedule goes by. */
  private double finish(int epoch, Sums sums) {
    // The loss of a batch is looked at before its step; the last step of an epoch is looked at
    // here.
    if (!trainer.optimizer().parameters().stream().allMatch(Tensor::allFinite)) {
      throw diverged("the weights became NaN or infinite", epoch, sums.batches, sums.batches);
    }
    WeightAverage weights = average;
    if (weights != null && options.swa() > 0 && epoch >= options.swa()) {
      weights.update();
    }
    boolean averaged = validation != null && weights != null && weights.count() > 0;
    Map<String, Tensor> own = averaged ? trainer.model().stateDict() : Map.of();
    if (averaged) {
      putAverage(Objects.requireNonNull(weights));
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
    if (averaged) {
      Objects.requireNonNull(weights).swap();
      trainer.model().loadStateDict(own);
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
    return validation == null ? line.trainLoss() : valLoss;
  }
}
