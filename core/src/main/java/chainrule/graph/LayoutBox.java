package chainrule.graph;

import chainrule.graph.LayoutItem.Kind;
import chainrule.graph.LayoutItem.Wire;
import chainrule.tensor.GraphException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group, or the whole drawing: lays out what is directly inside it in rows, boxes within it
 * first.
 *
 * <p>An operation stands above whoever reads it, a leaf right above its first reader. Rows of items
 * alternate with rows of labels, and a wire has a place of its own in every row it passes, so
 * nothing is drawn over anything. Wires with the same source share a trunk.
 */
final class LayoutBox {
  private static final double PADDING = 14;
  private static final double TITLE_HEIGHT = 22;
  private static final double ROW_GAP = 9;
  private static final int MOST_ITEMS = 300_000;

  private final @Nullable GraphGroup group;
  private final List<LayoutItem> items = new ArrayList<>();
  private final Map<Integer, LayoutItem> in = new LinkedHashMap<>();
  private final Map<Integer, LayoutItem> out = new LinkedHashMap<>();
  private final Map<Integer, Source> sources = new LinkedHashMap<>();
  private final List<List<LayoutItem>> rows = new ArrayList<>();
  private @Nullable LayoutItem self;
  private double width;
  private double height;
  private double left;

  /** All that leaves one item with one node's result. */
  private record Source(LayoutItem item, Map<LayoutItem, List<GraphEdge>> targets) {}

  LayoutBox(@Nullable GraphGroup group) {
    this.group = group;
  }

  @Nullable GraphGroup group() {
    return group;
  }

  List<List<LayoutItem>> rows() {
    return rows;
  }

  double width() {
    return width;
  }

  double height() {
    return height;
  }

  /** How far right of the middle the wire of {@code source} enters. */
  double inOffset(int source) {
    LayoutItem port = in.get(source);
    return port == null ? 0 : port.x - width / 2;
  }

  /** How far right of the middle the wire of {@code source} leaves. */
  double outOffset(int source) {
    LayoutItem port = out.get(source);
    return port == null ? 0 : port.x - width / 2;
  }

  void add(LayoutItem item) {
    items.add(item);
  }

  LayoutItem entrance(int source) {
    return in.computeIfAbsent(source, _ -> port(Kind.IN));
  }

  LayoutItem exit(int source) {
    return out.computeIfAbsent(source, _ -> port(Kind.OUT));
  }

  private LayoutItem port(Kind kind) {
    LayoutItem port = LayoutItem.of(kind, 2, 0);
    items.add(port);
    return port;
  }

  /** Leads the result of {@code source} from one item to another; an edge if it ends there. */
  void connect(int source, LayoutItem from, LayoutItem to, @Nullable GraphEdge edge) {
    List<GraphEdge> edges =
        sources
            .computeIfAbsent(source, _ -> new Source(from, new LinkedHashMap<>()))
            .targets()
            .computeIfAbsent(to, _ -> new ArrayList<>());
    if (edge != null) {
      edges.add(edge);
    }
  }

  /** Lays the box out and gives the item that stands for it in the box around it. */
  LayoutItem layout() {
    LayoutItem done = self;
    if (done != null) {
      return done;
    }
    layers();
    wires();
    LayoutRows.arrange(rows);
    measure();
    done = new LayoutItem(Kind.BOX, width, height, null, this, null);
    self = done;
    return done;
  }

  /** Replaces the placeholder of an inner box by its finished item. */
  void replace(LayoutItem placeholder, LayoutItem finished) {
    items.replaceAll(i -> i == placeholder ? finished : i);
    for (Map.Entry<Integer, Source> e : sources.entrySet()) {
      Source s = e.getValue();
      var targets = new LinkedHashMap<LayoutItem, List<GraphEdge>>();
      s.targets().forEach((t, edges) -> targets.put(t == placeholder ? finished : t, edges));
      e.setValue(new Source(s.item() == placeholder ? finished : s.item(), targets));
    }
  }

  /** Rows by the longest way down; even numbers, since labels go between. */
  private void layers() {
    var height = new HashMap<LayoutItem, Integer>();
    var readers = new HashMap<LayoutItem, List<LayoutItem>>();
    for (Source s : sources.values()) {
      readers.computeIfAbsent(s.item(), _ -> new ArrayList<>()).addAll(s.targets().keySet());
    }
    int top = 0;
    for (LayoutItem item : items) {
      top = Math.max(top, heightOf(item, readers, height));
    }
    boolean framed = group != null;
    int last = top + (framed ? 1 : 0);
    for (LayoutItem item : items) {
      item.row = item.kind == Kind.IN ? 0 : 2 * (last - height.getOrDefault(item, 0));
    }
    for (int r = 0; r <= 2 * last; r++) {
      rows.add(new ArrayList<>());
    }
    if (group != null) {
      double room = 7.2 * group.name().length() + 8;
      LayoutItem title = LayoutItem.of(Kind.TITLE, room, TITLE_HEIGHT);
      rows.getFirst().add(title);
    }
    for (LayoutItem item : items) {
      rows.get(item.row).add(item);
    }
  }

  /** The longest way down from an item, without recursion. */
  private int heightOf(
      LayoutItem start,
      Map<LayoutItem, List<LayoutItem>> readers,
      Map<LayoutItem, Integer> height) {
    var stack = new ArrayList<LayoutItem>();
    stack.add(start);
    while (!stack.isEmpty()) {
      LayoutItem item = stack.getLast();
      boolean ready = true;
      int h = item.kind == Kind.OUT || out.isEmpty() ? 0 : 1;
      for (LayoutItem reader : readers.getOrDefault(item, List.of())) {
        Integer below = height.get(reader);
        if (below == null) {
          stack.add(reader);
          ready = false;
        } else {
          h = Math.max(h, below + 1);
        }
      }
      if (ready) {
        height.put(item, h);
        stack.removeLast();
      }
    }
    return height.getOrDefault(start, 0);
  }

  /** Bends and labels for every wire, a trunk per source. */
  private void wires() {
    int made = 0;
    for (Map.Entry<Integer, Source> entry : sources.entrySet()) {
      int source = entry.getKey();
      LayoutItem from = entry.getValue().item();
      var trunk = new ArrayList<LayoutItem>(List.of(from));
      for (Map.Entry<LayoutItem, List<GraphEdge>> t : entry.getValue().targets().entrySet()) {
        LayoutItem to = t.getKey();
        while (from.row + trunk.size() < to.row - 1) {
          LayoutItem bend = LayoutItem.of(Kind.BEND, 2, 0);
          bend.row = from.row + trunk.size();
          rows.get(bend.row).add(bend);
          join(trunk.getLast(), bend, source, null);
          trunk.add(bend);
          made++;
        }
        LayoutItem branch = trunk.get(to.row - 2 - from.row);
        List<GraphEdge> edges = t.getValue();
        for (int i = 0; i < Math.max(1, edges.size()); i++) {
          GraphEdge edge = i < edges.size() ? edges.get(i) : null;
          LayoutItem last = last(edge);
          last.row = to.row - 1;
          rows.get(last.row).add(last);
          join(branch, last, source, edge);
          join(last, to, source, edge);
          made++;
        }
      }
      if (made > MOST_ITEMS) {
        throw new GraphException(
            "a drawing of this graph would be a tangle: its wires pass more than "
                + MOST_ITEMS
                + " rows; write DOT or JSON instead, or fold layers first");
      }
    }
  }

  private static LayoutItem last(@Nullable GraphEdge edge) {
    String label = edge == null ? "" : GraphText.label(edge);
    return label.isEmpty()
        ? LayoutItem.of(Kind.BEND, 2, 0)
        : new LayoutItem(Kind.LABEL, GraphSvg.labelWidth(label), 15, null, null, edge);
  }

  private static void join(LayoutItem a, LayoutItem b, int source, @Nullable GraphEdge edge) {
    var wire = new Wire(a, b, source, edge);
    a.down.add(wire);
    b.up.add(wire);
  }

  private void measure() {
    left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    for (List<LayoutItem> row : rows) {
      for (LayoutItem item : row) {
        left = Math.min(left, item.x - item.width / 2);
        right = Math.max(right, item.x + item.width / 2);
      }
    }
    double y = group == null ? PADDING : 4;
    for (int r = 0; r < rows.size(); r++) {
      double tall = 0;
      double reach = 0;
      for (LayoutItem item : rows.get(r)) {
        tall = Math.max(tall, item.height);
        item.x += PADDING - left;
      }
      for (LayoutItem item : rows.get(r)) {
        item.y = y + tall / 2;
        if (item.kind == Kind.NODE && item.up.isEmpty()) {
          item.drop = (tall - item.height) / 2;
        }
        for (Wire w : item.down) {
          double from = item.x + w.fromOffset();
          double to = w.to().x + PADDING - left + w.toOffset();
          reach = Math.max(reach, Math.abs(to - from));
        }
      }
      y += tall + (r == rows.size() - 1 ? 0 : ROW_GAP + Math.min(26, 0.09 * reach));
    }
    width = right - left + 2 * PADDING;
    height = y + (group == null ? PADDING : 6);
  }

  /** Half the height of the row in which an item stands. */
  static double half(List<LayoutItem> row) {
    double tall = 0;
    for (LayoutItem item : row) {
      tall = Math.max(tall, item.height);
    }
    return tall / 2;
  }
}
