package chainrule.scalar;

import chainrule.math.Binary;
import chainrule.math.Num;
import chainrule.math.Real;
import chainrule.math.Unary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number that remembers how it was made, and can therefore say how it depends on what made it.
 *
 * <p>Every operation stores its one or two operands and the local derivative towards each, taken
 * from the table. {@link #backward} walks the graph from the result to the leaves in reverse
 * topological order, so that a node passes its gradient on only once it has all of it, and
 * multiplies along every edge: the chain rule and nothing else. Gradients of leaves accumulate from
 * call to call as in PyTorch; {@link #zeroGrad} clears one.
 *
 * <pre>{@code
 * Value a = Value.of(2), b = Value.of(-3), c = Value.of(10), f = Value.of(-2);
 * Value loss = a.mul(b).add(c).mul(f);   // −8
 * loss.backward();
 * a.grad();                              // 6
 * }</pre>
 */
public final class Value implements Num<Value> {
  private final double data;
  private final String op;
  private final @Nullable Value a;
  private final @Nullable Value b;
  private final double da; // ∂this/∂a
  private final double db; // ∂this/∂b
  private double grad;

  private Value(
      double data, String op, @Nullable Value a, double da, @Nullable Value b, double db) {
    this.data = data;
    this.op = op;
    this.a = a;
    this.da = da;
    this.b = b;
    this.db = db;
  }

  /** A leaf: a number that was not computed from others. */
  public static Value of(double data) {
    return new Value(data, "", null, 0, null, 0);
  }

  @Override
  public Value constant(double c) {
    return of(c);
  }

  @Override
  public Value map(Unary f) {
    double y = f.value(data);
    double slope = f.flat() ? 0 : f.slope(new Real(data), new Real(y)).value();
    return new Value(y, f.call(), this, slope, null, 0);
  }

  @Override
  public Value zip(Binary f, Value other) {
    double y = f.value(data, other.data);
    Real x1 = new Real(data);
    Real x2 = new Real(other.data);
    Real out = new Real(y);
    double d1 = f.slopeA(x1, x2, out).value();
    double d2 = f.slopeB(x1, x2, out).value();
    return new Value(y, f.call(), this, d1, other, d2);
  }

  @Override
  public Value select(Value ifTrue, Value ifFalse) {
    Value taken = data != 0 ? ifTrue : ifFalse;
    return new Value(taken.data, "select", taken, 1, null, 0);
  }

  /** The number itself. */
  public double data() {
    return data;
  }

  /** How far the root of the last {@link #backward} moves when this number moves by 1. */
  public double grad() {
    return grad;
  }

  /** The name of the operation that made this number; empty for a leaf. */
  public String op() {
    return op;
  }

  /** The operands, with an edge's local derivative beside each. */
  public List<Edge> edges() {
    if (a == null) {
      return List.of();
    }
    return b == null ? List.of(new Edge(a, da)) : List.of(new Edge(a, da), new Edge(b, db));
  }

  /**
   * One operand of a result.
   *
   * @param operand the number that went in
   * @param local the derivative of the result with respect to it, all else fixed
   */
  public record Edge(Value operand, double local) {}

  /** Sets this number's gradient to 0. */
  public void zeroGrad() {
    grad = 0;
  }

  /**
   * Adds to every leaf's {@link #grad} the derivative of this number with respect to it.
   *
   * <p>For a node {@code v} with consumers {@code u}: {@code ∂y/∂v = Σᵤ ∂y/∂u · ∂u/∂v}. The
   * gradients of numbers in between are set anew by each call.
   */
  public void backward() {
    List<Value> order = topological();
    for (Value v : order) {
      if (v.a != null) {
        v.grad = 0;
      }
    }
    grad += 1;
    for (int i = order.size() - 1; i >= 0; i--) {
      Value v = order.get(i);
      if (v.a != null) {
        v.a.grad += v.da * v.grad;
      }
      if (v.b != null) {
        v.b.grad += v.db * v.grad;
      }
    }
  }

  /** Every number this one was made from, operands before results; this one last. */
  public List<Value> topological() {
    var order = new ArrayList<Value>();
    var seen = Collections.newSetFromMap(new IdentityHashMap<Value, Boolean>());
    var open = new ArrayDeque<Value>(); // on the path from this number down to the current one
    seen.add(this);
    open.push(this);
    while (!open.isEmpty()) { // not recursive: a long chain must not overflow the call stack
      Value v = open.peek();
      if (v.a != null && seen.add(v.a)) {
        open.push(v.a);
      } else if (v.b != null && seen.add(v.b)) {
        open.push(v.b);
      } else {
        order.add(open.pop());
      }
    }
    return order;
  }

  @Override
  public String toString() {
    return "Value(" + data + ", grad " + grad + ")";
  }
}
