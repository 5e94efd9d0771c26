package chainrule.autograd;

import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * How to take a gradient.
 *
 * @param createGraph whether the gradient can be differentiated in turn
 * @param allowUnused whether inputs on which the result does not depend get zeros; otherwise they
 *     are an error, since a gradient that is silently 0 hides mistakes
 * @param seed the gradient that arrives at the result; null means 1, for a result of one number
 */
public record GradOptions(boolean createGraph, boolean allowUnused, @Nullable Tensor seed) {
  /** No graph, every input must be used, seed 1. */
  public static final GradOptions DEFAULT = new GradOptions(false, false, null);

  /** With a graph of the gradient. */
  public GradOptions createGraph(boolean on) {
    return new GradOptions(on, allowUnused, seed);
  }

  /** With zeros for unused inputs. */
  public GradOptions allowUnused(boolean on) {
    return new GradOptions(createGraph, on, seed);
  }

  /** With a seed. */
  public GradOptions seed(Tensor arriving) {
    return new GradOptions(createGraph, allowUnused, arriving);
  }
}
