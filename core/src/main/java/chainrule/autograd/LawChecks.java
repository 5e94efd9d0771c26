package chainrule.autograd;

import chainrule.autograd.Laws.Verdict;
import chainrule.math.Binary;
import chainrule.math.Composite;
import chainrule.math.Dual;
import chainrule.math.Num;
import chainrule.math.Philox;
import chainrule.math.Real;
import chainrule.math.Unary;
import chainrule.scalar.Value;
import chainrule.tensor.Attention;
import chainrule.tensor.DType;
import chainrule.tensor.Fused;
import chainrule.tensor.Indexed;
import chainrule.tensor.LinearOp;
import chainrule.tensor.MatMul;
import chainrule.tensor.Node;
import chainrule.tensor.Op;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How each law is tried. */
final class LawChecks {
  private static final double EXACT = 1e-12;
  private static final double CAST = 1e-6;
  private static final double MODES = 1e-10;
  private static final double GRADIENT_F32 = 2e-6;
  private static final double FUSED_F32 = 1e-5;

  private LawChecks() {}

  static Tensor apply(Op op, List<Tensor> in) {
    return Tensor.apply(op, in.toArray(Tensor[]::new));
  }

  private static Tensor random(String purpose, DType dtype, Shape shape) {
    return Tensor.randn(dtype, new Philox(2, purpose), shape.toArray());
  }

  private static double dot(Tensor a, Tensor b) {
    return a.to(DType.F64).mul(b.to(DType.F64)).sum().item();
  }

  private static double relative(double a, double b) {
    double error = Math.abs(a - b) / Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    return a == b ? 0 : Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
  }

  /** The largest difference, as a share of the largest element of {@code b} or of 1. */
  private static double deviation(Tensor a, Tensor b) {
    double[] x = a.toDoubleArray();
    double[] y = b.toDoubleArray();
    double size = 1;
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      size = Math.max(size, Math.abs(y[i]));
      double error = x[i] == y[i] ? 0 : Math.abs(x[i] - y[i]);
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    return worst / size;
  }

  // ---------------------------------------------------------------- shapes

  static Verdict shape(Op op, List<Tensor> at) {
    for (DType wanted : List.of(DType.F64, DType.F32)) {
      List<Tensor> in = at;
      if (wanted == DType.F32) {
        if (at.stream().noneMatch(x -> x.dtype() == DType.F64) || op instanceof LinearOp.Cast) {
          break;
        }
        in = to(at, DType.F32);
      }
      Shape[] shapes = in.stream().map(Tensor::shape).toArray(Shape[]::new);
      DType[] types = in.stream().map(Tensor::dtype).toArray(DType[]::new);
      Shape shape = op.shape(shapes);
      DType dtype = op.dtype(types);
      List<Tensor> leaves = leaves(in);
      Tensor y = apply(op, leaves);
      if (!y.shape().equals(shape) || y.dtype() != dtype) {
        return Verdict.holds(false, "rule " + shape + ", forward " + y.shape());
      }
      Verdict gradients = gradientShapes(y, leaves);
      if (!gradients.passed()) {
        return gradients;
      }
    }
    return Verdict.holds(true, "");
  }

  static Verdict shape(Function<List<Tensor>, Tensor> f, List<Tensor> at, Shape expected) {
    for (List<Tensor> in : List.of(at, to(at, DType.F32))) {
      List<Tensor> leaves = leaves(in);
      Tensor y = f.apply(leaves);
      if (!y.shape().equals(expected)) {
        return Verdict.holds(false, "expected " + expected + ", forward " + y.shape());
      }
      Verdict gradients = gradientShapes(y, leaves);
      if (!gradients.passed()) {
        return gradients;
      }
    }
    return Verdict.holds(true, expected.toString());
  }

  private static Verdict gradientShapes(Tensor y, List<Tensor> leaves) {
    if (y.isTracked()) {
      List<Tensor> tracked = leaves.stream().filter(Tensor::isTracked).toList();
      Tensor seed = Tensor.ones(y.dtype(), y.shape());
      List<Tensor> g = Autograd.grad(y, tracked, GradOptions.DEFAULT.seed(seed).allowUnused(true));
      for (int i = 0; i < g.size(); i++) {
        if (!g.get(i).shape().equals(tracked.get(i).shape())
            || g.get(i).dtype() != tracked.get(i).dtype()) {
          return Verdict.holds(
              false, "input " + tracked.get(i).shape() + " got a gradient " + g.get(i).shape());
        }
      }
    }
    return Verdict.holds(true, "");
  }

  private static List<Tensor> to(List<Tensor> at, DType dtype) {
    return at.stream().map(x -> x.dtype().isFloating() ? x.to(dtype) : x).toList();
  }

  private static List<Tensor> leaves(List<Tensor> at) {
    var out = new ArrayList<Tensor>();
    for (Tensor x : at) {
      out.add(x.dtype().isFloating() ? x.requiresGrad() : x);
    }
    return out;
  }

  // ---------------------------------------------------------------- derivatives

  static Verdict forwardMode(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
    double worst = 0;
    String where = "";
    for (int i = 0; i < at.size(); i++) {
      int input = i;
      Tensor x = at.get(i);
      if (!x.dtype().isFloating()) {
        continue;
      }
      Function<Tensor, Tensor> g =
          t -> {
            var in = new ArrayList<>(at);
            in.set(input, t);
            return f.apply(in);
          };
      for (int round = 0; round < 3; round++) {
        Tensor v = random("v" + round, x.dtype(), x.shape());
        Tensor forward = Autograd.jvp(g, x, v);
        Tensor r = random("r" + round, forward.dtype(), forward.shape());
        double error = relative(dot(forward, r), dot(v, Autograd.vjp(g, x, r)));
        if (error > worst) {
          worst = error;
          where = "input " + i;
        }
      }
    }
    return Verdict.within(worst, MODES, where);
  }

  static Verdict adjoint(Op op, List<Tensor> at) {
    double worst = 0;
    String where = "";
    boolean rounds = op instanceof LinearOp.Cast c && c.from() != c.to();
    Shape[] shapes = at.stream().map(Tensor::shape).toArray(Shape[]::new);
    for (int i = 0; i < at.size(); i++) {
      if (!at.get(i).dtype().isFloating()) {
        continue;
      }
      var alone = new ArrayList<Tensor>();
      for (int k = 0; k < at.size(); k++) {
        Tensor x = at.get(k);
        alone.add(k == i || !x.dtype().isFloating() ? x : Tensor.zeros(x.dtype(), x.shape()));
      }
      Tensor x = at.get(i);
      Tensor forward = apply(op, alone);
      Tensor y = random("y", forward.dtype(), forward.shape());
      Op transposed = transposed(op, i, shapes);
      Tensor back = apply(transposed, with(y, op, at));
      Op twice = transposed(transposed, 0, y.shape());
      Tensor again = apply(twice, with(x, op, at));
      double error = relative(dot(forward, y), dot(x, back));
      if (!back.shape().equals(x.shape()) || back.dtype() != x.dtype()) {
        return Verdict.holds(false, "adjoint for input " + i + " is " + back.shape());
      }
      if (at.size() == 1 && !again.sameBits(forward)) {
        return Verdict.holds(false, "the adjoint's adjoint is " + twice.name());
      }
      if (error > worst) {
        worst = error;
        where = "input " + i;
      }
    }
    return Verdict.within(worst, rounds ? CAST : EXACT, where);
  }

  private static Op transposed(Op op, int i, Shape... in) {
    return switch (op) {
      case LinearOp linear -> linear.adjoint(i, in);
      case Indexed indexed -> indexed.adjoint(in[0]);
      default -> throw new IllegalArgumentException(op.name() + " has no adjoint");
    };
  }

  /** {@code x}, with the indices that steer the operation, if any. */
  private static List<Tensor> with(Tensor x, Op op, List<Tensor> at) {
    return op instanceof Indexed ? List.of(x, at.get(1)) : List.of(x);
  }

  /** The kernel against the expression: the value, and the gradient for a random one arriving. */
  static Verdict fused(Function<List<Tensor>, Tensor> kernel, List<Tensor> at, DType dtype) {
    Function<List<Tensor>, Tensor> expression = in -> Tape.expressions(() -> kernel.apply(in));
    List<Tensor> in = to(at, dtype);
    double worst = deviation(kernel.apply(in), expression.apply(in));
    String where = "the value";
    List<Tensor> fast = gradient(kernel, in);
    List<Tensor> plain = gradient(expression, in);
    for (int i = 0; i < fast.size(); i++) {
      double error = deviation(fast.get(i), plain.get(i));
      if (error > worst) {
        worst = error;
        where = "the gradient for input " + i;
      }
    }
    return Verdict.within(worst, dtype == DType.F64 ? EXACT : FUSED_F32, where);
  }

  static Verdict liveness(Op op, List<Tensor> at) {
    for (int subset = 1; subset < 1 << at.size(); subset++) {
      Tensor[] x = new Tensor[at.size()];
      boolean[] wanted = new boolean[x.length];
      boolean possible = true;
      for (int i = 0; i < x.length; i++) {
        Tensor value = at.get(i);
        wanted[i] = (subset & 1 << i) != 0;
        possible &= !wanted[i] || value.dtype().isFloating();
        x[i] = wanted[i] && value.dtype().isFloating() ? value.requiresGrad() : value;
      }
      Tensor y = Tensor.apply(op, x);
      Node node = y.node();
      if (!possible || node == null) {
        continue;
      }
      Tensor[] less = new Tensor[x.length];
      boolean linear = op instanceof LinearOp || op instanceof Indexed;
      for (int i = 0; i < x.length; i++) {
        boolean kept = node.input(i).isPresent() && !(linear && x[i].dtype().isFloating());
        less[i] = kept ? x[i] : nan(x[i]);
      }
      Tensor out = node.value().isPresent() && !linear ? y : nan(y);
      Tensor g = random("g", y.dtype(), y.shape());
      @Nullable Tensor[] full = op.backward(g, y, x, wanted);
      @Nullable Tensor[] part = op.backward(g, out, less, wanted);
      for (int i = 0; i < x.length; i++) {
        Tensor a = full[i];
        Tensor b = part[i];
        if (wanted[i] && (a == null) != (b == null)
            || wanted[i] && a != null && b != null && !a.sameBits(b)) {
          return Verdict.holds(
              false, "the gradient for input " + i + " reads a value that the tape does not keep");
        }
      }
    }
    return Verdict.holds(true, "");
  }

  /** Where an operation says that it writes everything, what stood there before is no matter. */
  static Verdict overwrites(Op op, List<Tensor> at) {
    Tensor[] x = at.toArray(Tensor[]::new);
    Tensor y = Tensor.apply(op, x);
    if (op.overwrites()) {
      Tensor out = y.dtype().isFloating() ? nan(y) : Tensor.full(y.dtype(), -1, y.shape());
      op.forward(x, out);
      if (!out.sameBits(y)) {
        return Verdict.holds(false, "forward leaves elements of its result as they were");
      }
    }
    if (op instanceof Fused fused && fused.pullOverwrites()) {
      Tensor g = random("g", y.dtype(), y.shape());
      boolean[] wanted = new boolean[x.length];
      for (int i = 0; i < x.length; i++) {
        // the gradient for a mask comes from the expression
        wanted[i] = x[i].dtype().isFloating() && !(op instanceof Attention && i == 3);
      }
      @Nullable Tensor[] dx = fused.gradients(g, y, x, wanted);
      @Nullable Tensor[] over = new @Nullable Tensor[x.length];
      for (int i = 0; i < x.length; i++) {
        Tensor d = dx[i];
        over[i] = d == null ? null : nan(d);
      }
      fused.pull(g, y, x, over);
      for (int i = 0; i < x.length; i++) {
        Tensor d = dx[i];
        Tensor o = over[i];
        if (d != null && o != null && !o.sameBits(d)) {
          return Verdict.holds(
              false, "backward leaves elements of the gradient for input " + i + " as they were");
        }
      }
    }
    return Verdict.holds(true, "");
  }

  private static Tensor nan(Tensor x) {
    return Tensor.full(x.dtype(), Double.NaN, x.shape());
  }

  static Verdict broadcast(Op op, List<Tensor> at) {
    List<Tensor> small = leaves(at);
    Tensor y = apply(op, small);
    Tensor seed = random("seed", y.dtype(), y.shape());
    var options = GradOptions.DEFAULT.seed(seed).allowUnused(true);
    List<Tensor> gradients = Autograd.grad(y, small, options);
    var large = new ArrayList<Tensor>();
    for (Tensor x : at) {
      large.add(x.expand(expanded(op, x.shape(), y.shape())).requiresGrad());
    }
    List<Tensor> sums = Autograd.grad(apply(op, large), large, options);
    double worst = 0;
    String where = "";
    for (int i = 0; i < at.size(); i++) {
      Shape own = at.get(i).shape();
      Tensor g = gradients.get(i);
      if (!g.shape().equals(own)) {
        return Verdict.holds(false, "an operand " + own + " got a gradient " + g.shape());
      }
      double error = deviation(g, Tensor.apply(new LinearOp.SumTo(own), sums.get(i)));
      if (error > worst) {
        worst = error;
        where = "operand " + own + " in " + y.shape();
      }
    }
    return Verdict.within(worst, EXACT, where);
  }

  /** What an operand looks like once broadcast: all of the result, or its batch for a product. */
  private static int[] expanded(Op op, Shape own, Shape result) {
    int[] dims = result.toArray();
    if (op instanceof MatMul) {
      dims[dims.length - 2] = own.dim(-2);
      dims[dims.length - 1] = own.dim(-1);
    }
    return dims;
  }

  // ---------------------------------------------------------------- engines and precisions

  /** A function of numbers, in whichever kind of number. */
  interface Scalar {
    <E extends Num<E>> E of(List<E> x);
  }

  static Scalar scalar(Unary f) {
    return new Scalar() {
      @Override
      public <E extends Num<E>> E of(List<E> x) {
        return x.getFirst().map(f);
      }
    };
  }

  static Scalar scalar(Binary f) {
    return new Scalar() {
      @Override
      public <E extends Num<E>> E of(List<E> x) {
        return x.getFirst().zip(f, x.getLast());
      }
    };
  }

  static Scalar scalar(Composite f) {
    return new Scalar() {
      @Override
      public <E extends Num<E>> E of(List<E> x) {
        return f.of(x.getFirst());
      }
    };
  }

  /** Inputs of equal shapes; the i-th elements of all make the i-th sample. */
  static Verdict scalarEngine(Scalar f, List<Tensor> at) {
    List<Tensor> leaves = leaves(at);
    Tensor y = f.of(leaves);
    var options = GradOptions.DEFAULT.allowUnused(true).seed(Tensor.ones(y.dtype(), y.shape()));
    List<double[]> gradients =
        Autograd.grad(y, leaves, options).stream().map(Tensor::toDoubleArray).toList();
    double[] values = y.toDoubleArray();
    List<double[]> samples = at.stream().map(Tensor::toDoubleArray).toList();
    double worst = 0;
    String where = "";
    for (int i = 0; i < values.length; i++) {
      var numbers = new ArrayList<Value>();
      for (double[] sample : samples) {
        numbers.add(Value.of(sample[i]));
      }
      Value root = f.of(numbers);
      if (Double.doubleToLongBits(root.data()) != Double.doubleToLongBits(values[i])) {
        return Verdict.holds(false, "scalar " + root.data() + ", tensor " + values[i]);
      }
      root.backward();
      for (int k = 0; k < samples.size(); k++) {
        double error =
            Math.max(
                relative(numbers.get(k).grad(), gradients.get(k)[i]),
                relative(tangent(f, samples, i, k), gradients.get(k)[i]));
        if (error > worst) {
          worst = error;
          where = "input " + k + " at " + samples.get(k)[i];
        }
      }
    }
    return Verdict.within(worst, EXACT, where);
  }

  /** Forward mode on the i-th sample, towards argument {@code k}. */
  private static double tangent(Scalar f, List<double[]> samples, int i, int k) {
    var duals = new ArrayList<Dual<Real>>();
    for (int j = 0; j < samples.size(); j++) {
      duals.add(new Dual<>(new Real(samples.get(j)[i]), new Real(j == k ? 1 : 0)));
    }
    return f.of(duals).tangent().value();
  }

  static Verdict valueF32(Function<List<Tensor>, Tensor> f, List<Tensor> at, double bound) {
    List<Tensor> rounded = to(at, DType.F32);
    Tensor y = f.apply(rounded);
    return Verdict.within(deviation(y, f.apply(to(rounded, DType.F64))), bound, "");
  }

  static Verdict gradientF32(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
    List<Tensor> rounded = to(at, DType.F32);
    List<Tensor> single = gradient(f, rounded);
    List<Tensor> twice = gradient(f, to(rounded, DType.F64));
    double worst = 0;
    String where = "";
    for (int i = 0; i < single.size(); i++) {
      double error = deviation(single.get(i), twice.get(i));
      if (error > worst) {
        worst = error;
        where = "input " + i;
      }
    }
    return Verdict.within(worst, GRADIENT_F32, where);
  }

  private static List<Tensor> gradient(Function<List<Tensor>, Tensor> f, List<Tensor> at) {
    List<Tensor> leaves = leaves(at);
    Tensor y = f.apply(leaves);
    List<Tensor> tracked = leaves.stream().filter(Tensor::isTracked).toList();
    if (!y.dtype().isFloating()) {
      return List.of();
    }
    Tensor seed = random("seed", DType.F32, y.shape()).to(y.dtype());
    return Autograd.grad(y, tracked, GradOptions.DEFAULT.allowUnused(true).seed(seed));
  }
}
