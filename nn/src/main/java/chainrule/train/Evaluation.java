package chainrule.train;

import chainrule.tensor.Tensor;

/**
 * How well a model does on a data set.
 *
 * @param rows how many rows were measured
 * @param loss mean over the rows
 * @param accuracy the share of rows whose largest output is their class; NaN in a regression
 * @param r2 the coefficient of determination, 1 − Σ(y−ŷ)² / Σ(y−ȳ)²; NaN in a classification
 * @param mae the mean absolute error; NaN in a classification
 * @param confusion for every class (row) how often each class (column) was said; empty in a
 *     regression
 * @param predictions the model's outputs, a row each
 */
public record Evaluation(
    int rows,
    double loss,
    double accuracy,
    double r2,
    double mae,
    Confusion confusion,
    Tensor predictions) {}
