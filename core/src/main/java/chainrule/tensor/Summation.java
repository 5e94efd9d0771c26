package chainrule.tensor;

import chainrule.internal.kernel.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums a tensor to a shape that broadcasts to its own: one run of neighbouring dimensions at a
 * time.
 */
final class Summation implements Runnable {
  private final Tensor in;
  private final Tensor out;
  private final List<Part> parts = new ArrayList<>();

  /**
   * One run of neighbouring dimensions.
   *
   * @param sum room for what is summed further; null for the result itself
   */
  private record Part(int outer, int n, int inner, @Nullable Object sum) {}

  /** Finds the runs, the last one first. */
  Summation(Tensor in, Shape to, Tensor out) {
    this.in = in;
    this.out = out;
    Shape now = in.shape();
    int end = now.rank();
    while (end > 0) {
      if (!reduces(now, end - 1, to)) {
        end--;
        continue;
      }
      int start = end - 1;
      while (start > 0 && reduces(now, start - 1, to)) {
        start--;
      }
      int outer = now.span(0, start);
      int inner = now.span(end, now.rank());
      boolean last = !reducesBefore(now, start, to);
      Object sum = last ? null : in.dtype().allocate(outer * inner);
      parts.add(new Part(outer, now.span(start, end), inner, sum));
      if (last) {
        break;
      }
      int[] dims = now.toArray();
      Arrays.fill(dims, start, end, 1);
      now = Shape.of(dims);
      end = start;
    }
  }

  private static boolean reducesBefore(Shape from, int end, Shape to) {
    for (int d = 0; d < end; d++) {
      if (reduces(from, d, to)) {
        return true;
      }
    }
    return false;
  }

  private static boolean reduces(Shape from, int d, Shape to) {
    int lead = from.rank() - to.rank();
    return from.dim(d) != 1 && (d < lead || to.dim(d - lead) == 1);
  }

  @Override
  public void run() {
    Object data = in.array();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Object sum = part.sum == null ? out.array() : part.sum;
      Split.sum(out.kernels(), data, sum, part.outer, part.n, part.inner);
      data = sum;
    }
    if (parts.isEmpty()) {
      System.arraycopy(data, 0, out.array(), 0, out.size());
    }
  }
}
