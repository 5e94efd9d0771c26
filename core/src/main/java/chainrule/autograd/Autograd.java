package chainrule.autograd;

import chainrule.tensor.GraphException;
import chainrule.tensor.Op;
import chainrule.tensor.OpListener;
import chainrule.tensor.Parameter;
import chainrule.tensor.ShapeException;
import chainrule.tensor.Sweep;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Derivatives as functions: they return gradients and change nothing, so they can be asked again.
 *
 * <pre>{@code
 * Parameter x = Tensor.scalar(3.0).requiresGrad();
 * Tensor y = x.mul(x).mul(x);
 * Tensor g = Autograd.grad(y, x, Autograd.createGraph());   // 27
 * Tensor h = Autograd.grad(g, x);                           // 18
 * }</pre>
 */
public final class Autograd {
  private Autograd() {}

  /** The option that a gradient can be differentiated in turn. */
  public static GradOptions createGraph() {
    return GradOptions.DEFAULT.createGraph(true);
  }

  /** {@code ∂y/∂x} for a y of one number. */
  public static Tensor grad(Tensor y, Tensor x) {
    return grad(y, x, GradOptions.DEFAULT);
  }

  /** {@code ∂y/∂x}, or {@code Σ seed·∂y/∂x}. */
  public static Tensor grad(Tensor y, Tensor x, GradOptions options) {
    return grad(y, List.of(x), options).getFirst();
  }

  /** {@code ∂y/∂x} for each x. */
  public static List<Tensor> grad(Tensor y, List<? extends Tensor> xs) {
    return grad(y, xs, GradOptions.DEFAULT);
  }

  /**
   * {@code ∂y/∂x} for each x, each of its x's shape.
   *
   * @param xs tracked tensors: leaves, or tensors on the way to y
   * @throws GraphException if y or an x is not tracked, or y does not depend on an x
   */
  public static List<Tensor> grad(Tensor y, List<? extends Tensor> xs, GradOptions options) {
    if (options.allowUnused() && !y.isTracked()) {
      return xs.stream().map(Autograd::zeros).toList();
    }
    var found = Sweep.gradients(y, options.seed(), xs, options.createGraph());
    var out = new ArrayList<Tensor>();
    for (int i = 0; i < xs.size(); i++) {
      Tensor g = found.get(i);
      if (g == null && !options.allowUnused()) {
        throw new GraphException(
            "the result does not depend on "
                + describe(xs.get(i), i)
                + "; leave it out, or ask for zeros with allowUnused(true)");
      }
      out.add(g == null ? zeros(xs.get(i)) : g);
    }
    return out;
  }

  private static String describe(Tensor x, int i) {
    return x instanceof Parameter p && !p.name().isEmpty()
        ? p.toString()
        : "input " + i + " of shape " + x.shape();
  }

  private static Tensor zeros(Tensor x) {
    return Tensor.zeros(x.dtype(), x.shape());
  }

  /** Runs {@code body} without recording. */
  public static <T> T noGrad(Supplier<T> body) {
    return Tape.noGrad(body);
  }

  /** Runs {@code body} without recording. */
  public static void noGrad(Runnable body) {
    Tape.noGrad(body);
  }

  /** {@code Σᵢ vᵢ·∂yᵢ/∂x} at x: a vector times the Jacobian, by one reverse sweep. */
  public static Tensor vjp(Function<Tensor, Tensor> f, Tensor x, Tensor v) {
    Parameter leaf = x.requiresGrad();
    return recorded(() -> grad(f.apply(leaf), leaf, GradOptions.DEFAULT.seed(v).allowUnused(true)));
  }

  /**
   * {@code Σⱼ ∂y/∂xⱼ·vⱼ} at x: the Jacobian times a vector, by one forward pass that carries the
   * tangent of every value beside it.
   *
   * @param v the direction, of x's shape
   */
  public static Tensor jvp(Function<Tensor, Tensor> f, Tensor x, Tensor v) {
    if (!v.shape().equals(x.shape()) || v.dtype() != x.dtype()) {
      throw new ShapeException(
          "jvp: the direction is "
              + v.dtype()
              + " "
              + v.shape()
              + ", the point "
              + x.dtype()
              + " "
              + x.shape());
    }
    Parameter start = x.requiresGrad();
    var forward = new Tangents();
    forward.of.put(start, v);
    Tensor y = recorded(() -> Tape.listen(forward, () -> f.apply(start)));
    Tensor tangent = forward.of.get(y);
    return tangent == null ? zeros(y) : tangent;
  }

  /** Forward mode: hears of every operation and works out the tangent of its result. */
  private static final class Tangents implements OpListener {
    private final Map<Tensor, Tensor> of = new IdentityHashMap<>();

    @Override
    public void forward(Op op, Tensor[] in, Tensor out) {
      @Nullable Tensor[] dx = new @Nullable Tensor[in.length];
      boolean any = false;
      for (int i = 0; i < in.length; i++) {
        dx[i] = of.get(in[i]);
        any |= dx[i] != null;
      }
      if (any && !op.flat()) {
        of.put(out, Tape.listen(null, () -> op.tangent(out, in, dx)));
      }
    }
  }

  /**
   * All of {@code ∂yᵢ/∂xⱼ}, by one reverse sweep per element of y.
   *
   * @return a tensor of y's shape followed by x's
   */
  public static Tensor jacobian(Function<Tensor, Tensor> f, Tensor x) {
    Parameter leaf = x.requiresGrad();
    return recorded(() -> jacobian(f.apply(leaf), leaf, GradOptions.DEFAULT));
  }

  private static Tensor jacobian(Tensor y, Tensor x, GradOptions options) {
    int n = y.size();
    var rows = new ArrayList<Tensor>();
    Tensor eye = Tensor.eye(y.dtype(), n);
    for (int i = 0; i < n; i++) {
      Tensor unit = eye.pick(0, i).reshape(y.shape().toArray());
      rows.add(grad(y, x, options.seed(unit).allowUnused(true)));
    }
    int[] dims = new int[y.rank() + x.rank()];
    System.arraycopy(y.shape().toArray(), 0, dims, 0, y.rank());
    System.arraycopy(x.shape().toArray(), 0, dims, y.rank(), x.rank());
    return rows.isEmpty() ? Tensor.zeros(x.dtype(), dims) : Tensor.stack(0, rows).reshape(dims);
  }

  /**
   * All second derivatives {@code ∂²y/∂xᵢ∂xⱼ} of a function to one number.
   *
   * @return a tensor of x's shape twice
   */
  public static Tensor hessian(Function<Tensor, Tensor> f, Tensor x) {
    Parameter leaf = x.requiresGrad();
    return recorded(
        () -> {
          Tensor g = grad(f.apply(leaf), leaf, createGraph().allowUnused(true));
          return jacobian(g, leaf, GradOptions.DEFAULT);
        });
  }

  /** The Hessian times a vector: {@code Σⱼ ∂²y/∂xᵢ∂xⱼ·vⱼ}, by two sweeps (Pearlmutter 1994). */
  public static Tensor hvp(Function<Tensor, Tensor> f, Tensor x, Tensor v) {
    Parameter leaf = x.requiresGrad();
    return recorded(
        () -> {
          Tensor g = grad(f.apply(leaf), leaf, createGraph().allowUnused(true));
          return grad(g, leaf, GradOptions.DEFAULT.seed(v).allowUnused(true));
        });
  }

  private static <T> T recorded(Supplier<T> body) {
    return Tape.grad(true, body);
  }

  /**
   * Runs {@code f} keeping nothing but its inputs, and runs it again when the backward pass needs
   * what was in between: time for memory (Griewank and Walther 2000; Chen et al. 2016).
   *
   * <p>Parameters and other tracked tensors that f uses receive their gradients too. Random numbers
   * drawn through {@link Tape#draw} come again, and buffers are updated only once. f must compute
   * the same both times.
   */
  public static Tensor checkpoint(Function<Tensor, Tensor> f, Tensor x) {
    return Checkpoint.run(() -> f.apply(x));
  }
}
