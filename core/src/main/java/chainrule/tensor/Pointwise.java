package chainrule.tensor;

import chainrule.internal.kernel.Blocks;
import chainrule.math.Formula;
import chainrule.math.Program;
import chainrule.math.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A function of the elements of one or several tensors that runs in one pass over memory, forward
 * and backward, and stands in the graph as one operation.
 *
 * <p>It is written as any function of numbers is, in {@link chainrule.math.Num}, and recorded once:
 * its numbers come from {@link Trace}, so it can do arithmetic with them and not look at them. The
 * value has the bits of the same function composed of tensor operations; only the inputs are kept
 * for the backward pass, which computes again what it needs. The gradient follows from the table,
 * and derivatives of higher order from the composed function.
 *
 * <p>Shapes broadcast. Element types are F32 or F64 and must agree.
 *
 * <pre>{@code
 * Pointwise gate = Pointwise.of("gate", 2, x -> x.get(0).mul(x.get(1).sigmoid()));
 * Tensor y = gate.apply(a, b);
 * }</pre>
 */
public final class Pointwise implements Fused {
  /** A formula of more characters is not shown. */
  private static final int LONG = 120;

  private final String name;
  private final Program program;
  private final Blocks forward;
  private final boolean[] leads;
  private final Map<Integer, Blocks> gradients = new ConcurrentHashMap<>();

  private Pointwise(String name, Program recorded) {
    this.name = name;
    this.program = recorded;
    this.forward = Blocks.of(recorded.simplified());
    this.leads = new boolean[recorded.inputs()];
    for (int i = 0; i < leads.length; i++) {
      leads[i] = recorded.leads(i);
    }
  }

  /**
   * The operation {@code f}, called {@code name} in graphs and messages.
   *
   * @param inputs how many tensors it takes, 1 to 30
   * @param f the function of one element of each; it is called once
   */
  public static Pointwise of(String name, int inputs, Function<List<Trace>, Trace> f) {
    if (inputs < 1 || inputs > 30) {
      throw new IllegalArgumentException(
          name + ": a function of 1 to 30 tensors is wanted, not of " + inputs);
    }
    return new Pointwise(name, Program.record(inputs, 0, x -> List.of(f.apply(x))));
  }

  /** The operation {@code f} of so many tensors. */
  public static Pointwise of(int inputs, Function<List<Trace>, Trace> f) {
    return of("pointwise", inputs, f);
  }

  /**
   * The function of the tensors' elements.
   *
   * @throws ShapeException if there are too few or too many, or their shapes do not broadcast
   */
  public Tensor apply(Tensor... x) {
    return Tensor.apply(this, x);
  }

  /** What was recorded. */
  public Program program() {
    return program;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape shape(Shape... in) {
    if (in.length != program.inputs()) {
      throw new ShapeException(name + ": takes " + program.inputs() + " tensors, got " + in.length);
    }
    Shape all = in[0];
    for (Shape s : in) {
      all = Shape.broadcast(name, all, s);
    }
    return all;
  }

  @Override
  public Formulas formulas() {
    int n = program.inputs();
    List<Formula> x = new ArrayList<>(List.of(Formula.of("G")));
    for (int i = 0; i < n; i++) {
      x.add(Formula.of(n == 1 ? "x" : "x" + Character.toString('₀' + i % 10)));
    }
    List<Formula> in = x.subList(1, n + 1);
    List<String> names = in.stream().map(Formula::text).toList();
    List<String> slopes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      String slope = leads[i] ? program.gradient(only(i)).on(x).getFirst().text() : "";
      slopes.add(slope.length() > LONG ? "G·∂y/∂" + names.get(i) : slope);
    }
    String value = program.on(in).getFirst().text();
    String call = name + "(" + String.join(", ", names) + ")";
    return new Formulas("y = " + (value.length() > LONG ? call : value), names, slopes);
  }

  private boolean[] only(int i) {
    boolean[] wanted = new boolean[program.inputs()];
    wanted[i] = true;
    return wanted;
  }

  @Override
  public boolean flat() {
    for (boolean lead : leads) {
      if (lead) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Tensor expression(Tensor... x) {
    Shape shape = shape(Arrays.stream(x).map(Tensor::shape).toArray(Shape[]::new));
    return program.on(List.of(x)).getFirst().expand(shape.toArray());
  }

  @Override
  public void forward(Tensor[] in, Tensor out) {
    prepared(in, out).run();
  }

  @Override
  public Runnable prepared(Tensor[] in, Tensor out) {
    return prepared(forward, out, List.of(in), List.of(out));
  }

  /** A pass over tensors; those that are smaller are first written out. */
  private static Runnable prepared(Blocks blocks, Tensor like, List<Tensor> in, List<Tensor> out) {
    var fitted = new ArrayList<>(in);
    var expansions = new ArrayList<Runnable>();
    for (int i = 0; i < fitted.size(); i++) {
      Tensor x = fitted.get(i);
      if (blocks.reads(i) && x.size() != like.size()) {
        Tensor whole = Tensor.zeros(x.dtype(), like.shape());
        expansions.add(new LinearOp.Expand(like.shape()).prepared(new Tensor[] {x}, whole));
        fitted.set(i, whole);
      }
    }
    var pass = new Pass(blocks, like, fitted, List.of(), out, List.of());
    if (expansions.isEmpty()) {
      return pass;
    }
    return () -> {
      for (int i = 0; i < expansions.size(); i++) {
        expansions.get(i).run();
      }
      pass.run();
    };
  }

  @Override
  public @Nullable Tensor[] backward(Tensor g, Tensor y, Tensor[] x, boolean[] wanted) {
    boolean[] reached = wanted.clone();
    boolean any = false;
    for (int i = 0; i < reached.length; i++) {
      reached[i] &= leads[i];
      any |= reached[i];
    }
    return any ? Fused.super.backward(g, y, x, reached) : new @Nullable Tensor[x.length];
  }

  @Override
  public Shape gradientShape(int i, Tensor g, Tensor... x) {
    return g.shape();
  }

  @Override
  public void pull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    preparedPull(g, y, x, dx).run();
  }

  @Override
  public Runnable preparedPull(Tensor g, Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    Blocks blocks = gradients.computeIfAbsent(mask(dx), _ -> Blocks.of(gradient(dx)));
    var in = new ArrayList<Tensor>(List.of(g));
    Collections.addAll(in, x);
    var out = new ArrayList<Tensor>();
    for (Tensor gradient : dx) {
      if (gradient != null) {
        out.add(gradient);
      }
    }
    return prepared(blocks, g, in, out);
  }

  private static int mask(@Nullable Tensor[] dx) {
    int mask = 0;
    for (int i = 0; i < dx.length; i++) {
      mask |= dx[i] != null ? 1 << i : 0;
    }
    return mask;
  }

  /** The program of {@link #pull}: of the gradient that arrives and the inputs. */
  public Program gradient(@Nullable Tensor[] dx) {
    boolean[] wanted = new boolean[dx.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = dx[i] != null;
    }
    return program.gradient(wanted);
  }

  /** The derivative is one number for each element, so it acts alike in both directions. */
  @Override
  public Tensor tangent(Tensor y, Tensor[] x, @Nullable Tensor[] dx) {
    int[] shape = y.shape().toArray();
    Tensor[] wide = new Tensor[x.length];
    Arrays.setAll(wide, i -> x[i].expand(shape));
    Tensor total = y.zerosLike();
    for (int i = 0; i < x.length; i++) {
      Tensor change = dx[i];
      Tensor part = change == null ? null : backward(change.expand(shape), y, wide, only(i))[i];
      total = part == null ? total : total.add(part);
    }
    return total;
  }

  @Override
  public List<Tensor> example(RandomGenerator random) {
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < program.inputs(); i++) {
      out.add(i % 2 == 0 ? Examples.normal(random, 2, 3) : Examples.normal(random, 3));
    }
    return out;
  }

  @Override
  public String toString() {
    return name;
  }
}
