package chainrule.nn;

import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.Arrays;

/**
 * Connectionist temporal classification: the negative log-probability of a sequence of labels, over
 * all ways to stretch it over time with repeats and blanks.
 *
 * <p>The mean divides each sequence's loss by the number of its labels, at least 1, before it
 * averages, as PyTorch does. The gradient is that of the logarithms as they are, {@code −} the
 * probability that a class stands at a time; behind a log-softmax it is PyTorch's. A second
 * derivative is refused. Source: Graves, Fernández, Gomez and Schmidhuber, <i>Connectionist
 * temporal classification</i>, 2006, equations 5–16, in logarithms.
 *
 * {@snippet :
 * Tensor loss = new CTCLoss().of(logits.logSoftmax(2), labels, inputLengths, labelLengths);
 * }
 *
 * @param blank the class that stands for no label
 * @param reduction what becomes of the losses of the sequences
 * @param zeroInfinity whether a sequence that cannot be had, which has an infinite loss, counts 0
 */
public record CTCLoss(int blank, Reduction reduction, boolean zeroInfinity) {
  /** With the defaults: class 0 is blank, the mean, infinite losses stay. */
  public CTCLoss() {
    this(0, Reduction.MEAN, false);
  }

  /** The same with another blank. */
  public CTCLoss blank(int blank) {
    return new CTCLoss(blank, reduction, zeroInfinity);
  }

  /** The same with another reduction. */
  public CTCLoss reduction(Reduction reduction) {
    return new CTCLoss(blank, reduction, zeroInfinity);
  }

  /** The same with infinite losses counted as 0, or not. */
  public CTCLoss zeroInfinity(boolean zeroInfinity) {
    return new CTCLoss(blank, reduction, zeroInfinity);
  }

  /**
   * The loss of sequences of logarithms of probabilities.
   *
   * @param logProbabilities times × n × classes, or times × classes for one sequence
   * @param targets I32 labels: n × longest, of which each row's first count; or all sequences' one
   *     after the other
   * @param inputLengths how many times of each sequence count
   * @param targetLengths how many labels each sequence has
   * @throws ShapeException if the numbers of sequences or lengths do not fit
   * @throws IndexOutOfBoundsException if a label is blank or no class; the message names it
   */
  public Tensor of(
      Tensor logProbabilities, Tensor targets, int[] inputLengths, int[] targetLengths) {
    boolean single = logProbabilities.rank() == 2;
    if (!single && logProbabilities.rank() != 3) {
      throw new ShapeException(
          "ctc: needs times×n×classes logarithms, got " + logProbabilities.shape());
    }
    Tensor logs = single ? logProbabilities.unsqueeze(1) : logProbabilities;
    int classes = logs.size(2);
    if (blank < 0 || blank >= classes) {
      throw new IndexOutOfBoundsException(
          "ctc: blank %d, but there are %d classes, 0 to %d"
              .formatted(blank, classes, classes - 1));
    }
    checkLengths(logs, inputLengths, targetLengths);
    int[] starts = starts(targets, targetLengths);
    var ctc = new Ctc(blank, zeroInfinity, inputLengths, starts, targetLengths);
    Tape.observe(t -> check(ctc.labels(t.getFirst()), classes), targets);
    Tensor losses = Tensor.apply(ctc, logs, targets);
    if (reduction == Reduction.MEAN) {
      double[] lengths = Arrays.stream(targetLengths).mapToDouble(l -> Math.max(1, l)).toArray();
      return losses.div(Tensor.of(lengths).to(losses.dtype())).mean();
    }
    return reduction.of(single ? losses.squeeze(0) : losses);
  }

  private static void checkLengths(Tensor logs, int[] inputLengths, int[] targetLengths) {
    int n = logs.size(1);
    if (inputLengths.length != n || targetLengths.length != n) {
      throw new ShapeException(
          "ctc: %d sequences, but %d input lengths and %d target lengths"
              .formatted(n, inputLengths.length, targetLengths.length));
    }
    for (int i = 0; i < n; i++) {
      if (inputLengths[i] < 0 || inputLengths[i] > logs.size(0) || targetLengths[i] < 0) {
        throw new ShapeException(
            "ctc: sequence %d has %d times of %d and %d labels"
                .formatted(i, inputLengths[i], logs.size(0), targetLengths[i]));
      }
    }
  }

  /** Where each sequence's labels begin among all. */
  private static int[] starts(Tensor targets, int[] lengths) {
    if (targets.dtype() != DType.I32) {
      throw new DTypeException("ctc: labels must be I32, got " + targets.dtype());
    }
    int most = Arrays.stream(lengths).max().orElse(0);
    int all = Arrays.stream(lengths).sum();
    boolean rows = targets.rank() == 2;
    if (rows
        ? targets.size(0) != lengths.length || targets.size(1) < most
        : targets.rank() != 1 || targets.size() != all) {
      throw new ShapeException(
          "ctc: labels of %s for %d sequences of up to %d labels, %d in all"
              .formatted(targets.shape(), lengths.length, most, all));
    }
    int[] starts = new int[lengths.length];
    int at = 0;
    for (int i = 0; i < lengths.length; i++) {
      starts[i] = rows ? i * targets.size(1) : at;
      at += lengths[i];
    }
    return starts;
  }

  private void check(int[][] labels, int classes) {
    for (int i = 0; i < labels.length; i++) {
      for (int label : labels[i]) {
        Metrics.checkLabel("ctc", i, label, classes);
        if (label == blank) {
          throw new IndexOutOfBoundsException(
              "ctc: row %d has label %d, which is the blank".formatted(i, label));
        }
      }
    }
  }
}
