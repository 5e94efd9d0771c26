package chainrule.examples;

import static java.util.Locale.ROOT;

import chainrule.scalar.Value;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * {@code 02-scalar-graph}: a neuron as a graph of single numbers, every node with its value and its
 * gradient, and why the backward pass goes through the nodes in topological order.
 */
public final class E02ScalarGraph {
  private E02ScalarGraph() {}

  /** Prints two graphs node by node. */
  public static void main(String[] args) {
    Value x1 = Value.of(2);
    Value x2 = Value.of(0);
    Value w1 = Value.of(-3);
    Value w2 = Value.of(1);
    Value bias = Value.of(6.881373587019543);
    Value out = x1.mul(w1).add(x2.mul(w2)).add(bias).tanh();

    out.backward();
    System.out.println("a neuron: tanh(x1·w1 + x2·w2 + b)");
    print(out, List.of(x1, x2, w1, w2, bias), List.of("x1", "x2", "w1", "w2", "b"));

    // A number that is used twice gets a gradient from each use: they add up.
    Value a = Value.of(-2);
    Value b = Value.of(3);
    Value d = a.mul(b);
    Value e = a.add(b);
    Value f = d.mul(e);

    f.backward();
    System.out.println();
    System.out.println("shared inputs: f = d·e, d = a·b, e = a + b");
    print(f, List.of(a, b, d, e, f), List.of("a", "b", "d", "e", "f"));
    System.out.println("  by way of d: df/dd · dd/da = " + d.grad() + " · " + b.data());
    System.out.println("  by way of e: df/de · de/da = " + e.grad() + " · 1.0");
    System.out.println("  together:    df/da         = " + a.grad());

    // x + x = y, y + y = z. Backward visits z, then y, then x: a node passes its gradient on once,
    // after all of its consumers. Visiting y for each of its two uses would count the first twice.
    Value x = Value.of(1);
    Value y = x.add(x);
    Value z = y.add(y);
    z.backward();
    System.out.println();
    System.out.println("why topological order: y = x + x, z = y + y, so z = 4x");
    System.out.println("  all of y's gradient first, then on to x: dz/dx = " + x.grad());
    System.out.println("  passing on at every arrival instead: 2·1 + 2·2 = 6.0, which is wrong");
  }

  private static void print(Value root, List<Value> named, List<String> names) {
    IdentityHashMap<Value, String> name = new IdentityHashMap<>();
    for (int i = 0; i < named.size(); i++) {
      name.put(named.get(i), names.get(i));
    }
    System.out.println("  node   value      gradient   made by");
    for (Value v : root.topological()) {
      StringBuilder made = new StringBuilder(v.edges().isEmpty() ? "given" : v.op());
      name.putIfAbsent(v, "n" + (name.size() - named.size() + 1));
      v.edges().forEach(edge -> made.append(' ').append(name.get(edge.operand())));
      System.out.printf(ROOT, "  %-4s %9.4f %12.4f    %s%n", name.get(v), v.data(), v.grad(), made);
    }
  }
}
