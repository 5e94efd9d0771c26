package chainrule.tensor;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Windows;
import java.util.List;
import java.util.random.RandomGenerator;

/** Linear operations on the windows of images: unfolding, and its adjoint. */
public sealed interface Windowed extends LinearOp {
  /** The window that slides. */
  Window window();

  /**
   * Each window as a column: N×C×H×W becomes N×(C·kh·kw)×(oh·ow), with zeros where a window lies in
   * the padding.
   */
  record Unfold(Window window) implements Windowed {
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
      Shape x = in[0].shape();
      Geometry g = window.on(x.dim(2), x.dim(3));
      Windows.unfold(in[0].array(), out.array(), x.dim(0) * x.dim(1), g);
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
  record Fold(Window window, int height, int width) implements Windowed {
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
      Geometry g = window.on(height, width);
      Windows.fold(out.kernels(), in[0].array(), out.array(), out.size(0) * out.size(1), g);
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
