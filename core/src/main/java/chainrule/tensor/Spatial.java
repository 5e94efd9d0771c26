package chainrule.tensor;

import static java.util.Objects.requireNonNull;

import chainrule.internal.kernel.Geometry;
import chainrule.internal.kernel.Windows;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Fused operations on the windows of images: convolutions and pooling. */
public sealed interface Spatial extends Fused {
  private static void images(String op, Shape x) {
    if (x.rank() != 4) {
      throw new ShapeException(
          op + ": " + x + " should be N×C×H×W; unsqueeze(0) makes a batch of one image");
    }
  }

  /**
   * {@code y[n, o, i, j] = bias[o] + Σ w[o, c, kh, kw]·x[n, c, i·stride + kh·dilation − padding,
   * j·stride + kw·dilation − padding]}, with zeros outside of x.
   *
   * @param options stride, padding, dilation, groups
   * @param bias whether there is a third input, one number for each output channel
   */
  record Conv2d(Conv2dOptions options, boolean bias) implements Spatial {
    @Override
    public String name() {
      return "conv2d" + options + (bias ? "" : " without bias");
    }

    @Override
    public Shape shape(Shape... in) {
      Shape x = in[0];
      Shape w = in[1];
      images("conv2d", x);
      if (w.rank() != 4) {
        throw new ShapeException(
            "conv2d: weight " + w + " should be out × in/groups × kernel × kernel");
      }
      int groups = options.groups();
      if ((long) w.dim(1) * groups != x.dim(1)) {
        throw new ShapeException(
            "conv2d: input "
                + x
                + " has "
                + x.dim(1)
                + " channels, weight "
                + w
                + " wants "
                + (long) w.dim(1) * groups
                + (groups == 1 ? "" : " in " + groups + " groups"));
      }
      if (w.dim(0) % groups != 0) {
        throw new ShapeException(
            "conv2d: " + w.dim(0) + " output channels do not divide into " + groups + " groups");
      }
      if (bias && !in[2].equals(Shape.of(w.dim(0)))) {
        throw new ShapeException(
            "conv2d: bias "
                + in[2]
                + " should have one number for each of the "
                + w.dim(0)
                + " output channels of weight "
                + w);
      }
      Geometry g = options.window(w.dim(2), w.dim(3)).on("conv2d", x);
      return Shape.of(x.dim(0), w.dim(0), g.outH(), g.outW());
    }

    @Override
    public Formulas formulas() {
      return bias
          ? new Formulas(
              "y = conv2d(x, w) + b",
              List.of("x", "w", "b"),
              List.of("fold(wᵀ·G)", "Σ G·unfold(x)ᵀ", "Σ G"))
          : new Formulas(
              "y = conv2d(x, w)", List.of("x", "w"), List.of("fold(wᵀ·G)", "Σ G·unfold(x)ᵀ"));
    }

    @Override
    public Tensor expression(Tensor... in) {
      Tensor x = in[0];
      Tensor w = in[1];
      int groups = options.groups();
      int out = w.size(0);
      Window window = options.window(w.size(2), w.size(3));
      Geometry g = window.on(x.size(2), x.size(3));
      int depth = w.size(1) * window.size();
      Tensor columns =
          Tensor.apply(new LinearOp.Unfold(window), x)
              .reshape(x.size(0), groups, depth, g.positions());
      Tensor y =
          w.reshape(groups, out / groups, depth)
              .matmul(columns)
              .reshape(x.size(0), out, g.outH(), g.outW());
      return bias ? y.add(in[2].reshape(out, 1, 1)) : y;
    }

    private Geometry on(Tensor x, Tensor w) {
      return options.window(w.size(2), w.size(3)).on(x.size(2), x.size(3));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Tensor x = in[0];
      Tensor w = in[1];
      Geometry on = on(x, w);
      return () ->
          out.kernels()
              .windows()
              .conv(
                  x.array(),
                  w.array(),
                  bias ? in[2].array() : null,
                  out.array(),
                  x.size(0),
                  x.size(1),
                  w.size(0),
                  options.groups(),
                  on);
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      preparedPull(g, y, in, out).run();
    }

    @Override
    public Runnable preparedPull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      Tensor x = in[0];
      Tensor w = in[1];
      int n = x.size(0);
      int channels = x.size(1);
      int outs = w.size(0);
      int groups = options.groups();
      Geometry on = on(x, w);
      Tensor dx = out[0];
      Tensor dw = out[1];
      Tensor db = bias ? out[2] : null;
      Runnable sum =
          db == null
              ? null
              : new LinearOp.SumTo(Shape.of(1, outs, 1, 1)).prepared(new Tensor[] {g}, db);
      return () -> {
        var kernels = g.kernels().windows();
        if (dx != null) {
          kernels.convInput(g.array(), w.array(), dx.array(), n, channels, outs, groups, on);
        }
        if (dw != null) {
          kernels.convWeight(g.array(), x.array(), dw.array(), n, channels, outs, groups, on);
        }
        if (sum != null) {
          sum.run();
        }
      };
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      int groups = options.groups();
      Tensor x = Examples.normal(random, 2, 2 * groups, 6, 5);
      Tensor w = Examples.normal(random, 3 * groups, 2, 3, 2);
      return bias ? List.of(x, w, Examples.normal(random, 3 * groups)) : List.of(x, w);
    }
  }

  /**
   * The adjoint of {@link Conv2d} in its input: {@code y[n, o, i·stride + kh·dilation − padding,
   * j·stride + kw·dilation − padding] += w[c, o, kh, kw]·x[n, c, i, j]}, from y = 0.
   *
   * @param options stride, padding, output padding, dilation, groups
   */
  record ConvTranspose2d(ConvTranspose2dOptions options) implements Spatial {
    /**
     * Checks the output padding.
     *
     * @throws IllegalArgumentException if it is not below the stride
     */
    public ConvTranspose2d {
      if (options.outputPaddingH() >= options.strideH()
          || options.outputPaddingW() >= options.strideW()) {
        throw new IllegalArgumentException(
            "convTranspose2d" + options + ": the output padding must be below the stride");
      }
    }

    @Override
    public String name() {
      return "convTranspose2d" + options;
    }

    @Override
    public Shape shape(Shape... in) {
      Shape x = in[0];
      Shape w = in[1];
      images("convTranspose2d", x);
      if (w.rank() != 4 || w.dim(0) != x.dim(1)) {
        throw new ShapeException(
            "convTranspose2d: input "
                + x
                + " has "
                + x.dim(1)
                + " channels; weight "
                + w
                + " should be in × out/groups × kernel × kernel");
      }
      int groups = options.groups();
      if (w.dim(0) % groups != 0) {
        throw new ShapeException(
            "convTranspose2d: "
                + w.dim(0)
                + " input channels do not divide into "
                + groups
                + " groups");
      }
      return options.images(x, w);
    }

    @Override
    public Formulas formulas() {
      return new Formulas(
          "y = fold(wᵀ·x)", List.of("x", "w"), List.of("conv2d(G, w)", "Σ x·unfold(G)ᵀ"));
    }

    private Window window(Shape w) {
      return options.convolution().window(w.dim(2), w.dim(3));
    }

    @Override
    public Tensor expression(Tensor... in) {
      Tensor x = in[0];
      Tensor w = in[1];
      Shape y = shape(x.shape(), w.shape());
      int groups = options.groups();
      int channels = w.size(0) / groups;
      int depth = w.size(1) * w.size(2) * w.size(3);
      int positions = x.size(2) * x.size(3);
      Tensor columns =
          w.reshape(groups, channels, depth)
              .matmul(x.reshape(x.size(0), groups, channels, positions), true, false)
              .reshape(x.size(0), groups * depth, positions);
      return columns.fold(window(w.shape()), y.dim(2), y.dim(3));
    }

    /** How the windows, as many as x has elements in a plane, lie on the planes of y. */
    private Geometry on(Shape y, Shape w) {
      return window(w).on(y.dim(2), y.dim(3));
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Tensor x = in[0];
      Tensor w = in[1];
      Geometry on = on(out.shape(), w.shape());
      return () ->
          out.kernels()
              .windows()
              .convInput(
                  x.array(),
                  w.array(),
                  out.array(),
                  x.size(0),
                  out.size(1),
                  x.size(1),
                  options.groups(),
                  on);
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      preparedPull(g, y, in, out).run();
    }

    @Override
    public Runnable preparedPull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      Tensor x = in[0];
      Tensor w = in[1];
      int n = x.size(0);
      int outs = g.size(1);
      int channels = x.size(1);
      int groups = options.groups();
      Geometry on = on(g.shape(), w.shape());
      Tensor dx = out[0];
      Tensor dw = out[1];
      return () -> {
        var kernels = g.kernels().windows();
        if (dx != null) {
          kernels.conv(g.array(), w.array(), null, dx.array(), n, outs, channels, groups, on);
        }
        if (dw != null) {
          kernels.convWeight(x.array(), g.array(), dw.array(), n, outs, channels, groups, on);
        }
      };
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      int groups = options.groups();
      Tensor x = Examples.normal(random, 2, 2 * groups, 4, 3);
      return List.of(x, Examples.normal(random, 2 * groups, 3, 3, 2));
    }
  }

  private static void pooling(String op, Window window, Shape x) {
    images(op, x);
    if (2 * window.paddingH() > window.dilationH() * (window.kernelH() - 1) + 1
        || 2 * window.paddingW() > window.dilationW() * (window.kernelW() - 1) + 1) {
      throw new ShapeException(
          op + ": in the window " + window + " the padding is more than half of the kernel");
    }
  }

  private static Shape pooled(String op, Window window, Shape x) {
    pooling(op, window, x);
    Geometry g = window.on(op, x);
    return Shape.of(x.dim(0), x.dim(1), g.outH(), g.outW());
  }

  /**
   * The largest element of each window, per channel; the first of equals receives the gradient, NaN
   * wins, the padding holds −∞.
   */
  record MaxPool2d(Window window) implements Spatial {
    @Override
    public String name() {
      return "maxPool2d " + window;
    }

    @Override
    public Shape shape(Shape... in) {
      return pooled("maxPool2d", window, in[0]);
    }

    @Override
    public Formulas formulas() {
      return new Formulas(
          "y = maxPool2d(x)", List.of("x"), List.of("G where x is its window's maximum"));
    }

    @Override
    public Tensor expression(Tensor... in) {
      Tensor x = in[0];
      Geometry g = window.on(x.size(2), x.size(3));
      int[] before = {0, 0, window.paddingH(), window.paddingW()};
      int[] after = {0, 0, window.endH(g), window.endW(g)};
      return Tensor.apply(
              new LinearOp.Unfold(window.padding(0).ceilMode(false)),
              x.pad(before, after, Double.NEGATIVE_INFINITY))
          .reshape(x.size(0), x.size(1), window.size(), g.positions())
          .max(2)
          .reshape(x.size(0), x.size(1), g.outH(), g.outW());
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Tensor x = in[0];
      Geometry g = window.on(x.size(2), x.size(3));
      int planes = x.size(0) * x.size(1);
      return () -> Windows.maxPool(out.kernels(), x.array(), out.array(), planes, g);
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      preparedPull(g, y, in, out).run();
    }

    @Override
    public Runnable preparedPull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      Tensor x = in[0];
      Geometry on = window.on(x.size(2), x.size(3));
      int planes = x.size(0) * x.size(1);
      Tensor dx = requireNonNull(out[0]);
      return () ->
          Windows.maxPoolBackward(g.kernels(), g.array(), x.array(), dx.array(), planes, on);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 2, 7, 6));
    }
  }

  /**
   * The mean of each window, per channel.
   *
   * @param countIncludePad whether the zeros of the padding count as elements of the mean
   */
  record AvgPool2d(Window window, boolean countIncludePad) implements Spatial {
    @Override
    public String name() {
      return "avgPool2d " + window + (countIncludePad ? "" : " without padding in the count");
    }

    @Override
    public Shape shape(Shape... in) {
      if (window.dilationH() != 1 || window.dilationW() != 1) {
        throw new ShapeException("avgPool2d: a mean is not dilated, but the window is " + window);
      }
      return pooled("avgPool2d", window, in[0]);
    }

    @Override
    public Formulas formulas() {
      return new Formulas("y = avgPool2d(x)", List.of("x"), List.of("Σ G/n over x's windows"));
    }

    @Override
    public Tensor expression(Tensor... in) {
      Tensor x = in[0];
      Geometry g = window.on(x.size(2), x.size(3));
      return sums(window, x, g).div(counts(x, g));
    }

    private Tensor counts(Tensor x, Geometry g) {
      if (!countIncludePad) {
        return sums(window, Tensor.ones(x.dtype(), 1, 1, x.size(2), x.size(3)), g);
      }
      if (!g.ceil()) {
        return x.constant(window.size());
      }
      int h = window.paddingH();
      int w = window.paddingW();
      Tensor ones = Tensor.ones(x.dtype(), 1, 1, x.size(2) + 2 * h, x.size(3) + 2 * w);
      int[] none = new int[4];
      int[] after = {0, 0, window.endH(g) - h, window.endW(g) - w};
      return sums(window.padding(0).ceilMode(false), ones.pad(none, after, 0), g);
    }

    private static Tensor sums(Window window, Tensor x, Geometry g) {
      return Tensor.apply(new LinearOp.Unfold(window), x)
          .reshape(x.size(0), x.size(1), window.size(), g.positions())
          .sum(2)
          .reshape(x.size(0), x.size(1), g.outH(), g.outW());
    }

    @Override
    public void forward(Tensor[] in, Tensor out) {
      prepared(in, out).run();
    }

    @Override
    public Runnable prepared(Tensor[] in, Tensor out) {
      Tensor x = in[0];
      Geometry g = window.on(x.size(2), x.size(3));
      int planes = x.size(0) * x.size(1);
      return () ->
          Windows.avgPool(out.kernels(), x.array(), out.array(), planes, countIncludePad, g);
    }

    @Override
    public void pull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      preparedPull(g, y, in, out).run();
    }

    @Override
    public Runnable preparedPull(Tensor g, Tensor y, Tensor[] in, @Nullable Tensor[] out) {
      Tensor x = in[0];
      Geometry on = window.on(x.size(2), x.size(3));
      int planes = x.size(0) * x.size(1);
      Tensor dx = requireNonNull(out[0]);
      return () ->
          Windows.avgPoolBackward(
              g.kernels(), g.array(), dx.array(), planes, countIncludePad, on);
    }

    @Override
    public List<Tensor> example(RandomGenerator random) {
      return List.of(Examples.normal(random, 2, 2, 7, 6));
    }
  }
}
