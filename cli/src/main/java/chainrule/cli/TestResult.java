package chainrule.cli;

import chainrule.data.Dataset;
import chainrule.data.Preprocessing;
import chainrule.nn.Metrics;
import chainrule.tensor.Tensor;
import chainrule.train.Evaluation;
import chainrule.train.Trainer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model does on rows it has not seen; numbers are in the units of the target.
 *
 * @param r2 NaN in a classification
 * @param mae NaN in a classification
 */
record TestResult(
    Evaluation evaluation, double r2, double mae, Tensor predictions, Tensor targets) {

  static TestResult of(Trainer trainer, Loaded data) {
    return of(trainer, data.test(), data.preprocessing());
  }

  static TestResult of(Trainer trainer, Dataset rows, @Nullable Preprocessing steps) {
    Evaluation evaluation = trainer.evaluate(rows);
    Tensor predictions = evaluation.predictions();
    Tensor targets = rows.y();
    if (rows.isClassification()) {
      return new TestResult(evaluation, Double.NaN, Double.NaN, predictions, targets);
    }
    if (steps != null) {
      predictions = steps.decodeTarget(predictions);
      targets = steps.decodeTarget(targets);
    }
    return new TestResult(
        evaluation,
        Metrics.r2(predictions, targets),
        Metrics.mae(predictions, targets),
        predictions,
        targets);
  }

  boolean isClassification() {
    return Double.isNaN(r2);
  }

  /** {@code accuracy 98.1 % (353 of 360), loss 0.0712}. */
  String headline() {
    if (!isClassification()) {
      return "R² %s, mean absolute error %s, loss %s"
          .formatted(Terminal.number(r2), Terminal.number(mae), Terminal.number(evaluation.loss()));
    }
    return "accuracy %s (%s of %s), loss %s"
        .formatted(
            Terminal.percent(evaluation.accuracy()),
            Terminal.count(correct()),
            Terminal.count(evaluation.rows()),
            Terminal.number(evaluation.loss()));
  }

  long correct() {
    return Math.round(evaluation.accuracy() * evaluation.rows());
  }

  /** The figures under the names that {@code --json} gives them. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    if (isClassification()) {
      map.put("testAccuracy", evaluation.accuracy());
    } else {
      map.put("testR2", r2);
      map.put("testMae", mae);
    }
    map.put("testLoss", evaluation.loss());
    return map;
  }
}
