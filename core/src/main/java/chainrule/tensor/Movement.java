package chainrule.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Other views of the same elements: shapes, orders, pieces, borders. Reshapes are free, the rest
 * copies. {@code dim} counts from the front, −1 is the last.
 */
public sealed interface Movement permits Tensor {
  private Tensor tensor() {
    return (Tensor) this;
  }

  /** The same elements in another shape; one size may be −1 and is worked out. */
  default Tensor reshape(int... shape) {
    Tensor x = tensor();
    int[] dims = shape.clone();
    int open = -1;
    long known = 1;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] != -1) {
        known *= dims[i];
      } else if (open < 0) {
        open = i;
      } else {
        throw new ShapeException("reshape: only one size can be −1");
      }
    }
    if (open >= 0) {
      if (known == 0 || x.size() % known != 0) {
        throw new ShapeException(
            "reshape: " + x.shape() + " does not divide into rows of " + known + " elements");
      }
      dims[open] = (int) (x.size() / known);
    }
    Shape to = Shape.of(dims);
    return to.equals(x.shape()) ? x : Tensor.apply(new LinearOp.Reshape(to), x);
  }

  /** All elements in one dimension. */
  default Tensor flatten() {
    return reshape(-1);
  }

  /** Dimensions {@code from} and all after it in one. */
  default Tensor flatten(int from) {
    Tensor x = tensor();
    int d = x.shape().axis(from);
    int[] dims = Arrays.copyOf(x.shape().toArray(), d + 1);
    dims[d] = x.shape().span(d, x.rank());
    return reshape(dims);
  }

  /** Dimension i of the result is dimension {@code dims[i]} of this tensor. */
  default Tensor permute(int... dims) {
    return Tensor.apply(new LinearOp.Permute(dims.clone()), tensor());
  }

  /** Two dimensions exchanged. */
  default Tensor transpose(int a, int b) {
    Shape s = tensor().shape();
    int[] dims = new int[s.rank()];
    Arrays.setAll(dims, i -> i);
    dims[s.axis(a)] = s.axis(b);
    dims[s.axis(b)] = s.axis(a);
    return permute(dims);
  }

  /** The last two dimensions exchanged: the transpose of a matrix, or of each in a batch. */
  default Tensor t() {
    return transpose(-2, -1);
  }

  /** Without all dimensions of size 1. */
  default Tensor squeeze() {
    return reshape(Arrays.stream(tensor().shape().toArray()).filter(d -> d != 1).toArray());
  }

  /** Without dimension {@code dim}, whose size must be 1. */
  default Tensor squeeze(int dim) {
    Shape s = tensor().shape();
    if (s.dim(dim) != 1) {
      throw new ShapeException("squeeze: dimension " + dim + " of " + s + " is not of size 1");
    }
    return reshape(s.without(dim).toArray());
  }

  /** With a new dimension of size 1 before position {@code dim}; −1 appends one. */
  default Tensor unsqueeze(int dim) {
    Shape s = tensor().shape();
    int at = dim < 0 ? dim + s.rank() + 1 : dim;
    if (at < 0 || at > s.rank()) {
      throw new ShapeException("unsqueeze: position " + dim + " in a tensor of shape " + s);
    }
    return reshape(s.insert(at, 1).toArray());
  }

  /** Repeated along dimensions of size 1 and new leading ones; −1 keeps a size. */
  default Tensor expand(int... shape) {
    Shape s = tensor().shape();
    int[] dims = shape.clone();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == -1) {
        dims[i] = s.dim(i - dims.length);
      }
    }
    Shape to = Shape.of(dims);
    return to.equals(s) ? tensor() : Tensor.apply(new LinearOp.Expand(to), tensor());
  }

  /** Elements {@code start} (included) to {@code end} (excluded) of one dimension. */
  default Tensor slice(int dim, int start, int end) {
    return slice(dim, start, end, 1);
  }

  /** Every {@code step}-th element from {@code start} (included) to {@code end} (excluded). */
  default Tensor slice(int dim, int start, int end, int step) {
    Shape s = tensor().shape();
    int d = s.axis(dim);
    int n = s.dim(d);
    int from = start < 0 ? start + n : start;
    int to = end < 0 ? end + n : end;
    if (from < 0 || to > n || from > to || step < 1) {
      throw new ShapeException(
          "slice: [" + start + ", " + end + ") by " + step + " of dimension " + dim + " of " + s);
    }
    if (from == 0 && to == n && step == 1) {
      return tensor();
    }
    int count = Math.ceilDiv(to - from, step);
    return Tensor.apply(new LinearOp.Slice(d, from, count, step), tensor());
  }

  /** The slice at one index of a dimension, which disappears. */
  default Tensor pick(int dim, int index) {
    Shape s = tensor().shape();
    int d = s.axis(dim);
    int i = index < 0 ? index + s.dim(d) : index;
    if (i < 0 || i >= s.dim(d)) {
      throw new ShapeException("pick: index " + index + " of dimension " + dim + " of " + s);
    }
    return slice(d, i, i + 1).squeeze(d);
  }

  /**
   * Pieces of {@code size} along a dimension; the last may be smaller, and a dimension of size 0 is
   * one empty piece.
   */
  default List<Tensor> split(int size, int dim) {
    if (size < 1) {
      throw new ShapeException("split: pieces of size " + size);
    }
    int n = tensor().size(dim);
    if (n == 0) {
      return List.of(tensor());
    }
    var out = new ArrayList<Tensor>();
    for (int i = 0; i < n; i += size) {
      out.add(slice(dim, i, Math.min(n, i + size)));
    }
    return out;
  }

  /** At most {@code n} pieces of equal size along a dimension; the last may be smaller. */
  default List<Tensor> chunk(int n, int dim) {
    if (n < 1) {
      throw new ShapeException("chunk: " + n + " pieces");
    }
    return split(Math.max(1, Math.ceilDiv(tensor().size(dim), n)), dim);
  }

  /**
   * With a border.
   *
   * @param before how many elements to put before each dimension
   * @param after how many to put after
   * @param value what the border holds
   */
  default Tensor pad(int[] before, int[] after, double value) {
    Tensor y = tensor();
    if (before.length != y.rank() || after.length != y.rank()) {
      throw new ShapeException(
          "pad: " + before.length + " and " + after.length + " sizes for a tensor of " + y.shape());
    }
    Tensor inside = value == 0 ? y : Tensor.ones(y.dtype(), y.shape());
    for (int d = 0; d < before.length; d++) {
      if (before[d] < 0 || after[d] < 0) {
        throw new ShapeException("pad: negative sizes; use slice to cut");
      }
      if (before[d] + after[d] > 0) {
        Op border = new LinearOp.Unslice(d, before[d], before[d] + y.size(d) + after[d], 1);
        y = Tensor.apply(border, y);
        inside = value == 0 ? y : Tensor.apply(border, inside);
      }
    }
    return value == 0 ? y : inside.select(y, y.constant(value));
  }

  /** In reverse order along one dimension. */
  default Tensor flip(int dim) {
    Shape s = tensor().shape();
    int d = s.axis(dim);
    return s.dim(d) == 0
        ? tensor()
        : Tensor.apply(new LinearOp.Slice(d, s.dim(d) - 1, s.dim(d), -1), tensor());
  }

  /**
   * Moved by {@code shift} places along one dimension; what leaves at the end enters at the start.
   */
  default Tensor roll(int shift, int dim) {
    int n = tensor().size(dim);
    int k = n == 0 ? 0 : Math.floorMod(shift, n);
    return k == 0 ? tensor() : Tensor.cat(dim, slice(dim, n - k, n), slice(dim, 0, n - k));
  }

  /** The lower triangle of the last two dimensions, up to diagonal {@code k}; zeros above. */
  default Tensor tril(int k) {
    return triangle(diagonal -> diagonal <= k);
  }

  /** The upper triangle of the last two dimensions, from diagonal {@code k} up; zeros below. */
  default Tensor triu(int k) {
    return triangle(diagonal -> diagonal >= k);
  }

  private Tensor triangle(IntPredicate inside) {
    Tensor x = tensor();
    if (x.rank() < 2) {
      throw new ShapeException("a triangle of a tensor of shape " + x.shape());
    }
    int rows = x.size(-2);
    int columns = x.size(-1);
    double[] mask = new double[rows * columns];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = inside.test(i % columns - i / columns) ? 1 : 0;
    }
    return Tensor.of(mask, rows, columns).to(x.dtype()).select(x, x.constant(0));
  }
}
