package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * The losses. All are means over the elements of the target and return a scalar; shapes must be
 * equal and are never broadcast. Each fits the {@link Loss} interface: {@code
 * Losses::crossEntropy}.
 */
public final class Losses {
  private Losses() {}

  /**
   * The mean squared error, {@code L = 1/n Σ (ŷ − y)²}.
   *
   * @throws ShapeException if the shapes differ
   */
  public static Tensor mse(Tensor prediction, Tensor target) {
    checkSame("mse", prediction, target);
    return prediction.sub(target).square().mean();
  }

  /**
   * The cross-entropy of softmax probabilities, {@code L = 1/n Σᵢ (ln Σⱼ exp sᵢⱼ − s_{i,yᵢ})}.
   *
   * @param logits n × classes scores s
   * @param labels n I32 classes y
   * @throws ShapeException if there is not one label for each row
   * @throws DTypeException if the labels are not I32
   * @throws IndexOutOfBoundsException if a label is negative or not below the number of classes;
   *     the message names the row and the label
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    if (labels.dtype() != DType.I32) {
      throw new DTypeException("crossEntropy: labels must be I32, got " + labels.dtype());
    }
    if (logits.rank() != 2 || labels.rank() != 1 || logits.size(0) != labels.size(0)) {
      throw new ShapeException(
          "crossEntropy: needs n×classes logits and n labels, got %s and %s"
              .formatted(logits.shape(), labels.shape()));
    }
    int[] rows = labels.toIntArray();
    for (int i = 0; i < rows.length; i++) {
      Metrics.checkLabel("crossEntropy", i, rows[i], logits.size(1));
    }
    return logits.crossEntropy(labels);
  }

  /**
   * The binary cross-entropy of probabilities, {@code L = −1/n Σ (y ln p + (1 − y) ln(1 − p))},
   * both logarithms clamped at −100.
   *
   * <p>The slope is {@code (p − y) / max(p(1 − p), 1e-12) / n}, finite even at p = 0 and 1. Values
   * and slopes are PyTorch's. With a sigmoid before it prefer {@link #bceWithLogits}.
   *
   * @param probabilities p in [0, 1], of any shape
   * @param target y in [0, 1], of the same shape
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a probability is outside [0, 1]
   */
  public static Tensor bce(Tensor probabilities, Tensor target) {
    checkSame("bce", probabilities, target);
    Tensor p = probabilities.detach();
    if (p.size() > 0 && (p.min().item() < 0 || p.max().item() > 1)) {
      throw new IllegalArgumentException(
          "bce: probabilities must be in [0, 1], got %s to %s; bceWithLogits takes scores"
              .formatted(p.min().item(), p.max().item()));
    }
    return Tensor.apply(new BinaryCrossEntropy(), probabilities, target).mean();
  }

  /**
   * The binary cross-entropy of logits, {@code L = 1/n Σ (ln(1 + eˢ) − y s)}, which is {@code −y ln
   * σ(s) − (1 − y) ln(1 − σ(s))} without its overflow.
   *
   * @param logits scores s of any shape
   * @param target y in [0, 1], of the same shape
   * @throws ShapeException if the shapes differ
   */
  public static Tensor bceWithLogits(Tensor logits, Tensor target) {
    checkSame("bceWithLogits", logits, target);
    return logits.softplus().sub(target.mul(logits)).mean();
  }

  /**
   * The hinge loss of maximal margins, {@code L = 1/n Σ max(0, 1 − y s)}.
   *
   * @param scores scores s of any shape
   * @param target y, −1 or 1, of the same shape
   * @throws ShapeException if the shapes differ
   */
  public static Tensor hinge(Tensor scores, Tensor target) {
    checkSame("hinge", scores, target);
    return target.mul(scores).oneMinus().relu().mean();
  }

  private static void checkSame(String loss, Tensor prediction, Tensor target) {
    if (!prediction.shape().equals(target.shape())) {
      throw new ShapeException(
          "%s: prediction %s and target %s must have the same shape"
              .formatted(loss, prediction.shape(), target.shape()));
    }
    if (prediction.dtype() != target.dtype()) {
      throw new DTypeException(
          "%s: prediction %s and target %s must have the same dtype; convert with to(DType)"
              .formatted(loss, prediction.dtype(), target.dtype()));
    }
  }
}
