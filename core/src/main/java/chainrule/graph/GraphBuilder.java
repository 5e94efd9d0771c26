package chainrule.graph;

import chainrule.autograd.Checkpoint;
import chainrule.tensor.DType;
import chainrule.tensor.Elementwise;
import chainrule.tensor.LinearOp;
import chainrule.tensor.Node;
import chainrule.tensor.Op;
import chainrule.tensor.Parameter;
import chainrule.tensor.Shape;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a recorded computation into a view's nodes, edges and groups; never recursive. */
final class GraphBuilder {
  private static final int UNSEEN = -2;

  private final List<GraphNode> nodes = new ArrayList<>();
  private final List<GraphEdge> edges = new ArrayList<>();
  private final List<GraphGroup> groups = new ArrayList<>();
  private final Map<Node, Integer> numbers = new IdentityHashMap<>();
  private final Map<Tensor, Integer> constants = new IdentityHashMap<>();
  private final Map<Op, GraphFormulas> formulas = new HashMap<>();
  private final List<Integer> open = new ArrayList<>();
  private String path = "";

  private GraphBuilder() {}

  /** A view's content, and which number each recorded node has in it. */
  record Built(GraphData data, Map<Node, Integer> numbers) {}

  static Built build(Node root) {
    var builder = new GraphBuilder();
    Tape.listen(
        null,
        () ->
            Tape.noGrad(
                () -> {
                  builder.read(root);
                  return true;
                }));
    builder.settleLeaves();
    int operations = 0;
    for (GraphNode node : builder.nodes) {
      operations += node.kind() == GraphNode.Kind.OPERATION ? 1 : 0;
    }
    var data = new GraphData(builder.nodes, builder.edges, builder.groups, operations);
    return new Built(data, builder.numbers);
  }

  /** All nodes that {@code root} depends on, operands before results. */
  static List<Node> reachable(Node root) {
    var seen = new HashSet<Node>();
    var all = new ArrayList<Node>();
    var stack = new ArrayList<Node>();
    seen.add(root);
    stack.add(root);
    while (!stack.isEmpty()) {
      Node node = stack.removeLast();
      all.add(node);
      for (Node input : node.inputs()) {
        if (input != null && seen.add(input)) {
          stack.add(input);
        }
      }
    }
    all.sort(Comparator.comparingLong(Node::id));
    return all;
  }

  private void read(Node root) {
    if (root.op().isEmpty()) {
      leaf(root);
    }
    for (Node node : reachable(root)) {
      Op op = node.op().orElse(null);
      if (op != null) {
        operation(node, op);
      }
    }
  }

  private void operation(Node node, Op op) {
    int n = node.inputs().size();
    int[] from = new int[n];
    for (int i = 0; i < n; i++) {
      Node input = node.inputs().get(i);
      if (input == null) {
        from[i] = constant(node, op, i);
      } else {
        Integer known = numbers.get(input);
        from[i] = known != null ? known : leaf(input);
      }
    }
    int id = nodes.size();
    GraphFormulas text = formulas(node, op);
    @Nullable Tensor[] slopes =
        op instanceof Checkpoint ? new @Nullable Tensor[n] : LocalDerivative.of(node);
    for (int i = 0; i < n; i++) {
      boolean passes = node.inputs().get(i) != null;
      edges.add(
          new GraphEdge(
              from[i],
              id,
              i,
              text.operands().get(i),
              passes ? text.slopes().get(i) : "",
              slopes[i],
              1));
    }
    numbers.put(node, id);
    nodes.add(
        new GraphNode(
            id,
            GraphNode.Kind.OPERATION,
            op.name(),
            node.shape(),
            node.dtype(),
            text.value(),
            node.group(),
            group(node.group()),
            1,
            small(node.value().orElse(null)),
            null,
            node.source().orElse(null)));
  }

  private GraphFormulas formulas(Node node, Op op) {
    if (op instanceof Elementwise) {
      return formulas.computeIfAbsent(op, GraphFormulas::of);
    }
    Shape[] shapes = new Shape[node.inputs().size()];
    for (int i = 0; i < shapes.length; i++) {
      shapes[i] = node.inputShape(i);
    }
    return GraphFormulas.of(op, shapes);
  }

  private int leaf(Node node) {
    Parameter p = node.parameter().orElseThrow();
    int id = nodes.size();
    numbers.put(node, id);
    add(GraphNode.Kind.PARAMETER, p.name(), node.shape(), node.dtype(), p);
    return id;
  }

  private int constant(Node consumer, Op op, int i) {
    Tensor kept = consumer.input(i).orElse(null);
    if (kept != null) {
      Integer known = constants.putIfAbsent(kept, nodes.size());
      if (known != null) {
        return known;
      }
    }
    int id = nodes.size();
    DType dtype =
        kept != null
            ? kept.dtype()
            : op instanceof LinearOp.Cast cast ? cast.from() : consumer.dtype();
    String name = kept instanceof Parameter p ? p.name() : "";
    add(GraphNode.Kind.CONSTANT, name, consumer.inputShape(i), dtype, kept);
    return id;
  }

  private void add(
      GraphNode.Kind kind, String name, Shape shape, DType dtype, @Nullable Tensor value) {
    nodes.add(
        new GraphNode(
            nodes.size(), kind, name, shape, dtype, "", "", UNSEEN, 1, small(value), null, null));
  }

  private static @Nullable Tensor small(@Nullable Tensor value) {
    if (value == null || value.size() > Node.SMALL) {
      return null;
    }
    return value instanceof Parameter p ? p.value() : value.detach();
  }

  /** The number of the group with this path that is open, opening and closing as layers do. */
  private int group(String layer) {
    if (layer.equals(path)) {
      return open.isEmpty() ? -1 : open.getLast();
    }
    String[] words = layer.isEmpty() ? new String[0] : layer.split("\\.", -1);
    String[] before = path.isEmpty() ? new String[0] : path.split("\\.", -1);
    int common = 0;
    while (common < words.length
        && common < before.length
        && words[common].equals(before[common])) {
      common++;
    }
    while (open.size() > common) {
      open.removeLast();
    }
    for (int i = common; i < words.length; i++) {
      int parent = open.isEmpty() ? -1 : open.getLast();
      String full = parent < 0 ? words[i] : groups.get(parent).path() + "." + words[i];
      open.add(groups.size());
      groups.add(new GraphGroup(groups.size(), full, parent));
    }
    path = layer;
    return open.isEmpty() ? -1 : open.getLast();
  }

  /** Leaves belong to the innermost group that holds all who read them. */
  private void settleLeaves() {
    int[] depth = new int[groups.size()];
    for (GraphGroup g : groups) {
      depth[g.id()] = g.parent() < 0 ? 0 : depth[g.parent()] + 1;
    }
    int[] home = new int[nodes.size()];
    for (GraphNode node : nodes) {
      home[node.id()] = node.group();
    }
    for (GraphEdge e : edges) {
      if (nodes.get(e.from()).kind() != GraphNode.Kind.OPERATION) {
        int to = home[e.to()];
        home[e.from()] = home[e.from()] == UNSEEN ? to : common(home[e.from()], to, depth);
      }
    }
    for (int i = 0; i < home.length; i++) {
      GraphNode node = nodes.get(i);
      if (node.kind() != GraphNode.Kind.OPERATION) {
        int g = Math.max(home[i], -1);
        nodes.set(
            i,
            new GraphNode(
                node.id(),
                node.kind(),
                node.name(),
                node.shape(),
                node.dtype(),
                "",
                g < 0 ? "" : groups.get(g).path(),
                g,
                1,
                node.value(),
                null,
                null));
      }
    }
  }

  private int common(int a, int b, int[] depth) {
    int i = a;
    int j = b;
    while (i != j && i >= 0 && j >= 0) {
      if (depth[i] >= depth[j]) {
        i = groups.get(i).parent();
      } else {
        j = groups.get(j).parent();
      }
    }
    return i == j ? i : -1;
  }

  /** A tensor's node, for one that has been recorded. */
  static Node node(Tensor tensor) {
    return Objects.requireNonNull(tensor.node());
  }
}
