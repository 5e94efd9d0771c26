package chainrule.nn;

import chainrule.tensor.Tensor;

/** What training makes small: a scalar from a batch's predictions and targets. */
@FunctionalInterface
public interface Loss {
  /** The loss, a scalar tensor with a graph back to the prediction. */
  Tensor of(Tensor prediction, Tensor target);
}
