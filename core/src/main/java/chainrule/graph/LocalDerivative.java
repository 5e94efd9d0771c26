package chainrule.graph;

import chainrule.tensor.Elementwise;
import chainrule.tensor.Node;
import chainrule.tensor.Op;
import chainrule.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What one node multiplies a gradient by: its rule, asked with an arriving gradient of 1. */
final class LocalDerivative {
  private LocalDerivative() {}

  /**
   * The local derivative towards each tracked input; null for the others, and for all where it is
   * no plain number per element or the values it needs are gone.
   */
  static @Nullable Tensor[] of(Node node) {
    int n = node.inputs().size();
    Op op = node.op().orElse(null);
    Tensor y = node.value().orElse(null);
    if (op == null || y == null || y.size() > Node.SMALL || !node.current()) {
      return new @Nullable Tensor[n];
    }
    Tensor[] x = new Tensor[n];
    boolean[] wanted = new boolean[n];
    for (int i = 0; i < n; i++) {
      Tensor kept = node.input(i).orElse(null);
      if (kept == null || (!(op instanceof Elementwise) && (kept.size() != 1 || y.size() != 1))) {
        return new @Nullable Tensor[n];
      }
      x[i] = kept;
      wanted[i] = node.inputs().get(i) != null;
    }
    @Nullable Tensor[] slopes = op.backward(Tensor.ones(y.dtype(), y.shape()), y, x, wanted);
    for (int i = 0; i < n; i++) {
      if (!wanted[i]) {
        slopes[i] = null;
      }
    }
    return slopes;
  }
}
