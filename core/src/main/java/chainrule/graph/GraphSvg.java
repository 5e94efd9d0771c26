package chainrule.graph;

import chainrule.graph.LayoutItem.Wire;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes a view as a drawing: wires first, boxes behind them, nodes and labels on top. */
final class GraphSvg {
  private static final double LETTER = 7.3;
  private static final double SMALL_LETTER = 6.7;
  private static final double LINE = 14;
  private static final int TITLE_LENGTH = 34;

  private static final String STYLE =
      """
      svg { --paper: #ffffff; --ink: #1f2430; --soft: #5c6473; --line: #8b93a3; --op: #eaf1fd; \
      --op-line: #6f97d8; --par: #fff1d6; --par-line: #d99a2b; --con: #f1f2f4; --con-line: #a9afba; \
      --lay: #e4f4e7; --lay-line: #5fa570; --root: #b3478f; --box: #5c6473; --accent: #c2410c; }
      @media (prefers-color-scheme: dark) { svg { --paper: #15181e; --ink: #e8ebf0; --soft: #a3abba; \
      --line: #6d7687; --op: #1d2a40; --op-line: #5f8bd6; --par: #3a2d12; --par-line: #d9a441; \
      --con: #262a32; --con-line: #6d7687; --lay: #1b3322; --lay-line: #66b27a; --root: #e07bbf; \
      --box: #a3abba; --accent: #fb923c; } }
      svg { background: var(--paper); }
      text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; \
      fill: var(--ink); text-anchor: middle; }
      .name { font-weight: 600; } .shape { fill: var(--soft); font-weight: 400; }
      .small, .label text { font-size: 11px; fill: var(--soft); }
      .title { font-size: 12px; fill: var(--soft); text-anchor: start; font-weight: 600; }
      .wire { fill: none; stroke: var(--line); stroke-width: 1.3; }
      .end { marker-end: url(#arrow); } .arrow { fill: var(--line); }
      .edge:hover .wire { stroke: var(--accent); } .edge:hover text { fill: var(--accent); }
      .box { fill: var(--box); fill-opacity: .07; stroke: var(--box); stroke-opacity: .45; }
      .node rect { stroke-width: 1.3; fill: var(--op); stroke: var(--op-line); }
      .parameter rect { fill: var(--par); stroke: var(--par-line); }
      .constant rect { fill: var(--con); stroke: var(--con-line); }
      .layer rect { fill: var(--lay); stroke: var(--lay-line); }
      .root rect { stroke: var(--root); stroke-width: 2.2; }
      """;

  private final GraphData data;
  private final Appendable out;
  private final Map<String, StringBuilder> wires = new LinkedHashMap<>();
  private final Map<String, String> tips = new LinkedHashMap<>();
  private final StringBuilder boxes = new StringBuilder();
  private final StringBuilder titles = new StringBuilder();
  private final StringBuilder nodes = new StringBuilder();

  private GraphSvg(GraphData data, Appendable out) {
    this.data = data;
    this.out = out;
  }

  static void write(GraphData data, Appendable out) throws IOException {
    new GraphSvg(data, out).write();
  }

  static double labelWidth(String label) {
    return SMALL_LETTER * label.codePointCount(0, label.length()) + 6;
  }

  static double nodeWidth(GraphNode node) {
    String head = head(node) + shape(node);
    double width = LETTER * head.codePointCount(0, head.length());
    for (String line : GraphText.numbers(node)) {
      width = Math.max(width, SMALL_LETTER * line.codePointCount(0, line.length()));
    }
    return Math.max(34, width + 18);
  }

  static double nodeHeight(GraphNode node) {
    return 26 + LINE * GraphText.numbers(node).size();
  }

  private static String head(GraphNode node) {
    return GraphText.shorten(GraphText.title(node), TITLE_LENGTH);
  }

  private static String shape(GraphNode node) {
    String shape = GraphText.shape(node);
    return shape.isEmpty() ? "" : " " + shape;
  }

  private void write() throws IOException {
    LayoutBox root = GraphLayout.of(data);
    draw(root, 0, 0);
    String w = number(root.width());
    String h = number(root.height());
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" + w)
        .append("\" height=\"" + h + "\" viewBox=\"0 0 " + w + " " + h + "\">\n")
        .append("<title>A computation of " + data.operations() + " operations</title>\n")
        .append("<style>\n" + STYLE + "</style>\n")
        .append("<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\"")
        .append(" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\">")
        .append("<path class=\"arrow\" d=\"M0 0 L8 4 L0 8 z\"/></marker></defs>\n")
        .append(boxes);
    for (Map.Entry<String, StringBuilder> e : wires.entrySet()) {
      String tip = tips.get(e.getKey());
      out.append(tip == null ? "<g>" : "<g class=\"edge\"><title>" + tip + "</title>");
      out.append(e.getValue()).append("</g>\n");
    }
    out.append(titles).append(nodes).append("</svg>\n");
  }

  /** Boxes nest only as deep as layers do. */
  private void draw(LayoutBox box, double x, double y) {
    GraphGroup group = box.group();
    if (group != null) {
      boxes
          .append("<g><title>layer " + GraphText.xml(group.path()) + "</title>")
          .append("<rect class=\"box\" rx=\"8\"" + at(x, y))
          .append(size(box.width(), box.height()) + "/></g>\n");
      titles
          .append("<text class=\"title\"" + at(x + 10, y + 18) + ">")
          .append(GraphText.xml(group.name()) + "</text>\n");
    }
    for (int r = 0; r < box.rows().size(); r++) {
      double half = LayoutBox.half(box.rows().get(r));
      double next = r + 1 < box.rows().size() ? LayoutBox.half(box.rows().get(r + 1)) : 0;
      for (LayoutItem item : box.rows().get(r)) {
        item(item, box, x, y, half);
        for (Wire wire : item.down) {
          wire(wire, x, y, half, next);
        }
      }
    }
  }

  private void item(LayoutItem item, LayoutBox box, double x, double y, double half) {
    double left = x + item.x - item.width / 2;
    double top = y + item.y + item.drop - item.height / 2;
    GraphNode node = item.node;
    GraphEdge edge = item.edge;
    if (item.box != null) {
      draw(item.box, left, top);
    } else if (node != null) {
      node(node, left, top, item.width, item.height);
    } else if (edge != null) {
      owner(item.down.getFirst())
          .append("<text class=\"small\"" + at(x + item.x, y + item.y + 4) + ">")
          .append(GraphText.xml(GraphText.label(edge)) + "</text>");
    } else {
      switch (item.kind) {
        case IN -> {
          if (!item.down.isEmpty()) {
            line(owner(item.down.getFirst()), x + item.x, y, y + item.y + half);
          }
        }
        case OUT -> {
          if (!item.up.isEmpty()) {
            line(owner(item.up.getFirst()), x + item.x, y + item.y - half, y + box.height());
          }
        }
        case BEND -> {
          if (half > 0) {
            Wire w = item.down.isEmpty() ? item.up.getFirst() : item.down.getFirst();
            line(owner(w), x + item.x, y + item.y - half, y + item.y + half);
          }
        }
        default -> {}
      }
    }
  }

  private void line(StringBuilder into, double x, double from, double to) {
    into.append("<path class=\"wire\" d=\"M" + point(x, from) + " V" + number(to) + "\"/>");
  }

  /** From the lower end of an item, down to its row's end, across, and down to the next item. */
  private void wire(Wire wire, double x, double y, double half, double next) {
    LayoutItem a = wire.from();
    LayoutItem b = wire.to();
    double x1 = x + a.x + wire.fromOffset();
    double x2 = x + b.x + wire.toOffset();
    double start = y + a.y + a.drop + a.height / 2;
    double leave = y + a.y + half;
    double arrive = y + b.y - next;
    double end = y + b.y - b.height / 2;
    if (a.thin()) {
      start = leave;
    }
    if (b.thin()) {
      end = arrive;
    }
    double middle = (leave + arrive) / 2;
    StringBuilder path = owner(wire);
    path.append("<path class=\"wire" + (b.node != null ? " end" : "") + "\" d=\"M")
        .append(point(x1, start));
    if (leave > start) {
      path.append(" V" + number(leave));
    }
    path.append(" C" + point(x1, middle) + " " + point(x2, middle) + " " + point(x2, arrive));
    if (end > arrive) {
      path.append(" V" + number(end));
    }
    path.append("\"/>");
  }

  private StringBuilder owner(Wire wire) {
    GraphEdge edge = wire.edge();
    String key =
        edge == null ? "n" + wire.source() : edge.from() + " " + edge.to() + " " + edge.input();
    if (edge != null) {
      tips.putIfAbsent(key, GraphText.xml(GraphText.details(edge)));
    }
    return wires.computeIfAbsent(key, _ -> new StringBuilder());
  }

  private void node(GraphNode node, double x, double y, double w, double h) {
    String kind = node.kind().name().toLowerCase(Locale.ROOT);
    String root = node.id() == data.root().id() ? " root" : "";
    nodes
        .append("<g class=\"node " + kind + root + "\"><title>")
        .append(GraphText.xml(GraphText.details(node)) + "</title>")
        .append("<rect rx=\"" + (node.kind() == GraphNode.Kind.OPERATION ? 6 : 12) + "\"")
        .append(at(x, y) + size(w, h) + "/>")
        .append("<text class=\"name\"" + at(x + w / 2, y + 17) + ">" + GraphText.xml(head(node)));
    if (!shape(node).isEmpty()) {
      nodes.append("<tspan class=\"shape\">" + GraphText.xml(shape(node)) + "</tspan>");
    }
    nodes.append("</text>");
    double baseline = y + 17;
    for (String line : GraphText.numbers(node)) {
      baseline += LINE;
      nodes
          .append("<text class=\"small\"" + at(x + w / 2, baseline) + ">")
          .append(GraphText.xml(line) + "</text>");
    }
    nodes.append("</g>\n");
  }

  private static String at(double x, double y) {
    return " x=\"" + number(x) + "\" y=\"" + number(y) + "\"";
  }

  private static String size(double w, double h) {
    return " width=\"" + number(w) + "\" height=\"" + number(h) + "\"";
  }

  private static String point(double x, double y) {
    return number(x) + " " + number(y);
  }

  private static String number(double v) {
    double tenth = Math.rint(v * 10) / 10;
    return tenth == Math.rint(tenth) ? Long.toString((long) tenth) : Double.toString(tenth);
  }
}
