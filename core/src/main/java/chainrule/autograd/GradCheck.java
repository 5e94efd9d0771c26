package chainrule.autograd;

import chainrule.math.Philox;
import chainrule.tensor.DType;
import chainrule.tensor.DTypeException;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Holds gradients to differences: the derivative that the tape computes against the one that the
 * function's values show.
 *
 * <p>Order 1 compares the reverse-mode gradient of {@code Σ rᵢ·f(x)ᵢ} (random weights r, the same
 * in every run) with the five-point difference {@code (f(x−2h) − 8f(x−h) + 8f(x+h) − f(x+2h)) /
 * 12h} of every element. Order 2 compares the gradient of {@code Σ vⱼ·gⱼ(x)}, a random combination
 * of order 1's gradient g, with the same difference of g. An error is {@code |a − n| / max(1, |a|,
 * |n|)}.
 *
 * <p>Buffers stay as they are, and random numbers drawn through {@link Tape#draw} come again at
 * every evaluation. A point within two steps of a kink or jump fails rightly: move it.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(0.3, -1.2);
 * GradCheck.check(t -> t.sin().mul(t), x).passed();   // true
 * }</pre>
 */
public final class GradCheck {
  private final Function<List<Tensor>, Tensor> f;
  private final UnaryOperator<List<Tensor>> leaves;
  private final List<Tensor> inputs;
  private final Options options;
  private final Tape.Draws draws = new Tape.Draws();
  private final List<Tensor> directions = new ArrayList<>();
  private final Tensor weights;
  private final Tensor first;

  private GradCheck(
      Function<List<Tensor>, Tensor> f,
      UnaryOperator<List<Tensor>> leaves,
      List<Tensor> inputs,
      Options options) {
    this.f = f;
    this.leaves = leaves;
    this.inputs = inputs;
    this.options = options;
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).dtype() == DType.F32) {
        throw new DTypeException(
            "GradCheck: input "
                + i
                + " is F32, too coarse to take differences of; check in F64 with to(DType.F64)");
      }
    }
    this.first = Tape.noGrad(() -> draws.record(() -> f.apply(inputs)));
    if (first.dtype() != DType.F64) {
      throw new DTypeException(
          "GradCheck: the function's result is " + first.dtype() + ", not F64");
    }
    var random = new Philox(options.seed(), "gradcheck");
    this.weights = signed(random, first.shape());
    for (Tensor x : inputs) {
      directions.add(signed(random, x.shape()));
    }
  }

  /**
   * How to check.
   *
   * @param bound1 the largest error allowed at order 1
   * @param bound2 the largest error allowed at order 2
   * @param step the distance h between the points of a difference, for arguments up to 1 in
   *     magnitude; it grows in proportion beyond
   * @param seed the seed of the random weights
   * @param orders 2, or 1 to leave order 2 alone
   */
  public record Options(double bound1, double bound2, double step, long seed, int orders) {
    /** Bounds 1e-7 and 1e-6, step 2⁻¹¹, seed 0, both orders. */
    public static final Options DEFAULT = new Options(1e-7, 1e-6, 0x1p-11, 0, 2);

    /**
     * Checks the number of orders.
     *
     * @throws IllegalArgumentException unless orders is 1 or 2
     */
    public Options {
      if (orders != 1 && orders != 2) {
        throw new IllegalArgumentException("GradCheck: orders must be 1 or 2, got " + orders);
      }
    }

    /** With other bounds. */
    public Options bounds(double order1, double order2) {
      return new Options(order1, order2, step, seed, orders);
    }

    /** With another step. */
    public Options step(double h) {
      return new Options(bound1, bound2, h, seed, orders);
    }

    /** With another seed. */
    public Options seed(long other) {
      return new Options(bound1, bound2, step, other, orders);
    }

    /** Up to another order. */
    public Options orders(int highest) {
      return new Options(bound1, bound2, step, seed, highest);
    }
  }

  /**
   * One element of one input, as the two ways see its derivative.
   *
   * @param input the number of the input
   * @param position the element's place in the input, counted in row-major order
   * @param shape the input's shape
   * @param analytic what the tape says
   * @param numeric what differences say
   */
  public record Element(int input, int position, Shape shape, double analytic, double numeric) {
    /** {@code |a − n| / max(1, |a|, |n|)}; infinite where either is not a number. */
    public double error() {
      double size = Math.max(1, Math.max(Math.abs(analytic), Math.abs(numeric)));
      double error = Math.abs(analytic - numeric) / size;
      return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }

    /** The element's index in the input. */
    public int[] index() {
      int[] dims = shape.toArray();
      int[] out = new int[dims.length];
      int rest = position;
      for (int d = dims.length - 1; d >= 0; d--) {
        out[d] = rest % dims[d];
        rest /= dims[d];
      }
      return out;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "input %d at %s: analytic %.10g, numeric %.10g",
          input,
          Arrays.toString(index()),
          analytic,
          numeric);
    }
  }

  /**
   * What a check found.
   *
   * @param order1 the largest error of the gradient
   * @param order2 the largest error of the gradient's gradient
   * @param worst1 the element with the largest error at order 1; null if nothing was compared
   * @param worst2 the element with the largest error at order 2; null if nothing was compared
   * @param options the bounds that were asked for
   */
  public record Report(
      double order1,
      double order2,
      @Nullable Element worst1,
      @Nullable Element worst2,
      Options options) {
    /** Whether both errors keep to their bounds. */
    public boolean passed() {
      return order1 <= options.bound1() && order2 <= options.bound2();
    }

    @Override
    public String toString() {
      return "order 1 "
          + line(order1, options.bound1(), worst1)
          + "\norder 2 "
          + line(order2, options.bound2(), worst2);
    }

    private static String line(double error, double bound, @Nullable Element worst) {
      return String.format(
          Locale.ROOT,
          "%s: error %.2e, bound %.0e%s",
          error <= bound ? "passed" : "FAILED",
          error,
          bound,
          worst == null ? "" : ", largest for " + worst);
    }
  }

  /** Checks a function of one tensor. */
  public static Report check(Function<Tensor, Tensor> f, Tensor x) {
    return check(inputs -> f.apply(inputs.getFirst()), List.of(x));
  }

  /**
   * Checks a function of several tensors towards each F64 one; I32 inputs are handed on as they
   * are.
   *
   * @throws DTypeException if an input is F32, or the result is not F64
   */
  public static Report check(Function<List<Tensor>, Tensor> f, List<Tensor> inputs) {
    return check(f, inputs, Options.DEFAULT);
  }

  /** As {@link #check(Function, List)}, with other bounds, step or seed. */
  public static Report check(
      Function<List<Tensor>, Tensor> f, List<Tensor> inputs, Options options) {
    return prepared(f, GradCheck::leaves, inputs, options, GradCheck::report);
  }

  /**
   * Checks a function of parameters: a network's, or what {@link Tensor#requiresGrad} made. Each is
   * moved by setting its value, and has its own again in the end.
   *
   * @throws DTypeException if a parameter or the result is not F64
   */
  public static Report check(
      Supplier<Tensor> f, Collection<Parameter> parameters, Options options) {
    List<Parameter> moved = List.copyOf(parameters);
    List<Tensor> values = moved.stream().map(Parameter::value).toList();
    Consumer<List<Tensor>> move =
        at -> {
          for (int i = 0; i < moved.size(); i++) {
            if (at.get(i) != moved.get(i)) {
              moved.get(i).set(at.get(i));
            }
          }
        };
    try {
      return prepared(
          at -> {
            move.accept(at);
            return f.get();
          },
          at -> {
            move.accept(at);
            return List.copyOf(moved);
          },
          values,
          options,
          GradCheck::report);
    } finally {
      move.accept(values);
    }
  }

  /** The worst element at order 1; null if nothing was compared. */
  static @Nullable Element order1(Function<List<Tensor>, Tensor> f, List<Tensor> inputs) {
    return prepared(f, GradCheck::leaves, inputs, Options.DEFAULT, GradCheck::order1);
  }

  /** The worst element at order 2; null if nothing was compared. */
  static @Nullable Element order2(Function<List<Tensor>, Tensor> f, List<Tensor> inputs) {
    return prepared(f, GradCheck::leaves, inputs, Options.DEFAULT, GradCheck::order2);
  }

  private static <T extends @Nullable Object> T prepared(
      Function<List<Tensor>, Tensor> f,
      UnaryOperator<List<Tensor>> leaves,
      List<Tensor> inputs,
      Options options,
      Function<GradCheck, T> run) {
    List<Tensor> points = inputs.stream().map(Tensor::detach).toList();
    return Tape.frozenBuffers(
        () -> Tape.grad(true, () -> run.apply(new GradCheck(f, leaves, points, options))));
  }

  private @Nullable Element order1() {
    return worst(gradients(inputs), this::value);
  }

  private @Nullable Element order2() {
    return worst(curvatures(), this::slopes);
  }

  private Report report() {
    Element worst1 = order1();
    Element worst2 = options.orders() == 2 ? order2() : null;
    return new Report(error(worst1), error(worst2), worst1, worst2, options);
  }

  static double error(@Nullable Element worst) {
    return worst == null ? 0 : worst.error();
  }

  /** The element in which the analytic derivatives differ most from differences of {@code of}. */
  private @Nullable Element worst(List<Tensor> analytic, Function<List<Tensor>, Tensor> of) {
    Element worst = null;
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).dtype() != DType.F64) {
        continue;
      }
      double[] a = analytic.get(i).toDoubleArray();
      for (int k = 0; k < a.length; k++) {
        var here = new Element(i, k, inputs.get(i).shape(), a[k], difference(i, k, of));
        if (worst == null || here.error() > worst.error()) {
          worst = here;
        }
      }
    }
    return worst;
  }

  /** Subtracts element by element before summing, so that what does not change adds no rounding. */
  private double difference(int input, int position, Function<List<Tensor>, Tensor> of) {
    double x = inputs.get(input).toDoubleArray()[position];
    double h = options.step() * Math.max(1, Math.abs(x));
    double[] down2 = of.apply(moved(input, position, x - 2 * h)).toDoubleArray();
    double[] down1 = of.apply(moved(input, position, x - h)).toDoubleArray();
    double[] up1 = of.apply(moved(input, position, x + h)).toDoubleArray();
    double[] up2 = of.apply(moved(input, position, x + 2 * h)).toDoubleArray();
    double sum = 0;
    for (int i = 0; i < up1.length; i++) {
      if (up1[i] != down1[i] || up2[i] != down2[i]) {
        sum += (8 * (up1[i] - down1[i]) - (up2[i] - down2[i])) / (12 * h);
      }
    }
    return sum;
  }

  private List<Tensor> moved(int input, int position, double value) {
    double[] data = inputs.get(input).toDoubleArray();
    data[position] = value;
    var out = new ArrayList<>(inputs);
    out.set(input, filled(data, inputs.get(input).shape()));
    return out;
  }

  /** The terms of {@code Σ rᵢ·f(x)ᵢ}. */
  private Tensor value(List<Tensor> at) {
    return Tape.noGrad(() -> draws.replay(() -> f.apply(at)).mul(weights));
  }

  /** Order 1's gradient. */
  private List<Tensor> gradients(List<Tensor> at) {
    return gradients(leaves.apply(at), false);
  }

  private List<Tensor> gradients(List<Tensor> leaves, boolean createGraph) {
    Tensor y = draws.replay(() -> f.apply(leaves));
    List<Tensor> tracked = leaves.stream().filter(Tensor::isTracked).toList();
    var how = GradOptions.DEFAULT.createGraph(createGraph).allowUnused(true).seed(weights);
    return spread(leaves, Autograd.grad(y, tracked, how));
  }

  /** The terms of {@code Σ vⱼ·gⱼ(x)}. */
  private Tensor slopes(List<Tensor> at) {
    return Tape.noGrad(() -> Tensor.cat(0, terms(Tape.grad(true, () -> gradients(at)))));
  }

  private List<Tensor> terms(List<Tensor> gradients) {
    var out = new ArrayList<Tensor>();
    for (int i = 0; i < gradients.size(); i++) {
      if (inputs.get(i).dtype() == DType.F64) {
        out.add(gradients.get(i).mul(directions.get(i)).flatten());
      }
    }
    return out;
  }

  /** The gradient of {@code Σ vⱼ·gⱼ(x)}. */
  private List<Tensor> curvatures() {
    List<Tensor> leaves = this.leaves.apply(inputs);
    List<Tensor> terms = terms(gradients(leaves, true));
    List<Tensor> tracked = leaves.stream().filter(Tensor::isTracked).toList();
    if (tracked.isEmpty()) {
      return inputs;
    }
    Tensor s = Tensor.cat(0, terms).sum();
    return spread(leaves, Autograd.grad(s, tracked, GradOptions.DEFAULT.allowUnused(true)));
  }

  private static List<Tensor> leaves(List<Tensor> at) {
    var out = new ArrayList<Tensor>();
    for (Tensor x : at) {
      out.add(x.dtype().isFloating() ? x.requiresGrad() : x);
    }
    return out;
  }

  /** Gradients of the tracked inputs, back in the places of all inputs. */
  private static List<Tensor> spread(List<Tensor> leaves, List<Tensor> gradients) {
    var out = new ArrayList<Tensor>();
    int next = 0;
    for (Tensor x : leaves) {
      out.add(x.isTracked() ? gradients.get(next++) : x);
    }
    return out;
  }

  /** Weights of magnitude 0.5 to 1.5 and either sign: none hides an element. */
  private static Tensor signed(Philox random, Shape shape) {
    double[] data = new double[shape.size()];
    for (int i = 0; i < data.length; i++) {
      double size = 0.5 + random.nextDouble();
      data[i] = random.nextInt() < 0 ? -size : size;
    }
    return filled(data, shape);
  }

  private static Tensor filled(double[] data, Shape shape) {
    return Tensor.of(data).reshape(shape.toArray());
  }
}
