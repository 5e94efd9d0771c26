package chainrule.autograd;

import chainrule.math.Numbers;
import chainrule.tensor.DType;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Indexed;
import chainrule.tensor.LinearOp;
import chainrule.tensor.Node;
import chainrule.tensor.Op;
import chainrule.tensor.OpListener;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation that first produces NaN or ∞, forward or backward.
 *
 * <pre>{@code
 * Anomaly.detect(() -> {
 *   Tensor loss = Losses.crossEntropy(model.forward(x), y);
 *   loss.backward();
 * });
 * // AnomalyException: log in layer 2.fc1 at Net.java:41 produced −∞ at [3, 7]: its input there is 0
 * }</pre>
 *
 * <p>An infinity counts where an operation makes it of finite numbers, so a mask of −∞ may pass
 * through; NaN counts wherever arithmetic yields it, and if it came in with the data or a parameter
 * the message says so. Moving elements about, and selecting among them, is free to carry anything.
 * Values inside a {@link Autograd#checkpoint} are checked as they leave it.
 */
public final class Anomaly {
  private Anomaly() {}

  /**
   * What to look for.
   *
   * @param nan whether NaN counts
   * @param infinity whether ∞ and −∞ count
   * @param sources whether to note the Java line of every operation, so that an anomaly in the
   *     backward pass can name it; costs a walk of the stack per operation
   */
  public record Options(boolean nan, boolean infinity, boolean sources) {
    /** With or without NaN. */
    public Options nan(boolean on) {
      return new Options(on, infinity, sources);
    }

    /** With or without infinities. */
    public Options infinity(boolean on) {
      return new Options(nan, on, sources);
    }

    /** With or without lines for the backward pass. */
    public Options sources(boolean on) {
      return new Options(nan, infinity, on);
    }

    private boolean counts(double v) {
      return nan && Double.isNaN(v) || infinity && Double.isInfinite(v);
    }
  }

  /** Everything is looked for, and lines are noted. */
  public static Options options() {
    return new Options(true, true, true);
  }

  /**
   * Runs {@code body} and watches every operation in it.
   *
   * @throws AnomalyException at the first anomaly
   */
  public static <T> T detect(Supplier<T> body) {
    return detect(options(), body);
  }

  /**
   * Runs {@code body} and watches every operation in it.
   *
   * @throws AnomalyException at the first anomaly
   */
  public static void detect(Runnable body) {
    detect(options(), body);
  }

  /**
   * Runs {@code body} and watches every operation in it for what the options say.
   *
   * @throws AnomalyException at the first anomaly
   */
  public static void detect(Options options, Runnable body) {
    detect(
        options,
        () -> {
          body.run();
          return true;
        });
  }

  /**
   * Runs {@code body} and watches every operation in it for what the options say.
   *
   * @throws AnomalyException at the first anomaly
   */
  public static <T> T detect(Options options, Supplier<T> body) {
    Supplier<T> watched = () -> Tape.listen(new Watch(options), body);
    return options.sources() ? Tape.withSources(watched) : watched.get();
  }

  /** Where in the engine an operation was called. */
  private enum Caller {
    USER,
    RULE,
    SWEEP
  }

  private static final class Watch implements OpListener {
    private static final StackWalker STACK =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final Options options;

    Watch(Options options) {
      this.options = options;
    }

    @Override
    public void forward(Op op, Tensor[] in, Tensor out) {
      if (!out.dtype().isFloating() || out.allFinite() || carries(op)) {
        return;
      }
      int at = first(op, out, in);
      if (at < 0) {
        return;
      }
      Caller caller = caller();
      if (caller == Caller.RULE) {
        return; // what a rule computes on its way may be infinite; its result is checked
      }
      double v = out.toDoubleArray()[at];
      StackTraceElement source = Tape.source().orElse(null);
      String found = Numbers.brief(v) + index(out.shape(), at);
      String what =
          caller == Caller.SWEEP
              ? "adding up the gradients (" + op.name() + ")" + where(Tape.path(), source)
              : op.name() + where(Tape.path(), source);
      throw new AnomalyException(
          what + " produced " + found + ": " + inputs(op, in, out.shape(), at),
          op.name(),
          Tape.path(),
          caller == Caller.SWEEP,
          v,
          source);
    }

    @Override
    public void backward(Node node, Tensor g, @Nullable Tensor[] gradients) {
      for (int i = 0; i < gradients.length; i++) {
        Tensor gradient = gradients[i];
        if (gradient == null || node.inputs().get(i) == null || gradient.allFinite()) {
          continue;
        }
        double[] values = gradient.toDoubleArray();
        boolean elementwise =
            node.op().orElse(null) instanceof Elementwise && gradient.shape().equals(g.shape());
        double[] arrived = g.toDoubleArray();
        for (int at = 0; at < values.length; at++) {
          double v = values[at];
          if (options.counts(v) && (elementwise ? isNew(v, arrived[at]) : isNew(v, arrived))) {
            throw anomaly(node, g, i, at, v, gradient.shape());
          }
        }
      }
    }

    private static AnomalyException anomaly(
        Node node, Tensor g, int i, int at, double v, Shape shape) {
      StackTraceElement source = node.source().orElse(null);
      List<Tensor> known = new ArrayList<>();
      for (int k = 0; k < node.inputs().size(); k++) {
        node.input(k).filter(x -> x.dtype().isFloating()).ifPresent(known::add);
      }
      boolean elementwise =
          node.op().orElse(null) instanceof Elementwise && shape.equals(node.shape());
      String arrived = "the gradient that arrived ";
      String because;
      if (elementwise) {
        String values =
            known.isEmpty()
                ? node.value().map(y -> "its result there is " + at(y, shape, at) + ", ").orElse("")
                : there(known, shape, at) + ", ";
        because = values + arrived + "is " + at(g, shape, at);
      } else {
        because = (known.isEmpty() ? "" : ranges(known) + ", ") + arrived + "over " + range(g);
      }
      String input = node.inputs().size() > 1 ? " for input " + i : "";
      return new AnomalyException(
          "backward of "
              + node.name()
              + where(node.group(), source)
              + " produced "
              + Numbers.brief(v)
              + index(shape, at)
              + (shape.rank() == 0 ? " as the gradient" : " of the gradient")
              + input
              + ": "
              + because,
          node.name(),
          node.group(),
          true,
          v,
          source);
    }

    /** Whether an operation only moves elements, or selects among them. */
    private static boolean carries(Op op) {
      return switch (op) {
        case LinearOp.SumTo _, LinearOp.CumSum _, LinearOp.Cast _ -> false;
        case LinearOp _, Elementwise.Select _, Indexed.Gather _, Indexed.IndexSelect _ -> true;
        default -> false;
      };
    }

    /** The first element that the operation is to blame for; −1 if there is none. */
    private int first(Op op, Tensor out, Tensor[] in) {
      double[] values = out.toDoubleArray();
      boolean elementwise = op instanceof Elementwise;
      boolean allFinite = Arrays.stream(in).allMatch(Tensor::allFinite);
      for (int at = 0; at < values.length; at++) {
        if (options.counts(values[at])
            && (allFinite
                || Double.isNaN(values[at])
                || (elementwise && finiteThere(in, out.shape(), at)))) {
          return at;
        }
      }
      return -1;
    }

    private static boolean finiteThere(Tensor[] in, Shape shape, int at) {
      return Arrays.stream(in).allMatch(x -> Double.isFinite(value(x, shape, at)));
    }

    private static boolean isNew(double v, double... arrived) {
      for (double g : arrived) {
        if (Double.isNaN(v) ? Double.isNaN(g) : !Double.isFinite(g)) {
          return false;
        }
      }
      return true;
    }

    private static Caller caller() {
      return STACK.walk(
          frames ->
              frames
                  .map(Watch::caller)
                  .filter(c -> c != Caller.USER)
                  .findFirst()
                  .orElse(Caller.USER));
    }

    private static Caller caller(StackWalker.StackFrame frame) {
      String name = frame.getClassName();
      if (name.equals("chainrule.tensor.Node") && frame.getMethodName().equals("backward")) {
        return Caller.RULE;
      }
      return name.equals("chainrule.tensor.Sweep") || isAccumulation(frame)
          ? Caller.SWEEP
          : Caller.USER;
    }

    private static boolean isAccumulation(StackWalker.StackFrame frame) {
      return frame.getClassName().equals("chainrule.tensor.Parameter")
          && frame.getMethodName().contains("accumulate");
    }

    private static String where(String layer, @Nullable StackTraceElement source) {
      return (layer.isEmpty() ? "" : " in layer " + layer)
          + (source == null ? "" : " at " + source.getFileName() + ":" + source.getLineNumber());
    }

    private static String inputs(Op op, Tensor[] in, Shape shape, int at) {
      List<Tensor> floating = Arrays.stream(in).filter(x -> x.dtype().isFloating()).toList();
      String text = op instanceof Elementwise ? there(floating, shape, at) : ranges(floating);
      boolean given = false;
      for (Tensor x : floating) {
        given |=
            hasNaN(
                op instanceof Elementwise ? new double[] {value(x, shape, at)} : x.toDoubleArray());
      }
      return given ? text + "; the NaN came in with it" : text;
    }

    private static boolean hasNaN(double... values) {
      return Arrays.stream(values).anyMatch(Double::isNaN);
    }

    private static String there(List<Tensor> in, Shape shape, int at) {
      var out = new StringBuilder(in.size() == 1 ? "its input there is " : "its inputs there are ");
      for (int k = 0; k < in.size(); k++) {
        out.append(k == 0 ? "" : k == in.size() - 1 ? " and " : ", ");
        out.append(at(in.get(k), shape, at));
      }
      return out.toString();
    }

    private static String ranges(List<Tensor> in) {
      var out = new StringBuilder(in.size() == 1 ? "its input lies in " : "its inputs lie in ");
      for (int k = 0; k < in.size(); k++) {
        out.append(k == 0 ? "" : k == in.size() - 1 ? " and " : ", ").append(range(in.get(k)));
      }
      return out.toString();
    }

    private static String range(Tensor t) {
      double lo = Double.POSITIVE_INFINITY;
      double hi = Double.NEGATIVE_INFINITY;
      boolean nan = false;
      for (double v : t.toDoubleArray()) {
        nan |= Double.isNaN(v);
        lo = v < lo ? v : lo;
        hi = v > hi ? v : hi;
      }
      String numbers = lo > hi ? "[]" : "[" + Numbers.brief(lo) + ", " + Numbers.brief(hi) + "]";
      return nan ? numbers + " with NaN" : numbers;
    }

    private static String at(Tensor t, Shape shape, int at) {
      double v = value(t, shape, at);
      return t.dtype() == DType.F32 ? Numbers.exact((float) v) : Numbers.exact(v);
    }

    /** The element that broadcasting to {@code shape} brings to position {@code at}. */
    private static double value(Tensor t, Shape shape, int at) {
      int[] index = new int[t.rank()];
      int rest = at;
      for (int d = shape.rank() - 1; d >= 0; d--) {
        int own = d - (shape.rank() - t.rank());
        int i = rest % shape.dim(d);
        rest /= shape.dim(d);
        if (own >= 0) {
          index[own] = t.size(own) == 1 ? 0 : i;
        }
      }
      return t.get(index);
    }

    private static String index(Shape shape, int at) {
      if (shape.rank() == 0) {
        return "";
      }
      int[] index = new int[shape.rank()];
      int rest = at;
      for (int d = index.length - 1; d >= 0; d--) {
        index[d] = rest % shape.dim(d);
        rest /= shape.dim(d);
      }
      return " at " + Arrays.toString(index);
    }
  }
}
