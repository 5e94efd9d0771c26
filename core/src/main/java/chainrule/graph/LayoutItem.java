package chainrule.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that takes up room in a row of a drawing. */
final class LayoutItem {
  /** What takes the room. */
  enum Kind {
    NODE,
    BOX,
    TITLE,
    /** Where a wire enters a box. */
    IN,
    /** Where a wire leaves a box. */
    OUT,
    /** Where a long wire passes a row. */
    BEND,
    LABEL
  }

  /**
   * A wire between neighbouring rows.
   *
   * @param from the upper end
   * @param to the lower end
   * @param source the node whose result it carries
   * @param edge the edge it belongs to alone; null where edges share it
   */
  record Wire(LayoutItem from, LayoutItem to, int source, @Nullable GraphEdge edge) {
    double fromOffset() {
      return from.box == null ? 0 : from.box.outOffset(source);
    }

    double toOffset() {
      if (to.box != null) {
        return to.box.inOffset(source);
      }
      int n = to.up.size();
      if (to.kind != Kind.NODE || n < 2) {
        return 0;
      }
      double step = Math.min(26, (to.width - 16) / (n - 1));
      return (to.up.indexOf(this) - (n - 1) / 2.0) * step;
    }
  }

  final Kind kind;
  final double width;
  final double height;
  final @Nullable GraphNode node;
  final @Nullable LayoutBox box;
  final @Nullable GraphEdge edge;
  final List<Wire> up = new ArrayList<>();
  final List<Wire> down = new ArrayList<>();
  int row;
  int order;
  double key;

  /** The middle, within the box around it; {@code y} is the middle of the row. */
  double x;

  double y;

  /** How far below the middle of its row it stands: leaves stand low, near who reads them. */
  double drop;

  LayoutItem(
      Kind kind,
      double width,
      double height,
      @Nullable GraphNode node,
      @Nullable LayoutBox box,
      @Nullable GraphEdge edge) {
    this.kind = kind;
    this.width = width;
    this.height = height;
    this.node = node;
    this.box = box;
    this.edge = edge;
  }

  static LayoutItem of(Kind kind, double width, double height) {
    return new LayoutItem(kind, width, height, null, null, null);
  }

  /** A point of a wire only: no neighbour needs to keep far from it. */
  boolean thin() {
    return kind == Kind.BEND || kind == Kind.IN || kind == Kind.OUT;
  }

  /** How much a wire to here wants to be straight (Gansner et al. 1993, section 4.1). */
  double stiffness() {
    return thin() || kind == Kind.LABEL ? 4 : 1;
  }
}
