package chainrule.graph;

import chainrule.tensor.GraphException;
import chainrule.tensor.Node;
import chainrule.tensor.OpListener;
import chainrule.tensor.Parameter;
import chainrule.tensor.Sweep;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A recorded computation to look at: nodes, edges and layers as nested groups, read-only.
 *
 * <p>Each operation shows its formula, each edge the local derivative that the chain rule
 * multiplies by, and small tensors show their values and, on request, their gradients. Nothing here
 * changes the computation or any {@link Parameter#grad}.
 *
 * <pre>{@code
 * GraphView view = GraphView.of(loss).withGradients();
 * view.writeSvg(Path.of("loss.svg"));
 * view.fold("encoder").toDot();
 * view.explain(w);   // formula, numbers, and the share of every path in the gradient
 * }</pre>
 *
 * <p>Parameters show their present values. Where a parameter has been changed since the forward
 * pass, local derivatives that would have read it are left out.
 */
public final class GraphView {
  /** A drawing of more nodes than this is folded until it fits, or refused. */
  public static final int DRAWABLE = 2000;

  private final Tensor root;
  private final Map<Node, Integer> numbers;
  private final GraphData data;

  private GraphView(Tensor root, Map<Node, Integer> numbers, GraphData data) {
    this.root = root;
    this.numbers = numbers;
    this.data = data;
  }

  /**
   * A view of everything that {@code root} was computed from.
   *
   * @throws GraphException if nothing was recorded for it
   */
  public static GraphView of(Tensor root) {
    Node node = root.node();
    if (node == null) {
      throw new GraphException(
          "nothing to show: this tensor of shape "
              + root.shape()
              + " does not depend on any tensor with requiresGrad(), or was made inside noGrad or"
              + " detached");
    }
    GraphBuilder.Built built = GraphBuilder.build(node);
    return new GraphView(root, built.numbers(), built.data());
  }

  /** The nodes, operands before results; the last is the root. */
  public List<GraphNode> nodes() {
    return Collections.unmodifiableList(data.nodes());
  }

  /** The edges, in the order of the operations that they lead to. */
  public List<GraphEdge> edges() {
    return Collections.unmodifiableList(data.edges());
  }

  /** The layers' runs, parents before children. */
  public List<GraphGroup> groups() {
    return Collections.unmodifiableList(data.groups());
  }

  /** The node of the result. */
  public GraphNode root() {
    return data.root();
  }

  /** How many operations were recorded, folded or not. */
  public int operations() {
    return data.operations();
  }

  /**
   * The same view with the gradient of the root, a single number, at every small node.
   *
   * @throws GraphException if the root has more than one element, or a parameter whose value is
   *     needed has been changed since the forward pass
   */
  public GraphView withGradients() {
    return gradients(null);
  }

  /** As {@link #withGradients()}, of {@code Σ seed·root}. */
  public GraphView withGradients(Tensor seed) {
    return gradients(seed);
  }

  /** Hears of every gradient that arrives at an operation of the view. */
  private final class Arrivals implements OpListener {
    private final Map<Integer, Tensor> small = new HashMap<>();

    @Override
    public void backward(Node node, Tensor g, @Nullable Tensor[] gradients) {
      Integer number = numbers.get(node);
      if (number != null && g.size() <= Node.SMALL) {
        small.put(number, g);
      }
    }
  }

  private GraphView gradients(@Nullable Tensor seed) {
    var leaves = new ArrayList<Parameter>();
    for (Node node : numbers.keySet()) {
      node.parameter().filter(Parameter::trainable).ifPresent(leaves::add);
    }
    var arrivals = new Arrivals();
    List<@Nullable Tensor> found =
        Tape.listen(arrivals, () -> Sweep.gradients(root, seed, leaves, false));
    for (int i = 0; i < leaves.size(); i++) {
      Integer number = numbers.get(GraphBuilder.node(leaves.get(i)));
      Tensor g = found.get(i);
      if (number != null && g != null && g.size() <= Node.SMALL) {
        arrivals.small.put(number, g);
      }
    }
    var nodes = new ArrayList<GraphNode>(data.nodes().size());
    for (GraphNode node : data.nodes()) {
      nodes.add(node.gradient(arrivals.small.get(node.id())));
    }
    return view(new GraphData(nodes, data.edges(), data.groups(), data.operations()));
  }

  private GraphView view(GraphData other) {
    return new GraphView(root, numbers, other);
  }

  /**
   * The same view with a layer as a single node, every run of it.
   *
   * @throws GraphException if no layer has this path; the message lists those there are
   */
  public GraphView fold(String path) {
    var chosen = new HashMap<Integer, String>();
    var paths = new TreeSet<String>();
    for (GraphGroup g : data.groups()) {
      paths.add(g.path());
      if (g.path().equals(path)) {
        chosen.put(g.id(), "");
      }
    }
    if (chosen.isEmpty()) {
      var some = new ArrayList<>(paths);
      throw new GraphException(
          "there is no layer "
              + path
              + " to fold; "
              + (some.isEmpty()
                  ? "no operation ran inside Tape.layer"
                  : "the layers are "
                      + String.join(", ", some.subList(0, Math.min(20, some.size())))
                      + (some.size() > 20 ? ", …" : "")));
    }
    return view(GraphFold.fold(data, chosen));
  }

  /** The same view with every layer that does the same as an earlier one beside it as one node. */
  public GraphView foldRepeated() {
    return view(GraphFold.fold(data, GraphFold.repeated(data)));
  }

  /** The same view with at most {@code depth} levels of layers open; 0 folds all. */
  public GraphView foldBelow(int depth) {
    return view(GraphFold.fold(data, GraphFold.below(data, depth)));
  }

  /** The view in the language of Graphviz. */
  public String toDot() {
    return text(out -> GraphDot.write(data, out));
  }

  /**
   * The view as a JSON object of {@code root}, {@code nodes}, {@code edges} and {@code groups}.
   * Values are numbers for scalars and row-major arrays otherwise; NaN and infinities are strings.
   */
  public String toJson() {
    return text(out -> GraphJson.write(data, out));
  }

  /**
   * The view as a drawing: a self-contained SVG without scripts, in the reader's light or dark
   * colours, with everything known of a node in its tooltip. A view of more than {@value #DRAWABLE}
   * nodes has its inner layers folded until it fits.
   *
   * @throws GraphException if it does not fit even with every layer folded
   */
  public String toSvg() {
    return text(out -> GraphSvg.write(drawable(), out));
  }

  private GraphData drawable() {
    GraphData drawn = data;
    for (int depth = GraphFold.depth(data) - 1; tooMany(drawn) && depth >= 0; depth--) {
      drawn = GraphFold.fold(data, GraphFold.below(data, depth));
    }
    if (tooMany(drawn)) {
      throw new GraphException(
          "a drawing of "
              + drawn.nodes().size()
              + " nodes would not be readable (the limit is "
              + DRAWABLE
              + "): write DOT or JSON instead, or run parts of the computation inside Tape.layer,"
              + " which can be folded");
    }
    return drawn;
  }

  private static boolean tooMany(GraphData data) {
    return data.nodes().size() > DRAWABLE;
  }

  /** Writes {@link #toDot} to a file, whole or not at all. */
  public void writeDot(Path file) throws IOException {
    GraphFiles.write(file, out -> GraphDot.write(data, out));
  }

  /** Writes {@link #toJson} to a file, whole or not at all. */
  public void writeJson(Path file) throws IOException {
    GraphFiles.write(file, out -> GraphJson.write(data, out));
  }

  /** Writes {@link #toSvg} to a file, whole or not at all. */
  public void writeSvg(Path file) throws IOException {
    GraphData drawn = drawable();
    GraphFiles.write(file, out -> GraphSvg.write(drawn, out));
  }

  private static String text(GraphFiles.Content content) {
    var out = new StringBuilder();
    try {
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  /**
   * Why the gradient of the root with respect to {@code leaf} is what it is: the sum over all paths
   * between them of the product of the local derivatives along each.
   *
   * @param leaf a tracked single number on which the root, a single number, depends
   * @throws GraphException if either, or anything between them, has more than one element; or the
   *     root does not depend on {@code leaf}; or a parameter whose value is needed has been changed
   */
  public Explanation explain(Tensor leaf) {
    return GraphPaths.explain(root, leaf);
  }

  /** The number of nodes and edges. */
  @Override
  public String toString() {
    return data.nodes().size() + " nodes, " + data.edges().size() + " edges";
  }
}
