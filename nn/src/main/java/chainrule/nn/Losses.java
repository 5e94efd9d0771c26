package chainrule.nn;

import chainrule.tensor.DTypeException;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tensor;

/**
 * The losses with their default options, as functions: means over the elements or rows of a batch.
 * Shapes must be equal and are never broadcast.
 *
 * <p>Each is a {@link Loss} as well, {@code Losses::crossEntropy}, and each has a record of its
 * options with the same meaning: {@code new CrossEntropyLoss().labelSmoothing(0.1)}. Losses are
 * tensor code, so derivatives of any order exist; {@link CTCLoss} alone stops at the first.
 */
public final class Losses {
  private static final CrossEntropyLoss CROSS_ENTROPY = new CrossEntropyLoss();

  private Losses() {}

  /**
   * The mean squared error, {@code L = 1/n Σ (ŷ − y)²}.
   *
   * @param prediction ŷ, of any shape
   * @param target y, of the same shape
   * @throws ShapeException if the shapes differ
   * @see MSELoss
   */
  public static Tensor mse(Tensor prediction, Tensor target) {
    return new MSELoss().of(prediction, target);
  }

  /**
   * The mean absolute error, {@code L = 1/n Σ |ŷ − y|}.
   *
   * @param prediction ŷ, of any shape
   * @param target y, of the same shape
   * @throws ShapeException if the shapes differ
   * @see L1Loss
   */
  public static Tensor l1(Tensor prediction, Tensor target) {
    return new L1Loss().of(prediction, target);
  }

  /**
   * Huber's loss, a parabola up to an error of 1 and a line beyond.
   *
   * @param prediction ŷ, of any shape
   * @param target y, of the same shape
   * @throws ShapeException if the shapes differ
   * @see HuberLoss
   */
  public static Tensor huber(Tensor prediction, Tensor target) {
    return new HuberLoss().of(prediction, target);
  }

  /**
   * The mean absolute error with a tip rounded up to an error of 1.
   *
   * @param prediction ŷ, of any shape
   * @param target y, of the same shape
   * @throws ShapeException if the shapes differ
   * @see SmoothL1Loss
   */
  public static Tensor smoothL1(Tensor prediction, Tensor target) {
    return new SmoothL1Loss().of(prediction, target);
  }

  /**
   * The cross-entropy of softmax probabilities, {@code L = 1/n Σᵢ (ln Σⱼ exp sᵢⱼ − s_{i,yᵢ})}. Rows
   * with the label −100 do not count.
   *
   * @param logits n × classes scores s, or n × classes × …
   * @param labels I32 classes y, n or n × …; or probabilities of the shape of the logits
   * @throws ShapeException if there is not one label for each row
   * @throws DTypeException if the labels are not I32
   * @throws IndexOutOfBoundsException if a label is negative or not below the number of classes;
   *     the message names the row and the label
   * @see CrossEntropyLoss
   */
  public static Tensor crossEntropy(Tensor logits, Tensor labels) {
    return CROSS_ENTROPY.of(logits, labels);
  }

  /**
   * The mean of {@code −x_y}, x being logarithms of probabilities. Rows with the label −100 do not
   * count.
   *
   * @param logProbabilities n × classes, or n × classes × …
   * @param labels I32 classes y, n or n × …
   * @throws ShapeException if there is not one label for each row
   * @throws DTypeException if the labels are not I32
   * @throws IndexOutOfBoundsException if a label is negative or not below the number of classes;
   *     the message names the row and the label
   * @see NLLLoss
   */
  public static Tensor nll(Tensor logProbabilities, Tensor labels) {
    return new NLLLoss().of(logProbabilities, labels);
  }

  /**
   * The binary cross-entropy of probabilities, {@code L = −1/n Σ (y ln p + (1 − y) ln(1 − p))},
   * both logarithms clamped at −100.
   *
   * @param probabilities p in [0, 1], of any shape
   * @param target y in [0, 1], of the same shape
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a probability is outside [0, 1]
   * @see BCELoss
   */
  public static Tensor bce(Tensor probabilities, Tensor target) {
    return new BCELoss().of(probabilities, target);
  }

  /**
   * The binary cross-entropy of logits, {@code L = 1/n Σ (ln(1 + eˢ) − y s)}, which is {@code −y ln
   * σ(s) − (1 − y) ln(1 − σ(s))} without its overflow.
   *
   * @param logits scores s of any shape
   * @param target y in [0, 1], of the same shape
   * @throws ShapeException if the shapes differ
   * @see BCEWithLogitsLoss
   */
  public static Tensor bceWithLogits(Tensor logits, Tensor target) {
    return new BCEWithLogitsLoss().of(logits, target);
  }

  /**
   * The mean of {@code y · (ln y − x)} over all elements, x being logarithms of probabilities; the
   * divergence itself is {@link Reduction#BATCH_MEAN}.
   *
   * @param logProbabilities x, of any shape
   * @param target y ≥ 0, of the same shape
   * @throws ShapeException if the shapes differ
   * @see KLDivLoss
   */
  public static Tensor klDiv(Tensor logProbabilities, Tensor target) {
    return new KLDivLoss().of(logProbabilities, target);
  }

  /**
   * The hinge loss of maximal margins, {@code L = 1/n Σ max(0, 1 − y s)}.
   *
   * @param scores scores s of any shape
   * @param target y, −1 or 1, of the same shape
   * @throws ShapeException if the shapes differ
   * @see HingeLoss
   */
  public static Tensor hinge(Tensor scores, Tensor target) {
    return new HingeLoss().of(scores, target);
  }

  /**
   * The squared hinge loss, {@code L = 1/n Σ max(0, 1 − y s)²}.
   *
   * @param scores scores s of any shape
   * @param target y, −1 or 1, of the same shape
   * @throws ShapeException if the shapes differ
   * @see SquaredHingeLoss
   */
  public static Tensor squaredHinge(Tensor scores, Tensor target) {
    return new SquaredHingeLoss().of(scores, target);
  }

  /**
   * The hinge loss of several classes, {@code L = 1/n Σᵢ 1/C Σ_{j≠yᵢ} max(0, 1 − s_{i,yᵢ} + sᵢⱼ)}.
   *
   * @param scores n × C scores s
   * @param labels n I32 classes y
   * @throws ShapeException if there is not one label for each row
   * @throws DTypeException if the labels are not I32
   * @throws IndexOutOfBoundsException if a label is negative or not below the number of classes;
   *     the message names the row and the label
   * @see MultiMarginLoss
   */
  public static Tensor multiMargin(Tensor scores, Tensor labels) {
    return new MultiMarginLoss().of(scores, labels);
  }

  /**
   * The negative log-likelihood of counts under Poisson's distribution, {@code L = 1/n Σ (eˣ − y
   * x)}.
   *
   * @param prediction logarithms x of the means, of any shape
   * @param target counts y, of the same shape
   * @throws ShapeException if the shapes differ
   * @see PoissonNLLLoss
   */
  public static Tensor poissonNll(Tensor prediction, Tensor target) {
    return new PoissonNLLLoss().of(prediction, target);
  }
}
