package chainrule.graph;

import java.util.List;

/**
 * What a view shows: nodes by rising number, edges by rising result, groups parents first.
 *
 * @param operations how many operations the recorded computation had before folding
 */
record GraphData(
    List<GraphNode> nodes, List<GraphEdge> edges, List<GraphGroup> groups, int operations) {

  GraphNode root() {
    return nodes.getLast();
  }
}
