package chainrule.graph;

import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;

/** Writes a view as JSON, a node or edge a line; numbers that JSON lacks are strings. */
final class GraphJson {
  private final Appendable out;

  private GraphJson(Appendable out) {
    this.out = out;
  }

  static void write(GraphData data, Appendable out) throws IOException {
    var json = new GraphJson(out);
    out.append("{\n\"root\": ").append(Integer.toString(data.root().id()));
    out.append(",\n\"nodes\": [");
    for (Iterator<GraphNode> i = data.nodes().iterator(); i.hasNext(); ) {
      out.append('\n');
      json.node(i.next());
      out.append(i.hasNext() ? "," : "");
    }
    out.append("],\n\"edges\": [");
    for (Iterator<GraphEdge> i = data.edges().iterator(); i.hasNext(); ) {
      out.append('\n');
      json.edge(i.next());
      out.append(i.hasNext() ? "," : "");
    }
    out.append("],\n\"groups\": [");
    for (Iterator<GraphGroup> i = data.groups().iterator(); i.hasNext(); ) {
      out.append('\n');
      json.group(i.next());
      out.append(i.hasNext() ? "," : "");
    }
    out.append("]\n}\n");
  }

  private void node(GraphNode node) throws IOException {
    out.append("{\"id\": ").append(Integer.toString(node.id()));
    text("kind", node.kind().name().toLowerCase(Locale.ROOT));
    text("name", node.name());
    out.append(", \"shape\": [");
    int[] dims = node.shape().toArray();
    for (int i = 0; i < dims.length; i++) {
      out.append(i == 0 ? "" : ", ").append(Integer.toString(dims[i]));
    }
    out.append("]");
    text("dtype", node.dtype().name());
    if (!node.formula().isEmpty()) {
      text("formula", node.formula());
    }
    if (node.group() >= 0) {
      number("group", node.group());
      text("layer", node.layer());
    }
    if (node.size() > 1) {
      number("size", node.size());
    }
    Tensor value = node.value();
    if (value != null) {
      tensor("value", value);
    }
    Tensor gradient = node.gradient();
    if (gradient != null) {
      tensor("gradient", gradient);
    }
    if (node.source() != null) {
      text("source", GraphText.line(node.source()));
    }
    out.append('}');
  }

  private void edge(GraphEdge edge) throws IOException {
    out.append("{\"from\": ").append(Integer.toString(edge.from()));
    number("to", edge.to());
    if (edge.input() >= 0) {
      number("input", edge.input());
      text("operand", edge.operand());
    }
    if (!edge.formula().isEmpty()) {
      text("formula", edge.formula());
    }
    Tensor derivative = edge.derivative();
    if (derivative != null) {
      tensor("derivative", derivative);
    }
    if (edge.count() > 1) {
      number("count", edge.count());
    }
    out.append('}');
  }

  private void group(GraphGroup group) throws IOException {
    out.append("{\"id\": ").append(Integer.toString(group.id()));
    text("path", group.path());
    if (group.parent() >= 0) {
      number("parent", group.parent());
    }
    out.append('}');
  }

  private void number(String key, int value) throws IOException {
    out.append(", \"").append(key).append("\": ").append(Integer.toString(value));
  }

  private void text(String key, String value) throws IOException {
    out.append(", \"").append(key).append("\": \"");
    escape(value);
    out.append('"');
  }

  private void tensor(String key, Tensor t) throws IOException {
    out.append(", \"").append(key).append("\": ");
    double[] values = t.toDoubleArray();
    if (t.rank() == 0) {
      value(t.dtype(), values[0]);
      return;
    }
    out.append('[');
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ", ");
      value(t.dtype(), values[i]);
    }
    out.append(']');
  }

  private void value(DType dtype, double v) throws IOException {
    if (Double.isNaN(v) || Double.isInfinite(v)) {
      out.append('"').append(Double.toString(v)).append('"');
    } else {
      out.append(
          switch (dtype) {
            case F32 -> Float.toString((float) v);
            case F64 -> Double.toString(v);
            case I32 -> Integer.toString((int) v);
          });
    }
  }

  private void escape(String s) throws IOException {
    if (plain(s)) {
      out.append(s);
      return;
    }
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c)) {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
  }

  private static boolean plain(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }
}
