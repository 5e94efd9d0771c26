package chainrule.tensor;

import chainrule.internal.kernel.Copies;
import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Linear operations: each names its adjoint, and that is its derivative.
 *
 * <p>Reverse mode applies the adjoint, forward mode the operation itself, second order the
 * adjoint's adjoint. The law ⟨Ax, y⟩ = ⟨x, Aᵀy⟩ tests them without finite differences.
 */
public sealed interface LinearOp extends Op {
  /** The adjoint towards input {@code i}, given the shapes of the inputs. */
  Op adjoint(int i, Shape... in);

  @Override
  default @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    @Nullable Tensor[] out = new @Nullable Tensor[x.length];
    Shape[] shapes = new Shape[x.length];
    for (int i = 0; i < x.length; i++) {
      shapes[i] = x[i].shape();
    }
    for (int i = 0; i < x.length; i++) {
      out[i] = wanted[i] ? Tensor.apply(adjoint(i, shapes), g) : null;
    }
    return out;
  }

  @Override
  default Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    Tensor[] filled = new Tensor[x.length];
    for (int i = 0; i < x.length; i++) {
      Tensor d = dx[i];
      filled[i] = d == null ? x[i].zerosLike() : d;
    }
    return Tensor.apply(this, filled);
  }

  /** Linear operations of one tensor that only move elements keep any element type. */
  @Override
  default DType dtype(DType... in) {
    for (DType d : in) {
      if (d != in[0]) {
        throw new DTypeException(
            name() + ": " + in[0] + " and " + d + " do not mix; convert one with to(DType)");
      }
    }
    return in[0];
  }

  /** The same elements in another shape. */
  record Reshape(Shape to) implements LinearOp {
    @Override
    public String name() {
      return "reshape " + to;
    }

    @Override
    public Shape shape(Shape... in) {
      if (in[0].size() != to.size()) {
        throw new ShapeException(
            "reshape: "
                + in[0]
                + " has "
                + in[0].size()
                + " elements, "
                + to
                + " has "
                + to.size());
      }
      return to;
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      System.arraycopy(in[0].array(), 0, out.array(), 0, out.size());
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Reshape(in[0]);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, to.size()));
    }
  }

  /** Dimension i of the result is dimension {@code dims[i]} of the input. */
  record Permute(int... dims) implements LinearOp {
    @Override
    public String name() {
      return "permute " + Arrays.toString(dims);
    }

    @Override
    public Shape shape(Shape... in) {
      int[] out = new int[dims.length];
      boolean[] seen = new boolean[dims.length];
      if (dims.length != in[0].rank()) {
        throw new ShapeException(name() + ": " + in[0] + " has " + in[0].rank() + " dimensions");
      }
      for (int i = 0; i < dims.length; i++) {
        int d = in[0].axis(dims[i]);
        if (seen[d]) {
          throw new ShapeException(name() + ": dimension " + d + " appears twice");
        }
        seen[d] = true;
        out[i] = in[0].dim(d);
      }
      return Shape.of(out);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      int[] from = in[0].shape().strides();
      int[] strides = new int[dims.length];
      for (int i = 0; i < dims.length; i++) {
        strides[i] = from[in[0].shape().axis(dims[i])];
      }
      int[] to = out.shape().strides();
      int[] all = out.shape().toArray();
      return () -> Copies.strided(in[0].array(), 0, strides, out.array(), 0, to, all);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      int[] back = new int[dims.length];
      for (int k = 0; k < dims.length; k++) {
        back[in[0].axis(dims[k])] = k;
      }
      return new Permute(back);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, Arrays.copyOf(new int[] {2, 3, 4, 2}, dims.length)));
    }
  }

  /** Repeats along dimensions of size 1 and along new leading dimensions, up to the given shape. */
  record Expand(Shape to) implements LinearOp {
    @Override
    public String name() {
      return "expand " + to;
    }

    @Override
    public Shape shape(Shape... in) {
      if (!to.equals(Shape.broadcast(in[0], to))) {
        throw new ShapeException("expand: " + in[0] + " does not broadcast to " + to);
      }
      return to;
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      int[] from = in[0].shape().stridesIn(to);
      int[] strides = to.strides();
      int[] dims = to.toArray();
      return () -> Copies.strided(in[0].array(), 0, from, out.array(), 0, strides, dims);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new SumTo(in[0]);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 1, to.dim(-1)));
    }
  }

  /** Sums over whatever broadcasting from the given shape has repeated. */
  record SumTo(Shape to) implements LinearOp {
    @Override
    public String name() {
      return "sum to " + to;
    }

    @Override
    public Shape shape(Shape... in) {
      if (!in[0].equals(Shape.broadcast(to, in[0]))) {
        throw new ShapeException("sum: " + to + " does not broadcast to " + in[0]);
      }
      return to;
    }

    @Override
    public DType dtype(DType... in) {
      if (!in[0].isFloating()) {
        throw new DTypeException("sum: I32 tensors are indices; convert with to(DType) first");
      }
      return in[0];
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      return new Summation(in[0], to, out);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Expand(in[0]);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 3, to.dim(-1) == 1 ? 4 : to.dim(-1)));
    }
  }

  /** The elements {@code start, start + step, …} of one dimension, {@code count} of them. */
  record Slice(int dim, int start, int count, int step) implements LinearOp {
    @Override
    public String name() {
      return "slice " + dim + " [" + start + ", " + (start + count * step) + ")";
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0].with(dim, count);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Shape s = in[0].shape();
      int[] strides = s.strides();
      int d = s.axis(dim);
      int offset = start * strides[d];
      strides[d] *= step;
      int[] to = out.shape().strides();
      int[] dims = out.shape().toArray();
      return () -> Copies.strided(in[0].array(), offset, strides, out.array(), 0, to, dims);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Unslice(dim, start, in[0].dim(dim), step);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      int[] dims = {3, 3, 3};
      dims[dim] = Math.max(start, start + (count - 1) * step) + 2;
      return List.of(Examples.normal(random, dims));
    }
  }

  /** Puts the elements at {@code start, start + step, …} of a dimension of zeros. */
  record Unslice(int dim, int start, int size, int step) implements LinearOp {
    @Override
    public String name() {
      return "unslice " + dim + " at " + start + " of " + size;
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0].with(dim, size);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Shape s = out.shape();
      int[] strides = s.strides();
      int d = s.axis(dim);
      int offset = start * strides[d];
      strides[d] *= step;
      int[] from = in[0].shape().strides();
      int[] dims = in[0].shape().toArray();
      return () -> Copies.strided(in[0].array(), 0, from, out.array(), offset, strides, dims);
    }

    @Override
    public boolean overwrites() {
      return false;
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Slice(dim, start, in[0].dim(dim), step);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      int[] dims = {3, 3, 3};
      dims[dim] = step > 0 ? (size - 1 - start) / step + 1 : start / -step + 1;
      return List.of(Examples.normal(random, dims));
    }
  }

  /** Joins tensors along one dimension. */
  record Concat(int dim) implements LinearOp {
    @Override
    public String name() {
      return "cat " + dim;
    }

    @Override
    public Shape shape(Shape... in) {
      int total = 0;
      for (Shape s : in) {
        if (s.rank() != in[0].rank() || !s.with(dim, 0).equals(in[0].with(dim, 0))) {
          throw new ShapeException(
              "cat: " + in[0] + " and " + s + " may differ only in dimension " + dim);
        }
        total = Math.addExact(total, s.dim(dim));
      }
      return in[0].with(dim, total);
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = out.shape();
      int d = s.axis(dim);
      int outer = s.span(0, d);
      int row = s.span(d, s.rank());
      int at = 0;
      for (Tensor x : in) {
        int n = x.shape().span(d, s.rank());
        Copies.rows(x.array(), 0, n, out.array(), at, row, outer, n);
        at += n;
      }
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      int start = 0;
      for (int k = 0; k < i; k++) {
        start += in[k].dim(dim);
      }
      return new Slice(in[0].axis(dim), start, in[i].dim(dim), 1);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      var out = new ArrayList<Tensor>();
      for (int n = 1; n <= 3; n++) {
        int[] dims = {2, 2};
        dims[dim] = n;
        out.add(Examples.normal(random, dims));
      }
      return out;
    }
  }

  /** Running sums along one dimension, from the end if {@code reverse}. */
  record CumSum(int dim, boolean reverse) implements LinearOp {
    @Override
    public String name() {
      return reverse ? "cumsum " + dim + " reversed" : "cumsum " + dim;
    }

    @Override
    public Shape shape(Shape... in) {
      in[0].axis(dim);
      return in[0];
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Shape s = out.shape();
      int d = s.axis(dim);
      out.kernels()
          .cumsum(
              in[0].array(), out.array(), s.span(0, d), s.dim(d), s.span(d + 1, s.rank()), reverse);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new CumSum(dim, !reverse);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 3, 2));
    }
  }

  /** The same numbers in another element type, rounded to it. */
  record Cast(DType from, DType to) implements LinearOp {
    @Override
    public String name() {
      return "to " + to;
    }

    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public DType dtype(DType... in) {
      return to;
    }

    @Override
    public boolean flat() {
      return !from.isFloating() || !to.isFloating();
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      Copies.cast(in[0].array(), out.array(), out.size());
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Cast(to, from);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 3).to(from));
    }
  }

  /**
   * Each window as a column: N×C×H×W becomes N×(C·kh·kw)×(oh·ow), with zeros where a window lies in
   * the padding.
   */
  record Unfold(Window window) implements LinearOp {
    @Override
    public String name() {
      return "unfold " + window;
    }

    @Override
    public Shape shape(Shape... in) {
      Shape x = in[0];
      if (x.rank() != 4) {
        throw new ShapeException("unfold: " + x + " should be N×C×H×W; reshape it");
      }
      Geometry g = window.on("unfold", x);
      return Shape.of(x.dim(0), x.dim(1) * window.size(), g.positions());
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Shape x = in[0].shape();
      Geometry g = window.on(x.dim(2), x.dim(3));
      int planes = x.dim(0) * x.dim(1);
      return () -> Windows.unfold(in[0].array(), out.array(), planes, g);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Fold(window, in[0].dim(2), in[0].dim(3));
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 2, 6, 5));
    }
  }

  /** Columns added up where their windows lie in images of the given size; what overlaps adds. */
  record Fold(Window window, int height, int width) implements LinearOp {
    @Override
    public String name() {
      return "fold " + window + " to " + height + "×" + width;
    }

    @Override
    public Shape shape(Shape... in) {
      Shape x = in[0];
      Geometry g = window.on("fold", Shape.of(height, width));
      int size = window.size();
      if (x.rank() != 3 || x.dim(1) % size != 0 || x.dim(2) != g.positions()) {
        throw new ShapeException(
            "fold: "
                + x
                + " should be N×(C·"
                + size
                + ")×"
                + g.positions()
                + " for a window "
                + window
                + " on images of "
                + height
                + "×"
                + width);
      }
      return Shape.of(x.dim(0), x.dim(1) / size, height, width);
    }

    @Override
    public DType dtype(DType... in) {
      if (!in[0].isFloating()) {
        throw new DTypeException("fold: I32 tensors are indices; convert with to(DType) first");
      }
      return in[0];
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Geometry g = window.on(height, width);
      int planes = out.size(0) * out.size(1);
      return () -> Windows.fold(out.kernels(), in[0].array(), out.array(), planes, g);
    }

    @Override
    public Op adjoint(int i, Shape... in) {
      return new Unfold(window);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      int positions = window.on(height, width).positions();
      return List.of(Examples.normal(random, 2, 2 * window.size(), positions));
    }
  }
}
