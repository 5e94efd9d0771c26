package chainrule.graph;

import chainrule.math.Numbers;
import chainrule.tensor.DType;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and escapes for pictures of a graph. */
final class GraphText {
  private static final int SHOWN = 4;

  private GraphText() {}

  /** A small tensor to four digits: a number, or the first few in brackets. */
  static String brief(Tensor t) {
    if (t.size() == 1) {
      return Numbers.brief(t.toDoubleArray()[0]);
    }
    var out = new StringBuilder("[");
    double[] values = t.toDoubleArray();
    for (int i = 0; i < Math.min(values.length, SHOWN); i++) {
      out.append(i == 0 ? "" : ", ").append(Numbers.brief(values[i]));
    }
    return out.append(values.length > SHOWN ? ", …]" : "]").toString();
  }

  /** Every element of a small tensor in full. */
  static String exact(Tensor t) {
    double[] values = t.toDoubleArray();
    if (values.length == 1) {
      return number(t.dtype(), values[0]);
    }
    var out = new StringBuilder("[");
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : ", ").append(number(t.dtype(), values[i]));
    }
    return out.append(']').toString();
  }

  private static String number(DType dtype, double v) {
    return dtype == DType.F32 ? Numbers.exact((float) v) : Numbers.exact(v);
  }

  /** What a node is called in a picture. */
  static String title(GraphNode node) {
    if (!node.name().isEmpty()) {
      return node.name();
    }
    Tensor value = node.value();
    return switch (node.kind()) {
      case PARAMETER -> "parameter";
      case CONSTANT -> value != null && value.size() == 1 ? brief(value) : "constant";
      default -> "";
    };
  }

  /** The result's shape, unless it is a single number's or the title ends with it. */
  static String shape(GraphNode node) {
    String shape = node.shape().toString();
    return node.shape().rank() == 0 || title(node).endsWith(" " + shape) ? "" : shape;
  }

  /** Value and gradient as far as known, on one line for single numbers; what a layer holds. */
  static List<String> numbers(GraphNode node) {
    Tensor value = node.value();
    Tensor gradient = node.gradient();
    if (node.kind() == GraphNode.Kind.CONSTANT
        && node.name().isEmpty()
        && value != null
        && value.size() == 1) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    if (node.kind() == GraphNode.Kind.LAYER) {
      lines.add(shorten(node.formula(), 48));
    }
    if (value != null) {
      lines.add("data " + brief(value));
    }
    if (gradient != null) {
      lines.add("grad " + brief(gradient));
    }
    if (value != null && gradient != null && value.size() == 1) {
      lines.addLast(String.join(" | ", lines.remove(lines.size() - 2), lines.removeLast()));
    }
    return lines;
  }

  /** What an edge is labelled with: the number if there is just one, or else the formula. */
  static String label(GraphEdge edge) {
    Tensor d = edge.derivative();
    if (d != null && d.size() == 1) {
      return brief(d);
    }
    return shorten(edge.formula(), 22);
  }

  static String shorten(String s, int length) {
    return s.length() <= length ? s : s.substring(0, length - 1).stripTrailing() + "…";
  }

  static String line(@Nullable StackTraceElement source) {
    return source == null ? "" : source.getFileName() + ":" + source.getLineNumber();
  }

  /** Everything known of a node, a line each. */
  static String details(GraphNode node) {
    var out = new StringBuilder();
    String title = title(node);
    out.append(node.kind().name().toLowerCase(Locale.ROOT));
    if (!title.isEmpty() && !title.equals("parameter") && !title.equals("constant")) {
      out.append(' ').append(title);
    }
    out.append('\n').append(node.dtype()).append(' ').append(node.shape());
    line(out, "", node.formula());
    line(out, "data ", node.value() == null ? "" : exact(node.value()));
    line(out, "grad ", node.gradient() == null ? "" : exact(node.gradient()));
    line(out, "layer ", node.layer());
    line(out, "at ", line(node.source()));
    return out.toString();
  }

  /** Everything known of an edge. */
  static String details(GraphEdge edge) {
    if (edge.formula().isEmpty()) {
      return edge.count() > 1 ? edge.count() + " edges" : "no gradient passes";
    }
    boolean matrix = edge.formula().indexOf('G') >= 0;
    Tensor d = edge.derivative();
    return (matrix ? "gradient for " + edge.operand() : "∂y/∂" + edge.operand())
        + " = "
        + edge.formula()
        + (d == null ? "" : " = " + exact(d));
  }

  private static void line(StringBuilder out, String word, String text) {
    if (!text.isEmpty()) {
      out.append('\n').append(word).append(text);
    }
  }

  /** Text for XML content and attributes; characters that XML forbids become U+FFFD. */
  static String xml(String s) {
    var out = new StringBuilder(s.length() + 8);
    s.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\n' -> out.append("&#10;");
                default -> out.appendCodePoint(allowed(c) ? c : 0xFFFD);
              }
            });
    return out.toString();
  }

  private static boolean allowed(int c) {
    return c >= 0x20 && c < 0xD800 || c == '\t' || c >= 0xE000 && c < 0xFFFE || c > 0xFFFF;
  }

  /** Text for a quoted string of DOT. */
  static String dot(String s) {
    return s.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", " ");
  }
}
