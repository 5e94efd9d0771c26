package chainrule.tensor;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sizes of a tensor's dimensions, outermost first; immutable.
 *
 * <pre>{@code
 * Shape.of(32, 784).toString();   // 32×784
 * Shape.of(32, 784).dim(-1);      // 784
 * }</pre>
 */
public final class Shape {
  /** The shape of a single number. */
  public static final Shape SCALAR = new Shape(new int[0], 1);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims, int size) {
    this.dims = dims;
    this.size = size;
  }

  /**
   * A shape with the given sizes.
   *
   * @throws ShapeException if a size is negative or there would be more than 2³¹−1 elements
   */
  public static Shape of(int... dims) {
    if (dims.length == 0) {
      return SCALAR;
    }
    long size = 1;
    for (int d : dims) {
      if (d < 0) {
        throw new ShapeException("a dimension cannot be negative: " + text(dims));
      }
      size *= d;
      if (size > Integer.MAX_VALUE - 8) {
        throw new ShapeException("more than 2³¹−9 elements: " + text(dims));
      }
    }
    return new Shape(dims.clone(), (int) size);
  }

  /** The number of dimensions. */
  public int rank() {
    return dims.length;
  }

  /** The number of elements. */
  public int size() {
    return size;
  }

  /** The size of dimension {@code i}; −1 is the last. */
  public int dim(int i) {
    return dims[axis(i)];
  }

  /** The sizes, as a new array. */
  public int[] toArray() {
    return dims.clone();
  }

  /** {@code dim} counted from the front, or an exception if there is no such dimension. */
  public int axis(int dim) {
    int a = dim < 0 ? dim + dims.length : dim;
    if (a < 0 || a >= dims.length) {
      throw new ShapeException("dimension " + dim + " of a tensor with shape " + this);
    }
    return a;
  }

  /** This shape with dimension {@code dim} replaced. */
  public Shape with(int dim, int size) {
    int[] out = dims.clone();
    out[axis(dim)] = size;
    return of(out);
  }

  /** This shape without dimension {@code dim}. */
  public Shape without(int dim) {
    int a = axis(dim);
    int[] out = new int[dims.length - 1];
    System.arraycopy(dims, 0, out, 0, a);
    System.arraycopy(dims, a + 1, out, a, out.length - a);
    return of(out);
  }

  /** This shape with a new dimension before position {@code at}. */
  public Shape insert(int at, int size) {
    int[] out = new int[dims.length + 1];
    System.arraycopy(dims, 0, out, 0, at);
    out[at] = size;
    System.arraycopy(dims, at, out, at + 1, dims.length - at);
    return of(out);
  }

  /** The product of the sizes of dimensions {@code from} (included) to {@code to} (excluded). */
  int span(int from, int to) {
    int n = 1;
    for (int i = from; i < to; i++) {
      n *= dims[i];
    }
    return n;
  }

  /** Row-major strides. */
  int[] strides() {
    int[] out = new int[dims.length];
    int step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      out[i] = step;
      step *= dims[i];
    }
    return out;
  }

  /** Strides that read this shape as {@code target} by broadcasting: 0 where this one repeats. */
  int[] stridesIn(Shape target) {
    int[] own = strides();
    int[] out = new int[target.rank()];
    int shift = target.rank() - rank();
    for (int i = 0; i < dims.length; i++) {
      out[i + shift] = dims[i] == 1 ? 0 : own[i];
    }
    return out;
  }

  /**
   * The shape that both broadcast to, or null if they do not fit: aligned from the right, sizes are
   * equal or one of them is 1.
   */
  static @Nullable Shape broadcast(Shape a, Shape b) {
    if (a.equals(b) || b.dims.length == 0) {
      return a;
    }
    if (a.dims.length == 0) {
      return b;
    }
    int rank = Math.max(a.rank(), b.rank());
    int[] out = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int x = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int y = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (x != y && x != 1 && y != 1) {
        return null;
      }
      out[rank - i] = x == 1 ? y : x;
    }
    return of(out);
  }

  /**
   * The shape that both operands of {@code operation} broadcast to.
   *
   * @throws ShapeException if they do not fit
   */
  static Shape broadcast(String operation, Shape a, Shape b) {
    Shape s = broadcast(a, b);
    if (s == null) {
      throw new ShapeException(
          operation
              + ": "
              + a
              + " and "
              + b
              + " do not broadcast: aligned from the right, sizes must be"
              + " equal or 1");
    }
    return s;
  }

  @Override
  public boolean equals(@Nullable Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** For people: {@code 32×784}; {@code ()} for a single number. */
  @Override
  public String toString() {
    return text(dims);
  }

  private static String text(int[] dims) {
    if (dims.length == 0) {
      return "()";
    }
    var out = new StringBuilder().append(dims[0]);
    for (int i = 1; i < dims.length; i++) {
      out.append('×').append(dims[i]);
    }
    return out.toString();
  }
}
