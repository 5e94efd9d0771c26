package chainrule.conformance;

import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Compares tensors with those that PyTorch computed. */
final class Deviation {
  private static final double BOUND_F64 = 1e-10;
  private static final double BOUND_F32 = 1e-5;

  private Deviation() {}

  /**
   * Holds tensors to others by name: {@code |difference| ≤ bound · the largest reference element},
   * the bound 1e-10 in F64 and 1e-5 in F32. Infinities must be equal, and so must NaNs.
   */
  static Verdict of(DType dtype, Map<String, Tensor> ours, Map<String, Tensor> reference) {
    if (!ours.keySet().equals(reference.keySet())) {
      return Verdict.failed(
          "there are %s, and PyTorch has %s".formatted(ours.keySet(), reference.keySet()));
    }
    double scale = 0;
    for (Tensor r : reference.values()) {
      for (double v : r.toDoubleArray()) {
        scale = Double.isFinite(v) ? Math.max(scale, Math.abs(v)) : scale;
      }
    }
    double worst = 0;
    String where = "nothing differs";
    for (Map.Entry<String, Tensor> entry : reference.entrySet()) {
      Tensor y = ours.get(entry.getKey());
      if (y == null || !y.shape().equals(entry.getValue().shape())) {
        return Verdict.failed(
            "%s: has shape %s, PyTorch's has %s"
                .formatted(entry.getKey(), y == null ? "–" : y.shape(), entry.getValue().shape()));
      }
      double[] a = y.toDoubleArray();
      double[] b = entry.getValue().toDoubleArray();
      for (int i = 0; i < a.length; i++) {
        double error = error(a[i], b[i], scale);
        if (error > worst) {
          worst = error;
          where = "%s[%d] is %s, PyTorch's is %s".formatted(entry.getKey(), i, a[i], b[i]);
        }
      }
    }
    double bound = dtype == DType.F64 ? BOUND_F64 : BOUND_F32;
    return Verdict.within(worst, bound, dtype + ": " + where);
  }

  private static double error(double ours, double reference, double scale) {
    if (Double.compare(ours, reference) == 0 || ours == reference) {
      return 0;
    }
    double error = Math.abs(ours - reference) / scale;
    return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** Whether tensors are the same, bit for bit. */
  static Verdict bits(String what, Map<String, Tensor> first, Map<String, Tensor> second) {
    if (!first.keySet().equals(second.keySet())) {
      return Verdict.failed("%s: %s and %s".formatted(what, first.keySet(), second.keySet()));
    }
    for (Map.Entry<String, Tensor> entry : first.entrySet()) {
      Tensor other = second.get(entry.getKey());
      if (other == null || !entry.getValue().sameBits(other)) {
        return Verdict.failed("%s: %s has other bits".formatted(what, entry.getKey()));
      }
    }
    return Verdict.holds(true, what + ": the same bits");
  }

  /** A hash of all bits, in the order of the map. */
  static int hash(Map<String, Tensor> tensors) {
    int hash = 1;
    for (Tensor tensor : tensors.values()) {
      hash = 31 * hash + Arrays.hashCode(tensor.toDoubleArray());
    }
    return hash;
  }
}
