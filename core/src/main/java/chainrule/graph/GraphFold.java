package chainrule.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Folds groups of a view into single nodes. */
final class GraphFold {
  private final GraphData data;
  private final Map<Integer, String> chosen;
  private final int[] fold;
  private final Map<Integer, Integer> stand = new HashMap<>();

  private GraphFold(GraphData data, Map<Integer, String> chosen) {
    this.data = data;
    this.chosen = chosen;
    this.fold = new int[data.groups().size()];
    for (GraphGroup g : data.groups()) {
      int above = g.parent() < 0 ? -1 : fold[g.parent()];
      fold[g.id()] = above >= 0 ? above : chosen.containsKey(g.id()) ? g.id() : -1;
    }
  }

  /**
   * The view with some groups as single nodes.
   *
   * @param chosen the groups' numbers, each with a remark for its node; may be empty
   */
  static GraphData fold(GraphData data, Map<Integer, String> chosen) {
    return chosen.isEmpty() ? data : new GraphFold(data, chosen).run();
  }

  /** Every group deeper than {@code depth} levels. */
  static Map<Integer, String> below(GraphData data, int depth) {
    var chosen = new HashMap<Integer, String>();
    int[] depths = depths(data);
    for (GraphGroup g : data.groups()) {
      if (depths[g.id()] > depth) {
        chosen.put(g.id(), "");
      }
    }
    return chosen;
  }

  /** How many levels of groups stand one in another. */
  static int depth(GraphData data) {
    int deepest = 0;
    for (int d : depths(data)) {
      deepest = Math.max(deepest, d);
    }
    return deepest;
  }

  private static int[] depths(GraphData data) {
    int[] depth = new int[data.groups().size()];
    for (GraphGroup g : data.groups()) {
      depth[g.id()] = g.parent() < 0 ? 1 : depth[g.parent()] + 1;
    }
    return depth;
  }

  /** Groups that do the same, on the same shapes, as an earlier one beside them. */
  static Map<Integer, String> repeated(GraphData data) {
    int n = data.groups().size();
    var texts = new ArrayList<StringBuilder>();
    int[] seen = new int[n];
    int[] operations = new int[n];
    for (int i = 0; i < n; i++) {
      texts.add(new StringBuilder());
    }
    var within = new HashMap<Long, Integer>();
    int at = 0;
    for (GraphNode node : data.nodes()) {
      if (node.kind() == GraphNode.Kind.CONSTANT && node.shape().rank() > 0) {
        continue; // data may be inside for the first of equal blocks, and come from outside for
        // others
      }
      int first = at;
      while (at < data.edges().size() && data.edges().get(at).to() == node.id()) {
        at++;
      }
      for (int g = node.group(); g >= 0; g = data.groups().get(g).parent()) {
        within.put((long) g << 32 | node.id(), seen[g]++);
        boolean leaf = first == at;
        operations[g] += leaf ? 0 : 1;
        StringBuilder text = texts.get(g);
        String relative = node.layer().substring(data.groups().get(g).path().length());
        text.append(relative).append(' ').append(leaf ? node.kind().name() : node.name());
        text.append(' ').append(node.dtype()).append(' ').append(node.shape());
        for (GraphEdge e : data.edges().subList(first, at)) {
          Integer inside = within.get((long) g << 32 | e.from());
          text.append(' ').append(inside == null ? "?" : inside.toString());
        }
        text.append('\n');
      }
    }
    var firsts = new HashMap<String, GraphGroup>();
    var chosen = new HashMap<Integer, String>();
    for (GraphGroup g : data.groups()) {
      if (operations[g.id()] > 1) {
        GraphGroup first = firsts.putIfAbsent(g.parent() + "\n" + texts.get(g.id()), g);
        if (first != null) {
          chosen.put(g.id(), "as " + first.path());
        }
      }
    }
    return chosen;
  }

  private int foldOf(GraphNode node) {
    return node.group() < 0 ? -1 : fold[node.group()];
  }

  private GraphData run() {
    int[] numbers = new int[data.groups().size()];
    var groups = new ArrayList<GraphGroup>();
    for (GraphGroup g : data.groups()) {
      if (fold[g.id()] < 0) {
        numbers[g.id()] = groups.size();
        int parent = g.parent() < 0 ? -1 : numbers[g.parent()];
        groups.add(new GraphGroup(groups.size(), g.path(), parent));
      }
    }
    List<GraphNode> nodes = nodes(numbers);
    return new GraphData(nodes, edges(), groups, data.operations());
  }

  /** The last operation of a group stands for it: its result is the group's. */
  private List<GraphNode> nodes(int[] numbers) {
    var size = new HashMap<Integer, Integer>();
    var operations = new HashMap<Integer, Integer>();
    var parameters = new HashMap<Integer, Integer>();
    for (GraphNode node : data.nodes()) {
      int f = foldOf(node);
      if (f >= 0) {
        size.merge(f, node.size(), Integer::sum);
        switch (node.kind()) {
          case PARAMETER -> parameters.merge(f, node.shape().size(), Integer::sum);
          case CONSTANT -> {}
          case OPERATION, LAYER -> {
            operations.merge(f, 1, Integer::sum);
            stand.put(f, node.id());
          }
        }
      }
    }
    var nodes = new ArrayList<GraphNode>();
    for (GraphNode node : data.nodes()) {
      int f = foldOf(node);
      if (f < 0) {
        nodes.add(node.group() < 0 ? node : node.group(numbers[node.group()]));
      } else if (stand.getOrDefault(f, -1) == node.id()) {
        GraphGroup g = data.groups().get(f);
        String remark = chosen.getOrDefault(f, "");
        int count = operations.getOrDefault(f, 0);
        int weights = parameters.getOrDefault(f, 0);
        String content =
            count
                + (count == 1 ? " operation" : " operations")
                + (weights == 0 ? "" : ", " + weights + " parameters");
        nodes.add(
            new GraphNode(
                node.id(),
                GraphNode.Kind.LAYER,
                g.path(),
                node.shape(),
                node.dtype(),
                remark.isEmpty() ? content : content + ", " + remark,
                g.path(),
                g.parent() < 0 ? -1 : numbers[g.parent()],
                size.getOrDefault(f, 1),
                node.value(),
                node.gradient(),
                null));
      }
    }
    return nodes;
  }

  private List<GraphEdge> edges() {
    int last = data.nodes().getLast().id();
    int[] now = new int[last + 1];
    boolean[] folded = new boolean[last + 1];
    for (GraphNode node : data.nodes()) {
      int f = foldOf(node);
      folded[node.id()] = f >= 0;
      now[node.id()] = f < 0 ? node.id() : stand.getOrDefault(f, node.id());
    }
    var merged = new LinkedHashMap<List<Integer>, GraphEdge>();
    for (GraphEdge e : data.edges()) {
      int from = now[e.from()];
      int to = now[e.to()];
      if (from == to) {
        continue;
      }
      if (!folded[e.to()]) {
        merged.put(
            List.of(from, to, e.input()),
            new GraphEdge(
                from, to, e.input(), e.operand(), e.formula(), e.derivative(), e.count()));
      } else {
        merged.merge(
            List.of(from, to, -1),
            new GraphEdge(from, to, -1, "", "", null, e.count()),
            (a, b) -> new GraphEdge(from, to, -1, "", "", null, a.count() + b.count()));
      }
    }
    var edges = new ArrayList<GraphEdge>(merged.values());
    edges.sort((a, b) -> Integer.compare(a.to(), b.to()));
    return edges;
  }
}
