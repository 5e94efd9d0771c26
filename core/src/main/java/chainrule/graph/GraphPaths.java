package chainrule.graph;

import chainrule.autograd.Autograd;
import chainrule.graph.Explanation.Path;
import chainrule.graph.Explanation.Step;
import chainrule.tensor.Elementwise;
import chainrule.tensor.GraphException;
import chainrule.tensor.Node;
import chainrule.tensor.Op;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Finds the paths from a leaf to the root by falling size of their products: a best-first search
 * from the root, guided by the exact size of the best continuation, which one forward pass has
 * found.
 */
final class GraphPaths {
  private static final int MOST_STEPS = 2_000_000;

  private final List<Node> nodes;
  private final Map<Node, Integer> place = new IdentityHashMap<>();
  private final Map<Op, GraphFormulas> formulas = new HashMap<>();
  private final double[][] slopes;
  private final double[] count;
  private final double[] best;
  private final int leaf;

  private GraphPaths(Node root, Node leaf) {
    this.nodes = GraphBuilder.reachable(root);
    for (int i = 0; i < nodes.size(); i++) {
      place.put(nodes.get(i), i);
    }
    Integer found = place.get(leaf);
    if (found == null) {
      throw new GraphException("the result does not depend on " + name(leaf));
    }
    this.leaf = found;
    this.slopes = new double[nodes.size()][];
    this.count = new double[nodes.size()];
    this.best = new double[nodes.size()];
  }

  static Explanation explain(Tensor root, Tensor leaf) {
    Node top = root.node();
    Node bottom = leaf.node();
    if (top == null || bottom == null) {
      throw new GraphException(
          "explain wants two recorded tensors; the "
              + (top == null ? "result" : "leaf")
              + " of shape "
              + (top == null ? root : leaf).shape()
              + " is a constant");
    }
    var paths = new GraphPaths(top, bottom);
    Tape.listen(
        null,
        () ->
            Tape.noGrad(
                () -> {
                  paths.forward();
                  return true;
                }));
    double gradient = Tape.listen(null, () -> Autograd.grad(root, leaf)).toDoubleArray()[0];
    return paths.explain(root, leaf, gradient);
  }

  private static String name(Node node) {
    return node.op().isEmpty() && node.name().isEmpty()
        ? "the leaf of shape " + node.shape()
        : node.toString();
  }

  /** Local derivatives, numbers of paths and largest products, from the leaf up. */
  private void forward() {
    count[leaf] = 1;
    best[leaf] = 1;
    single(nodes.get(leaf), nodes.get(leaf).shape());
    for (int i = leaf + 1; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      List<@Nullable Node> inputs = node.inputs();
      double[] slope = null;
      for (int k = 0; k < inputs.size(); k++) {
        int from = at(inputs.get(k));
        if (from < 0 || count[from] == 0) {
          continue;
        }
        if (slope == null) {
          single(node, node.shape());
          slope = slopes(node);
        }
        count[i] += count[from];
        best[i] = Math.max(best[i], Math.abs(slope[k]) * best[from]);
      }
      if (slope != null) {
        slopes[i] = slope;
      }
    }
  }

  private int at(@Nullable Node node) {
    Integer i = node == null ? null : place.get(node);
    return i == null ? -1 : i;
  }

  private static void single(Node node, Shape shape) {
    if (shape.size() != 1) {
      throw new GraphException(
          "explain follows single numbers, and "
              + name(node)
              + " has "
              + shape.size()
              + " elements; pick one first, or look at its gradient with withGradients()");
    }
  }

  private static double[] slopes(Node node) {
    if (!node.current()) {
      throw new GraphException(
          "explain needs the values of the forward pass, and a parameter that "
              + name(node)
              + " read has been changed since; run forward again");
    }
    @Nullable Tensor[] local = LocalDerivative.of(node);
    double[] out = new double[local.length];
    for (int k = 0; k < out.length; k++) {
      Tensor d = local[k];
      if (d == null && node.inputs().get(k) != null) {
        single(node, node.inputShape(k));
      }
      out[k] = d == null ? 0 : d.toDoubleArray()[0];
    }
    return out;
  }

  /** A path under construction: from {@code node} on to the root. */
  private record Tail(int node, int input, double product, double size, @Nullable Tail next) {}

  private Explanation explain(Tensor root, Tensor leafTensor, double gradient) {
    int top = nodes.size() - 1;
    int limit = count[top] <= Explanation.MOST ? Explanation.MOST : Explanation.LARGEST;
    var queue = new PriorityQueue<Tail>((a, b) -> Double.compare(b.size, a.size));
    queue.add(new Tail(top, -1, 1, best[top], null));
    var paths = new ArrayList<Path>();
    double sum = 0;
    int made = 0;
    while (!queue.isEmpty() && paths.size() < limit && made < MOST_STEPS) {
      Tail tail = queue.remove();
      if (tail.node == leaf) {
        paths.add(path(tail));
        sum += tail.product;
        continue;
      }
      List<@Nullable Node> inputs = nodes.get(tail.node).inputs();
      for (int k = 0; k < inputs.size(); k++) {
        int from = at(inputs.get(k));
        if (from >= 0 && count[from] > 0) {
          double product = tail.product * slopes[tail.node][k];
          queue.add(new Tail(from, k, product, Math.abs(product) * best[from], tail));
          made++;
        }
      }
    }
    boolean complete = paths.size() == count[top];
    return new Explanation(
        nodes.get(leaf).name().isEmpty() ? "x" : nodes.get(leaf).name(),
        GraphExpression.of(nodes),
        leafTensor.toDoubleArray()[0],
        root.toDoubleArray()[0],
        gradient,
        count[top],
        List.copyOf(paths),
        complete ? 0 : gradient - sum);
  }

  private Path path(Tail start) {
    var steps = new ArrayList<Step>();
    for (Tail tail = start; tail.next != null; tail = tail.next) {
      Node node = nodes.get(tail.next.node);
      steps.add(
          new Step(
              node.name(),
              node.group(),
              formula(node, tail.input),
              slopes[tail.next.node][tail.input],
              node.id()));
    }
    return new Path(List.copyOf(steps), start.product);
  }

  private String formula(Node node, int input) {
    Op op = node.op().orElse(null);
    if (op instanceof Elementwise) {
      return formulas.computeIfAbsent(op, GraphFormulas::of).slopes().get(input);
    }
    Shape[] shapes = new Shape[node.inputs().size()];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = node.inputShape(i);
    }
    return op == null ? "" : GraphFormulas.of(op, shapes).slopes().get(input);
  }
}
