package chainrule.optim;

import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.StateDict;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * L-BFGS: Newton's direction from the differences of the last gradients. For full batches.
 *
 * <p>All parameters are one vector x with gradient g. A {@link #step(Supplier)} makes up to maxIter
 * iterations:
 *
 * <ol>
 *   <li>{@code y ← g − g₋₁}, {@code s ← t · d}; kept where {@code yᵀs > 1e-10}, the last
 *       historySize pairs, with {@code ρ = 1/yᵀs} and {@code h = yᵀs/yᵀy}
 *   <li>{@code q ← −g}; for the pairs from the last to the first {@code α ← ρ sᵀq}, {@code q ← q −
 *       α y}
 *   <li>{@code d ← h q}; for the pairs from the first to the last {@code d ← d + (α − ρ yᵀd) s}
 *   <li>{@code t ← lr}, at the very first iteration {@code d ← −g} and {@code t ← min(1, 1/Σ|g|) ·
 *       lr}; or what the line search finds, trying that first
 *   <li>{@code x ← x + t d}
 * </ol>
 *
 * <p>It ends early when {@code max|g| ≤ toleranceGrad}, when x or the loss change by no more than
 * toleranceChange, or after maxEval evaluations. Sources: Nocedal, <i>Updating quasi-Newton
 * matrices with limited storage</i>, 1980; Nocedal and Wright, <i>Numerical optimization</i>, 2006,
 * algorithms 7.4 and 7.5; the rest is PyTorch's. There is one group, and its parameters have one
 * element type.
 *
 * {@snippet :
 * var lbfgs = new LBFGS(parameters, LBFGS.options().lineSearchFn(LBFGS.LineSearch.STRONG_WOLFE));
 * lbfgs.step(
 *     () -> {
 *       lbfgs.zeroGrad();
 *       Tensor loss = Losses.mse(model.forward(x), y);
 *       loss.backward();
 *       return loss;
 *     });
 * }
 */
public final class LBFGS extends Optimizer {
  private static final double LEAST_CURVATURE = 1e-10;

  /** How the length of a step is found. */
  public enum LineSearch {
    /** It is lr. */
    NONE,
    /** By a search for a step that satisfies the strong Wolfe conditions. */
    STRONG_WOLFE
  }

  /** A change of the gradient y after a step s, and 1/yᵀs. */
  private record Pair(Tensor y, Tensor s, double rho) {}

  private final DType dtype;
  private final int size;
  private long iterations;
  private long evaluations;
  private final List<Pair> history = new ArrayList<>();
  private double scale = 1;
  private double length;
  private @Nullable Tensor direction;
  private @Nullable Tensor previousGradient;

  /** An optimizer of the given parameters with the default options. */
  public LBFGS(Collection<Parameter> parameters) {
    this(parameters, options());
  }

  /**
   * An optimizer of the given parameters.
   *
   * @throws IllegalArgumentException if their element types differ
   */
  public LBFGS(Collection<Parameter> parameters, Options options) {
    super(parameters, options);
    this.dtype = parameters().getFirst().dtype();
    this.size = parameters().stream().mapToInt(Tensor::size).sum();
    if (parameters().stream().anyMatch(p -> p.dtype() != dtype)) {
      throw new IllegalArgumentException(
          "LBFGS: takes all parameters for one vector, and these are of several element types");
    }
  }

  /**
   * lr 1, at most 20 iterations and 25 evaluations a step, tolerances 1e-7 for the gradient and
   * 1e-9 for changes, a history of 100, no line search.
   */
  public static Options options() {
    return new Options(1, 20, 0, 1e-7, 1e-9, 100, LineSearch.NONE);
  }

  @Override
  void added(ParamGroup group) {
    throw new IllegalArgumentException("LBFGS: all parameters are one vector, so one group");
  }

  /**
   * Always refused: the loss is evaluated several times.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public void step() {
    throw new UnsupportedOperationException(
        "LBFGS evaluates the loss several times in a step: call step(closure)");
  }

  @Override
  public Tensor step(Supplier<Tensor> closure) {
    return Tape.noGrad(() -> iterate(closure));
  }

  private Tensor iterate(Supplier<Tensor> closure) {
    Options o = (Options) paramGroups().getFirst().options();
    Tensor first = evaluate(closure);
    double loss = first.item();
    stepped(missed(), parameters().stream().anyMatch(LBFGS::moves));
    Tensor g = gradient();
    if (largest(g) <= o.toleranceGrad) {
      return first;
    }
    long before = evaluations - 1;
    for (int i = 1; i <= o.maxIter; i++) {
      Tensor d = next(g, o);
      direction = d;
      previousGradient = g;
      double previousLoss = loss;
      length = iterations == 1 ? Math.min(1, 1 / g.abs().sum().item()) * o.lr : o.lr;
      double slope = dot(g, d);
      if (slope > -o.toleranceChange) {
        break;
      }
      if (o.lineSearchFn == LineSearch.STRONG_WOLFE) {
        List<Tensor> x = parameters().stream().map(Parameter::value).toList();
        var search =
            new StrongWolfe(
                t -> {
                  move(x, t, d);
                  double f = evaluate(closure).item();
                  Tensor there = gradient();
                  return new StrongWolfe.Point(t, f, there, dot(there, d));
                },
                new StrongWolfe.Point(0, loss, g, slope),
                largest(d),
                o.toleranceChange);
        StrongWolfe.Point found = search.from(length);
        length = found.t();
        loss = found.f();
        g = found.g();
        move(x, length, d);
      } else {
        move(parameters().stream().map(Parameter::value).toList(), length, d);
        if (i != o.maxIter) {
          loss = evaluate(closure).item();
          g = gradient();
        }
      }
      if (evaluations - before >= o.mostEvaluations()
          || largest(g) <= o.toleranceGrad
          || largest(d.mul(length)) <= o.toleranceChange
          || Math.abs(loss - previousLoss) < o.toleranceChange) {
        break;
      }
    }
    return first;
  }

  /** The direction from here, after what the last step taught. */
  private Tensor next(Tensor g, Options o) {
    iterations++;
    Tensor last = direction;
    Tensor before = previousGradient;
    if (last == null || before == null) {
      return g.neg();
    }
    Tensor y = g.sub(before);
    Tensor s = last.mul(length);
    double ys = dot(y, s);
    if (ys > LEAST_CURVATURE) {
      if (history.size() == o.historySize) {
        history.removeFirst();
      }
      history.add(new Pair(y, s, 1 / ys));
      scale = ys / dot(y, y);
    }
    double[] alpha = new double[history.size()];
    Tensor q = g.neg();
    for (int i = alpha.length - 1; i >= 0; i--) {
      Pair pair = history.get(i);
      alpha[i] = dot(pair.s, q) * pair.rho;
      q = q.sub(pair.y.mul(alpha[i]));
    }
    Tensor d = q.mul(scale);
    for (int i = 0; i < alpha.length; i++) {
      Pair pair = history.get(i);
      double beta = dot(pair.y, d) * pair.rho;
      d = d.add(pair.s.mul(alpha[i] - beta));
    }
    return d;
  }

  private Tensor evaluate(Supplier<Tensor> closure) {
    evaluations++;
    return Tape.grad(true, closure).detach();
  }

  private static boolean moves(Parameter p) {
    return p.trainable() && p.grad() != null;
  }

  private List<Parameter> missed() {
    return parameters().stream().filter(p -> p.trainable() && p.grad() == null).toList();
  }

  /** All gradients in one vector, zeros where there is none. */
  private Tensor gradient() {
    return Tensor.cat(
        0,
        parameters().stream()
            .map(
                p -> {
                  Tensor g = p.trainable() ? p.grad() : null;
                  return g == null ? Tensor.zeros(dtype, p.size()) : g.flatten();
                })
            .toList());
  }

  /** Sets the parameters to x + t·d. */
  private void move(List<Tensor> x, double t, Tensor d) {
    int at = 0;
    for (int i = 0; i < x.size(); i++) {
      Tensor from = x.get(i);
      Tensor part = d.slice(0, at, at + from.size()).reshape(from.shape().toArray());
      parameters().get(i).set(from.add(part.mul(t)));
      at += from.size();
    }
  }

  private static double dot(Tensor a, Tensor b) {
    return a.mul(b).sum().item();
  }

  private static double largest(Tensor x) {
    return x.abs().max().item();
  }

  /** A line search looks at losses, so no compiled step holds. */
  @Override
  public Object structure() {
    return new Object();
  }

  @Override
  void save(Map<String, Tensor> dict) {
    dict.put("iterations", Tensor.scalar((double) iterations));
    dict.put("evaluations", Tensor.scalar((double) evaluations));
    Tensor d = direction;
    Tensor g = previousGradient;
    if (d == null || g == null) {
      return;
    }
    dict.put("d", d);
    dict.put("t", Tensor.scalar(length));
    dict.put("g", g);
    dict.put("h", Tensor.scalar(scale));
    dict.put("rho", Tensor.of(history.stream().mapToDouble(Pair::rho).toArray()));
    dict.put("y", stack(history.stream().map(Pair::y).toList()));
    dict.put("s", stack(history.stream().map(Pair::s).toList()));
  }

  private Tensor stack(List<Tensor> rows) {
    return rows.isEmpty() ? Tensor.zeros(dtype, 0, size) : Tensor.stack(0, rows);
  }

  /** The history may be of any length, so the shapes wanted follow from the map. */
  @Override
  void check(Map<String, Tensor> dict) {
    Map<String, Tensor> wanted = new LinkedHashMap<>();
    stateDict().forEach((key, value) -> wanted.put(key, value));
    Tensor rho = dict.get("rho");
    int pairs = rho != null && rho.rank() == 1 ? rho.size() : 0;
    Tensor count = dict.get("iterations");
    boolean begun = count != null && count.rank() == 0 && count.item() > 0;
    for (String key : List.of("t", "h", "rho", "d", "g", "y", "s")) {
      wanted.remove(key);
      Tensor given = dict.get(key);
      if (begun) {
        wanted.put(key, given != null && fits(key, given, pairs) ? given : template(key));
      }
    }
    StateDict.check("loadStateDict of the optimizer", "optimizer", wanted, dict);
  }

  private boolean fits(String key, Tensor given, int pairs) {
    return switch (key) {
      case "t", "h" -> given.dtype() == DType.F64 && given.rank() == 0;
      case "rho" -> given.dtype() == DType.F64 && given.rank() == 1;
      case "d", "g" -> given.dtype() == dtype && given.rank() == 1 && given.size() == size;
      default ->
          given.dtype() == dtype
              && given.rank() == 2
              && given.size(0) == pairs
              && given.size(1) == size;
    };
  }

  private Tensor template(String key) {
    return switch (key) {
      case "t", "h" -> Tensor.scalar(0.0);
      case "rho" -> Tensor.of(new double[0]);
      case "d", "g" -> Tensor.zeros(dtype, size);
      default -> Tensor.zeros(dtype, 0, size);
    };
  }

  @Override
  void load(Map<String, Tensor> dict) {
    iterations = (long) States.entry(dict, "iterations").item();
    evaluations = (long) States.entry(dict, "evaluations").item();
    history.clear();
    scale = 1;
    direction = null;
    previousGradient = null;
    if (iterations > 0) {
      direction = States.entry(dict, "d").detach();
      previousGradient = States.entry(dict, "g").detach();
      length = States.entry(dict, "t").item();
      scale = States.entry(dict, "h").item();
      Tensor y = States.entry(dict, "y").detach();
      Tensor s = States.entry(dict, "s").detach();
      double[] rho = States.entry(dict, "rho").toDoubleArray();
      for (int i = 0; i < rho.length; i++) {
        history.add(new Pair(y.pick(0, i), s.pick(0, i), rho[i]));
      }
    }
  }

  /**
   * The options of {@link LBFGS}.
   *
   * @param lr the length of a step, or the first that the line search tries; at least 0
   * @param maxIter the most iterations of a step, at least 1
   * @param maxEval the most evaluations of the loss in a step; 0 for 5/4 of maxIter
   * @param toleranceGrad a gradient with no larger element ends the step, at least 0
   * @param toleranceChange a smaller change of parameters or loss ends the step, at least 0
   * @param historySize how many gradients are remembered, at least 1
   * @param lineSearchFn how the length of a step is found
   */
  public record Options(
      double lr,
      int maxIter,
      int maxEval,
      double toleranceGrad,
      double toleranceChange,
      int historySize,
      LineSearch lineSearchFn)
      implements ParamGroup.Options {
    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public Options {
      Checks.notNegative("lr", lr);
      Checks.atLeast("maxIter", 1, maxIter);
      Checks.atLeast("maxEval", 0, maxEval);
      Checks.notNegative("toleranceGrad", toleranceGrad);
      Checks.notNegative("toleranceChange", toleranceChange);
      Checks.atLeast("historySize", 1, historySize);
    }

    int mostEvaluations() {
      return maxEval > 0 ? maxEval : Math.max(1, maxIter * 5 / 4);
    }

    @Override
    public Options lr(double lr) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }

    /** The same with another limit of the iterations of a step. */
    public Options maxIter(int maxIter) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }

    /** The same with another limit of the evaluations of a step. */
    public Options maxEval(int maxEval) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }

    /** The same with another gradient that is small enough. */
    public Options toleranceGrad(double toleranceGrad) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }

    /** The same with another change that is small enough. */
    public Options toleranceChange(double toleranceChange) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }

    /** The same with another length of the history. */
    public Options historySize(int historySize) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }

    /** The same with another line search. */
    public Options lineSearchFn(LineSearch lineSearchFn) {
      return new Options(
          lr, maxIter, maxEval, toleranceGrad, toleranceChange, historySize, lineSearchFn);
    }
  }
}
