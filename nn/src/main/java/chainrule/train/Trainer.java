package chainrule.train;

import chainrule.data.Batch;
import chainrule.data.DataLoader;
import chainrule.data.Dataset;
import chainrule.nn.Loss;
import chainrule.nn.Metrics;
import chainrule.nn.Module;
import chainrule.optim.Optimizer;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model with a loss and an optimizer, and measures it.
 *
 * <pre>{@code
 * var trainer = new Trainer(model, Losses::crossEntropy, new Adam(model.parameters()));
 * History history = trainer.fit(train, validation, Trainer.epochs(10).seed(1));
 * double accuracy = trainer.evaluate(test).accuracy();
 * }</pre>
 *
 * <p>A trainer keeps nothing between calls: a second {@link #fit} goes on from the weights and the
 * optimizer's state that the first one left.
 */
public final class Trainer {
  /** Rows of a batch when nothing is learned: large enough to be quick, small enough to fit. */
  private static final int EVALUATION_BATCH = 1024;

  private final Module model;
  private final Loss loss;
  private final Optimizer optimizer;

  /** For a model, the loss of its outputs, and the optimizer that holds its parameters. */
  public Trainer(Module model, Loss loss, Optimizer optimizer) {
    this.model = model;
    this.loss = loss;
    this.optimizer = optimizer;
  }

  /** The options to start from: so many epochs, batches of 64, seed 0, nothing else switched on. */
  public static FitOptions epochs(int epochs) {
    return FitOptions.of(epochs);
  }

  /**
   * Trains the model on {@code train} and returns what happened; the validation set, if any, is
   * measured after every epoch and decides about early stopping and the best weights, and nothing
   * else. The model is afterwards in the mode, train or eval, in which it came.
   *
   * @throws DivergedException if the loss of a batch is NaN or infinite (the weights are then those
   *     before that batch), or if the last step of an epoch leaves weights that are not finite
   * @throws IllegalArgumentException if patience or best weights are asked for without a validation
   *     set
   */
  public History fit(Dataset train, @Nullable Dataset validation, FitOptions options) {
    if (validation == null && (options.patience() > 0 || options.bestWeights())) {
      throw new IllegalArgumentException(
          "fit: "
              + (options.patience() > 0 ? "patience" : "bestWeights")
              + " needs a validation set to judge by; give one or leave the option off");
    }
    boolean training = model.training();
    try {
      return new Fit(this, train, validation, options).run();
    } finally {
      mode(training);
    }
  }

  /**
   * Measures the model on a data set, in eval mode and without a graph, in batches; the model's
   * mode is restored. A row's figures do not depend on the rows beside it.
   *
   * @throws IllegalArgumentException if the data set is empty
   */
  public Evaluation evaluate(Dataset data) {
    if (data.size() == 0) {
      throw new IllegalArgumentException("evaluate: " + data.name() + " has no rows");
    }
    Tensor predictions = predict(data.x());
    double sum = 0;
    int row = 0;
    for (Batch batch : DataLoader.sequential(data, EVALUATION_BATCH)) {
      int rows = batch.x().size(0);
      Tensor part = predictions.slice(0, row, row + rows);
      sum += loss.of(part, batch.y()).item() * rows;
      row += rows;
    }
    double mean = sum / data.size();
    if (isClassification(data.y())) {
      int scores = predictions.rank() == 2 ? predictions.size(1) : 1;
      int classes = Math.max(scores, data.classNames().size());
      int[][] counts = Metrics.confusionMatrix(predictions, data.y(), classes);
      double accuracy = Metrics.accuracy(predictions, data.y());
      return new Evaluation(
          data.size(), mean, accuracy, Double.NaN, Double.NaN, Confusion.of(counts), predictions);
    }
    return new Evaluation(
        data.size(),
        mean,
        Double.NaN,
        Metrics.r2(predictions, data.y()),
        Metrics.mae(predictions, data.y()),
        Confusion.of(new int[0][]),
        predictions);
  }

  /**
   * A learning-rate range test: steps with rates that rise exponentially, until the loss is four
   * times its least or no number. Weights, buffers and the optimizer's state are afterwards as
   * before, and so is the mode; dropout has drawn its masks.
   *
   * @param from the first rate, above 0
   * @param to the last rate, above {@code from}
   * @param steps how many, at least 2
   * @param options the batch and the seed count
   */
  public LearningRates learningRates(
      Dataset train, double from, double to, int steps, FitOptions options) {
    if (!(from > 0 && from < to && to < Double.POSITIVE_INFINITY) || steps < 2) {
      throw new IllegalArgumentException(
          "learningRates: %d steps from %s to %s; at least 2, rising from above 0"
              .formatted(steps, from, to));
    }
    return new RangeTest(this, train, options).run(from, to, steps);
  }

  /** The model's outputs in eval mode, without a graph; the same as {@link Module#predict}. */
  public Tensor predict(Tensor x) {
    return model.predict(x);
  }

  Module model() {
    return model;
  }

  Loss loss() {
    return loss;
  }

  /** The optimizer that it steps. */
  public Optimizer optimizer() {
    return optimizer;
  }

  void mode(boolean training) {
    if (training) {
      model.train();
    } else {
      model.eval();
    }
  }

  static boolean isClassification(Tensor y) {
    return y.dtype() == DType.I32;
  }

  /** How many rows of a batch the model gets right; NaN if the target is no class. */
  static double correct(Tensor prediction, Tensor y) {
    return isClassification(y)
        ? Math.rint(Metrics.accuracy(prediction, y) * y.size(0))
        : Double.NaN;
  }
}
