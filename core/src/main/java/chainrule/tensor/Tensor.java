package chainrule.tensor;

import chainrule.internal.kernel.KernelChoice;
import chainrule.internal.kernel.Kernels;
import chainrule.internal.kernel.Scan;
import chainrule.math.Binary;
import chainrule.math.Num;
import chainrule.math.Unary;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array of numbers that remembers how it was made, if anyone will ask for a
 * derivative.
 *
 * <p>Immutable, contiguous, row-major. The methods live in façades by kind: arithmetic and
 * elementwise functions in {@link Num} and {@link Activations}, then {@link Reductions}, {@link
 * Movement}, {@link Indexing}, {@link Composites} and {@link Images}. This class makes tensors,
 * reads them, and applies operations.
 *
 * <pre>{@code
 * Parameter w = Tensor.of(0.5, -1.0).requiresGrad();
 * Tensor loss = w.square().sum();
 * loss.backward();
 * w.grad();   // [1, −2]
 * }</pre>
 */
public sealed class Tensor
    implements Activations, Reductions, Movement, Indexing, Composites, Images permits Parameter {
  private final DType dtype;
  private final Shape shape;
  private Object data;
  @Nullable Node node;

  Tensor(DType dtype, Shape shape, Object data) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }

  /** Stands for a value that was not kept, or collects who is read. */
  private record Ghost(int mask, @Nullable Node consumer) {}

  static Tensor ghost(DType dtype, Shape shape, int mask, @Nullable Node consumer) {
    return new Tensor(dtype, shape, new Ghost(mask, consumer));
  }

  /** Whether this only stands for a value that was not kept. */
  boolean absent() {
    return data instanceof Ghost;
  }

  int probeMask() {
    return data instanceof Ghost g ? g.mask : 0;
  }

  // ---------------------------------------------------------------- making tensors

  /** An F32 vector. */
  public static Tensor of(float... data) {
    return new Tensor(DType.F32, Shape.of(data.length), data.clone());
  }

  /** An F64 vector. */
  public static Tensor of(double... data) {
    return new Tensor(DType.F64, Shape.of(data.length), data.clone());
  }

  /** An F32 tensor of the given shape from row-major data; without a shape, a vector. */
  public static Tensor of(float[] data, int... shape) {
    return new Tensor(DType.F32, fitting(data.length, shape), data.clone());
  }

  /** An F64 tensor of the given shape from row-major data; without a shape, a vector. */
  public static Tensor of(double[] data, int... shape) {
    return new Tensor(DType.F64, fitting(data.length, shape), data.clone());
  }

  /** An I32 tensor of the given shape from row-major data; without a shape, a vector. */
  public static Tensor of(int[] data, int... shape) {
    return new Tensor(DType.I32, fitting(data.length, shape), data.clone());
  }

  /** An F32 matrix; all rows must be equally long. */
  public static Tensor of(float[][] rows) {
    int n = rows.length == 0 ? 0 : rows[0].length;
    float[] flat = new float[Shape.of(rows.length, n).size()];
    for (int i = 0; i < rows.length; i++) {
      checkRow(i, rows[i].length, n);
      System.arraycopy(rows[i], 0, flat, i * n, n);
    }
    return new Tensor(DType.F32, Shape.of(rows.length, n), flat);
  }

  /** An F64 matrix; all rows must be equally long. */
  public static Tensor of(double[][] rows) {
    int n = rows.length == 0 ? 0 : rows[0].length;
    double[] flat = new double[Shape.of(rows.length, n).size()];
    for (int i = 0; i < rows.length; i++) {
      checkRow(i, rows[i].length, n);
      System.arraycopy(rows[i], 0, flat, i * n, n);
    }
    return new Tensor(DType.F64, Shape.of(rows.length, n), flat);
  }

  private static void checkRow(int i, int length, int n) {
    if (length != n) {
      throw new ShapeException("row " + i + " has " + length + " numbers, row 0 has " + n);
    }
  }

  private static Shape fitting(int n, int... shape) {
    Shape s = shape.length == 0 ? Shape.of(n) : Shape.of(shape);
    if (s.size() != n) {
      throw new ShapeException(n + " numbers do not fill the shape " + s);
    }
    return s;
  }

  /** A single F64 number. */
  public static Tensor scalar(double value) {
    return new Tensor(DType.F64, Shape.SCALAR, new double[] {value});
  }

  /** A single F32 number. */
  public static Tensor scalar(float value) {
    return new Tensor(DType.F32, Shape.SCALAR, new float[] {value});
  }

  /** F32 zeros. */
  public static Tensor zeros(int... shape) {
    return zeros(DType.F32, Shape.of(shape));
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, int... shape) {
    return zeros(dtype, Shape.of(shape));
  }

  /** Zeros. */
  public static Tensor zeros(DType dtype, Shape shape) {
    return new Tensor(dtype, shape, dtype.allocate(shape.size()));
  }

  /** F32 ones. */
  public static Tensor ones(int... shape) {
    return full(DType.F32, 1, Shape.of(shape));
  }

  /** Ones. */
  public static Tensor ones(DType dtype, int... shape) {
    return full(dtype, 1, Shape.of(shape));
  }

  /** Ones. */
  public static Tensor ones(DType dtype, Shape shape) {
    return full(dtype, 1, shape);
  }

  /** The same number everywhere. */
  public static Tensor full(DType dtype, double value, int... shape) {
    return full(dtype, value, Shape.of(shape));
  }

  /** The same number everywhere. */
  public static Tensor full(DType dtype, double value, Shape shape) {
    Object data = dtype.allocate(shape.size());
    switch (data) {
      case float[] a -> Arrays.fill(a, (float) value);
      case double[] a -> Arrays.fill(a, value);
      default -> Arrays.fill((int[]) data, (int) value);
    }
    return new Tensor(dtype, shape, data);
  }

  /** The indices 0 … n−1. */
  public static Tensor arange(int n) {
    int[] data = new int[Shape.of(n).size()];
    Arrays.setAll(data, i -> i);
    return new Tensor(DType.I32, Shape.of(n), data);
  }

  /** {@code n} numbers from {@code lo} to {@code hi}, both included, equally far apart. */
  public static Tensor linspace(DType dtype, double lo, double hi, int n) {
    double[] data = new double[Shape.of(n).size()];
    Arrays.setAll(data, i -> n == 1 ? lo : lo + (hi - lo) * i / (n - 1));
    return of(data).to(dtype);
  }

  /** The identity matrix. */
  public static Tensor eye(DType dtype, int n) {
    double[] data = new double[Shape.of(n, n).size()];
    for (int i = 0; i < n; i++) {
      data[i * n + i] = 1;
    }
    return of(data, n, n).to(dtype);
  }

  /** Numbers uniform in [0, 1). */
  public static Tensor rand(DType dtype, RandomGenerator random, int... shape) {
    return uniform(dtype, random, 0, 1, shape);
  }

  /** Numbers uniform in [lo, hi), drawn in double precision. */
  public static Tensor uniform(
      DType dtype, RandomGenerator random, double lo, double hi, int... shape) {
    double[] data = new double[Shape.of(shape).size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = lo + (hi - lo) * random.nextDouble();
    }
    return new Tensor(DType.F64, Shape.of(shape), data).to(dtype);
  }

  /** Standard normal numbers, drawn in double precision. */
  public static Tensor randn(DType dtype, RandomGenerator random, int... shape) {
    double[] data = new double[Shape.of(shape).size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextGaussian();
    }
    return new Tensor(DType.F64, Shape.of(shape), data).to(dtype);
  }

  /** {@code condition ≠ 0 ? a : b}, elementwise with broadcasting. */
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return condition.select(a, b);
  }

  /** Joins tensors along a dimension that they have. */
  public static Tensor cat(int dim, Tensor... parts) {
    if (parts.length == 0) {
      throw new ShapeException("cat: nothing to join");
    }
    return apply(new LinearOp.Concat(parts[0].shape.axis(dim)), parts);
  }

  /** Joins tensors along a dimension that they have. */
  public static Tensor cat(int dim, List<Tensor> parts) {
    return cat(dim, parts.toArray(Tensor[]::new));
  }

  /** Joins tensors of one shape along a new dimension. */
  public static Tensor stack(int dim, Tensor... parts) {
    Tensor[] lifted = new Tensor[parts.length];
    Arrays.setAll(lifted, i -> parts[i].unsqueeze(dim));
    if (parts.length > 0 && dim < 0) {
      return cat(dim + lifted[0].rank(), lifted);
    }
    return cat(dim, lifted);
  }

  /** Joins tensors of one shape along a new dimension. */
  public static Tensor stack(int dim, List<Tensor> parts) {
    return stack(dim, parts.toArray(Tensor[]::new));
  }

  Tensor zerosLike() {
    return zeros(dtype, shape);
  }

  // ---------------------------------------------------------------- reading

  /** The sizes of the dimensions. */
  public Shape shape() {
    return shape;
  }

  /** The element type. */
  public DType dtype() {
    return dtype;
  }

  /** The number of elements. */
  public int size() {
    return shape.size();
  }

  /** The size of one dimension; −1 is the last. */
  public int size(int dim) {
    return shape.dim(dim);
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.rank();
  }

  /** The only element. */
  public double item() {
    if (size() != 1) {
      throw new ShapeException("item() wants a single number, this tensor is " + shape);
    }
    return at(0);
  }

  /** One element. */
  public double get(int... index) {
    if (index.length != rank()) {
      throw new ShapeException(
          "an index of " + index.length + " numbers into a tensor of shape " + shape);
    }
    int[] strides = shape.strides();
    int at = 0;
    for (int i = 0; i < index.length; i++) {
      at += Objects.checkIndex(index[i], shape.dim(i)) * strides[i];
    }
    return at(at);
  }

  double at(int i) {
    return switch (array()) {
      case float[] a -> a[i];
      case double[] a -> a[i];
      case int[] a -> a[i];
      default -> throw new AssertionError(dtype);
    };
  }

  /** The elements in row-major order, rounded to F32. */
  public float[] toFloatArray() {
    if (array() instanceof float[] a) {
      return a.clone();
    }
    float[] out = new float[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) at(i);
    }
    return out;
  }

  /** The elements in row-major order, in F64. */
  public double[] toDoubleArray() {
    if (array() instanceof double[] a) {
      return a.clone();
    }
    double[] out = new double[size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = at(i);
    }
    return out;
  }

  /** The elements of an I32 tensor in row-major order. */
  public int[] toIntArray() {
    if (array() instanceof int[] a) {
      return a.clone();
    }
    throw new DTypeException(
        "toIntArray: this tensor is " + dtype + "; convert with to(DType.I32)");
  }

  /** An element of an I32 tensor by its place in row-major order; nothing is copied. */
  public int intAt(int place) {
    if (array() instanceof int[] a) {
      return a[Objects.checkIndex(place, size())];
    }
    throw new DTypeException("intAt: this tensor is " + dtype + "; convert with to(DType.I32)");
  }

  /** Whether shape, type and every bit agree; all NaNs count as one. */
  public boolean sameBits(Tensor other) {
    return dtype == other.dtype
        && shape.equals(other.shape)
        && switch (array()) {
          case float[] a -> Arrays.equals(a, (float[]) other.array());
          case double[] a -> Arrays.equals(a, (double[]) other.array());
          default -> Arrays.equals((int[]) array(), (int[]) other.array());
        };
  }

  /** Whether no element is NaN or infinite. */
  public boolean allFinite() {
    return Scan.finite(array());
  }

  /**
   * This tensor, or if it is F32 and holds subnormal numbers, a constant with zeros in their place:
   * the JVM cannot switch them off, and processors compute them many times slower.
   */
  public Tensor flushSubnormals() {
    if (!(array() instanceof float[] a) || !Scan.subnormal(a)) {
      return this;
    }
    float[] out = a.clone();
    kernels().flush(out, 0, out.length);
    return new Tensor(dtype, shape, out);
  }

  /** Whether shapes agree and {@code |a − b| ≤ atol + rtol·|b|} everywhere; NaN equals NaN. */
  public boolean allClose(Tensor other, double rtol, double atol) {
    if (!shape.equals(other.shape)) {
      return false;
    }
    for (int i = 0; i < size(); i++) {
      double a = at(i);
      double b = other.at(i);
      boolean same = a == b || (Double.isNaN(a) && Double.isNaN(b));
      if (!same && !(Math.abs(a - b) <= atol + rtol * Math.abs(b))) {
        return false;
      }
    }
    return true;
  }

  /** As NumPy prints it. */
  @Override
  public String toString() {
    return switch (data) {
      case Ghost _ -> "a value of shape " + shape + " that was not kept";
      case Capture.Cell _ -> "a value of shape " + shape + " of a compiled step";
      default -> Text.of(this);
    };
  }

  Object array() {
    if (data instanceof Capture.Cell cell) {
      return cell.array();
    }
    if (data instanceof Ghost ghost) {
      throw new GraphException(
          "the backward pass"
              + (ghost.consumer == null ? "" : " of " + ghost.consumer)
              + " reads a value by number that was not kept; write it in tensor operations");
    }
    return data;
  }

  /** The array, for another tensor to stand on as well. */
  Object share() {
    return data instanceof Capture.Cell cell ? cell : array();
  }

  /** Where a captured tensor's numbers will stand; null for any other. */
  Capture.@Nullable Cell cell() {
    return data instanceof Capture.Cell cell ? cell : null;
  }

  /** Only a parameter's value is ever replaced. */
  void replace(Object newData) {
    data = newData;
  }

  @SuppressWarnings("unchecked") // the kernels for this tensor's own kind of array
  Kernels<Object> kernels() {
    return (Kernels<Object>)
        switch (dtype) {
          case F32 -> (Kernels<?>) KernelChoice.F32;
          case F64 -> (Kernels<?>) KernelChoice.F64;
          case I32 -> throw new DTypeException("I32 tensors are indices and are not computed with");
        };
  }

  // ---------------------------------------------------------------- the tape

  /**
   * Applies an operation: the one place where tensors are computed and recorded.
   *
   * @throws ShapeException if the inputs' shapes do not fit
   * @throws DTypeException if their element types do not
   */
  public static Tensor apply(Op op, Tensor... in) {
    Tape.Mode mode = Tape.mode();
    if (mode.expressions() && op instanceof Fused fused) {
      return fused.expression(in);
    }
    Shape[] shapes = new Shape[in.length];
    DType[] types = new DType[in.length];
    boolean tracked = false;
    int probe = 0;
    boolean ghostly = false;
    for (int i = 0; i < in.length; i++) {
      shapes[i] = in[i].shape;
      types[i] = in[i].dtype;
      tracked |= in[i].node != null;
      if (in[i].data instanceof Ghost g && g.consumer == null) {
        ghostly = true;
        probe |= g.mask;
      }
    }
    DType dtype = op.dtype(types);
    Shape shape = op.shape(shapes);
    if (ghostly) {
      return ghost(dtype, shape, probe, null);
    }
    Capture capture = mode.capture();
    Tensor out;
    if (capture != null && Capture.known(in)) {
      capture = null;
    }
    if (capture != null && !(op instanceof LinearOp.Reshape)) {
      out = capture.place(dtype, shape);
      capture.add(new Step.Applied(op, in, out));
    } else if (op instanceof LinearOp.Reshape) {
      out = new Tensor(dtype, shape, in[0].share());
    } else {
      out = new Tensor(dtype, shape, dtype.allocate(shape.size()));
      op.forward(in, out);
    }
    if (tracked && mode.grad() && dtype.isFloating() && !op.flat()) {
      out.node = new Node(op, in, out, mode);
    }
    OpListener listener = mode.listener();
    if (listener != null) {
      listener.forward(op, in, out);
    }
    return out;
  }

  @Override
  public Tensor map(Unary f) {
    return apply(new Elementwise.Map(f), this);
  }

  @Override
  public Tensor zip(Binary f, Tensor other) {
    return apply(new Elementwise.Zip(f), this, other);
  }

  @Override
  public Tensor select(Tensor ifTrue, Tensor ifFalse) {
    return apply(new Elementwise.Select(), this, ifTrue, ifFalse);
  }

  /** A single number of this tensor's type, which broadcasts. */
  @Override
  public Tensor constant(double c) {
    return switch (dtype) {
      case F32 -> scalar((float) c);
      case F64 -> scalar(c);
      case I32 -> new Tensor(DType.I32, Shape.SCALAR, new int[] {(int) c});
    };
  }

  @Override
  public Tensor self() {
    return this;
  }

  /** A leaf with this tensor's value, for which gradients are computed. */
  public Parameter requiresGrad() {
    return new Parameter(this, "");
  }

  /** As {@link #requiresGrad()}, with a name for messages and pictures. */
  public Parameter requiresGrad(String name) {
    return new Parameter(this, name);
  }

  /** Whether a derivative can be taken from here. */
  public boolean isTracked() {
    return node != null;
  }

  /** The step of the recorded computation that made this tensor; null for a constant. */
  public @Nullable Node node() {
    return node;
  }

  /** The same values as a constant. */
  public Tensor detach() {
    return node == null && !(this instanceof Parameter) ? this : new Tensor(dtype, shape, share());
  }

  /**
   * Adds to the {@link Parameter#grad} of every leaf the derivative of this single number with
   * respect to it.
   */
  public void backward() {
    Sweep.backward(this, null);
  }

  /** As {@link #backward()}, of {@code Σ seed·this}. */
  public void backward(Tensor seed) {
    Sweep.backward(this, seed);
  }

  /** The same numbers, rounded to another element type; gradients are converted back. */
  public Tensor to(DType other) {
    return other == dtype ? this : apply(new LinearOp.Cast(dtype, other), this);
  }
}
