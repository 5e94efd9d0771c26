package chainrule.graph;

import chainrule.graph.LayoutItem.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds the boxes of a drawing from a view, and lays them out from the inside. */
final class GraphLayout {
  private final GraphData data;
  private final List<LayoutBox> boxes = new ArrayList<>();
  private final Map<LayoutBox, LayoutItem> placeholders = new HashMap<>();
  private final Map<Integer, LayoutItem> items = new HashMap<>();
  private final Map<Integer, Integer> groupOf = new HashMap<>();

  private GraphLayout(GraphData data) {
    this.data = data;
  }

  static LayoutBox of(GraphData data) {
    return new GraphLayout(data).run();
  }

  private LayoutBox run() {
    boxes.add(new LayoutBox(null));
    for (GraphGroup g : data.groups()) {
      var box = new LayoutBox(g);
      boxes.add(box);
      placeholders.put(box, LayoutItem.of(Kind.BOX, 0, 0));
    }
    for (GraphNode node : data.nodes()) {
      LayoutItem item =
          new LayoutItem(
              Kind.NODE, GraphSvg.nodeWidth(node), GraphSvg.nodeHeight(node), node, null, null);
      items.put(node.id(), item);
      groupOf.put(node.id(), node.group());
      boxes.get(node.group() + 1).add(item);
    }
    for (GraphGroup g : data.groups()) {
      boxes.get(g.parent() + 1).add(placeholder(g.id()));
    }
    for (GraphEdge edge : data.edges()) {
      connect(edge);
    }
    for (int i = boxes.size() - 1; i > 0; i--) {
      LayoutBox box = boxes.get(i);
      LayoutItem finished = box.layout();
      boxes.get(data.groups().get(i - 1).parent() + 1).replace(placeholder(i - 1), finished);
    }
    boxes.getFirst().layout();
    return boxes.getFirst();
  }

  private LayoutItem placeholder(int group) {
    return placeholders.getOrDefault(boxes.get(group + 1), LayoutItem.of(Kind.BOX, 0, 0));
  }

  private LayoutItem item(int node) {
    return items.getOrDefault(node, LayoutItem.of(Kind.NODE, 0, 0));
  }

  /** Leads an edge out of the boxes around its source and into those around its target. */
  private void connect(GraphEdge edge) {
    int source = edge.from();
    List<Integer> outer = around(groupOf.getOrDefault(source, -1));
    List<Integer> inner = around(groupOf.getOrDefault(edge.to(), -1));
    int shared = 0;
    while (shared < outer.size()
        && shared < inner.size()
        && outer.get(shared).equals(inner.get(shared))) {
      shared++;
    }
    LayoutItem from = item(source);
    for (int k = outer.size() - 1; k >= shared; k--) {
      LayoutBox box = boxes.get(outer.get(k) + 1);
      box.connect(source, from, box.exit(source), null);
      from = placeholder(outer.get(k));
    }
    for (int k = shared; k < inner.size(); k++) {
      LayoutBox box = boxes.get(k == 0 ? 0 : inner.get(k - 1) + 1);
      box.connect(source, from, placeholder(inner.get(k)), null);
      from = boxes.get(inner.get(k) + 1).entrance(source);
    }
    LayoutBox box = boxes.get(inner.isEmpty() ? 0 : inner.getLast() + 1);
    box.connect(source, from, item(edge.to()), edge);
  }

  /** The groups around one, outermost first, itself last. */
  private List<Integer> around(int group) {
    var out = new ArrayList<Integer>();
    for (int g = group; g >= 0; g = data.groups().get(g).parent()) {
      out.addFirst(g);
    }
    return out;
  }
}
