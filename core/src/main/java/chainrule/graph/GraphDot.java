package chainrule.graph;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes a view in the language of Graphviz, groups as nested clusters. */
final class GraphDot {
  private final GraphData data;
  private final Appendable out;

  private GraphDot(GraphData data, Appendable out) {
    this.data = data;
    this.out = out;
  }

  static void write(GraphData data, Appendable out) throws IOException {
    new GraphDot(data, out).write();
  }

  private void write() throws IOException {
    out.append("digraph computation {\n");
    out.append("  node [shape=box, style=\"rounded,filled\", fontname=\"sans-serif\"];\n");
    out.append("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    List<List<GraphNode>> members = new ArrayList<>();
    for (int i = 0; i <= data.groups().size(); i++) {
      members.add(new ArrayList<>());
    }
    for (GraphNode node : data.nodes()) {
      members.get(node.group() + 1).add(node);
    }
    nodes(members.getFirst(), "  ");
    clusters(members);
    for (GraphEdge edge : data.edges()) {
      out.append("  n" + edge.from() + " -> n" + edge.to());
      String label = GraphText.label(edge);
      if (!label.isEmpty()) {
        out.append(" [label=\"" + GraphText.dot(label) + "\"]");
      }
      out.append(";\n");
    }
    out.append("}\n");
  }

  /** Groups come parents first, and a group's descendants right behind it. */
  private void clusters(List<List<GraphNode>> members) throws IOException {
    var open = new ArrayList<Integer>();
    for (GraphGroup group : data.groups()) {
      close(open, group.parent());
      String indent = "  ".repeat(open.size() + 1);
      out.append(indent).append("subgraph cluster_" + group.id() + " {\n");
      out.append(indent).append("  label=\"" + GraphText.dot(group.name()) + "\";\n");
      open.add(group.id());
      nodes(members.get(group.id() + 1), indent + "  ");
    }
    close(open, -1);
  }

  private void close(List<Integer> open, int until) throws IOException {
    while (!open.isEmpty() && open.getLast() != until) {
      open.removeLast();
      out.append("  ".repeat(open.size() + 1)).append("}\n");
    }
  }

  private void nodes(List<GraphNode> nodes, String indent) throws IOException {
    for (GraphNode node : nodes) {
      String label = GraphText.title(node);
      String shape = GraphText.shape(node);
      label += shape.isEmpty() ? "" : " " + shape;
      for (String line : GraphText.numbers(node)) {
        label += "\n" + line;
      }
      String colour =
          switch (node.kind()) {
            case PARAMETER -> "#ffe0a3";
            case CONSTANT -> "#e8e8e8";
            case OPERATION -> "#cfe3ff";
            case LAYER -> "#d9f0dc";
          };
      out.append(indent)
          .append("n" + node.id() + " [label=\"" + GraphText.dot(label) + "\"")
          .append(", fillcolor=\"" + colour + "\"")
          .append(", tooltip=\"" + GraphText.dot(GraphText.details(node)) + "\"];\n");
    }
  }
}
