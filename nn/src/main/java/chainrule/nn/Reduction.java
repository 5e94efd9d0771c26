package chainrule.nn;

import chainrule.tensor.Tensor;

/** What becomes of the losses of the elements or rows of a batch. */
public enum Reduction {
  /** They stay as they are. */
  NONE,
  /** Their mean; where rows have weights, the weighted mean. */
  MEAN,
  /** Their sum. */
  SUM,
  /** Their sum, divided by the size of dimension 0. */
  BATCH_MEAN;

  /** The reduction of losses without weights. */
  Tensor of(Tensor losses) {
    return switch (this) {
      case NONE -> losses;
      case MEAN -> losses.mean();
      case SUM -> losses.sum();
      case BATCH_MEAN -> losses.rank() == 0 ? losses : losses.sum().div(losses.size(0));
    };
  }
}
