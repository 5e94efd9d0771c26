package chainrule.graph;

import chainrule.graph.LayoutItem.Wire;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders the items of each row so that few wires cross (barycentres, sweeping down and up;
 * Sugiyama, Tagawa and Toda 1981), then gives each its place: as near to its neighbours above and
 * below as the order allows, which is an isotonic regression per row.
 */
final class LayoutRows {
  private static final int ORDER_SWEEPS = 12;
  private static final int PLACE_SWEEPS = 24;
  private static final double GAP = 26;
  private static final double THIN_GAP = 14;

  private final List<List<LayoutItem>> rows;

  private LayoutRows(List<List<LayoutItem>> rows) {
    this.rows = rows;
  }

  /** Sets {@link LayoutItem#order} and {@link LayoutItem#x}. */
  static void arrange(List<List<LayoutItem>> rows) {
    var arranger = new LayoutRows(rows);
    arranger.order();
    arranger.place();
    arranger.straighten();
  }

  private void order() {
    number();
    List<List<LayoutItem>> best = copy();
    long crossings = crossings();
    for (int sweep = 0; sweep < ORDER_SWEEPS && crossings > 0; sweep++) {
      boolean down = sweep % 2 == 0;
      for (int i = 0; i < rows.size(); i++) {
        List<LayoutItem> row = rows.get(down ? i : rows.size() - 1 - i);
        for (LayoutItem item : row) {
          item.key = barycentre(item, down);
        }
        if (sweep % 4 > 1) {
          Collections.reverse(row); // the other way round among equals
        }
        row.sort(Comparator.comparingDouble(item -> item.key));
        number(row);
      }
      settleEnds();
      long now = crossings();
      if (now < crossings) {
        crossings = now;
        best = copy();
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).clear();
      rows.get(i).addAll(best.get(i));
    }
    number();
    if (mirrored()) {
      for (List<LayoutItem> row : rows) {
        Collections.reverse(row);
        row.sort(Comparator.comparing(item -> item.kind != LayoutItem.Kind.TITLE));
      }
      number();
    }
    settleEnds();
  }

  /** Whether operands stand in the wrong order far more often than in the right one. */
  private boolean mirrored() {
    int wrong = 0;
    for (List<LayoutItem> row : rows) {
      for (LayoutItem item : row) {
        for (Wire a : item.up) {
          for (Wire b : item.up) {
            GraphEdge first = a.edge();
            GraphEdge second = b.edge();
            if (first != null && second != null && first.input() < second.input()) {
              wrong += a.from().order > b.from().order ? 1 : -2;
            }
          }
        }
      }
    }
    return wrong > 0;
  }

  private List<List<LayoutItem>> copy() {
    var out = new ArrayList<List<LayoutItem>>();
    for (List<LayoutItem> row : rows) {
      out.add(new ArrayList<>(row));
    }
    return out;
  }

  private void number() {
    rows.forEach(LayoutRows::number);
  }

  private static void number(List<LayoutItem> row) {
    for (int i = 0; i < row.size(); i++) {
      row.get(i).order = i;
    }
  }

  /** A title stays in front; without neighbours an item stays where it is. */
  private static double barycentre(LayoutItem item, boolean down) {
    if (item.kind == LayoutItem.Kind.TITLE) {
      return -1;
    }
    List<Wire> wires = down ? item.up : item.down;
    if (wires.isEmpty()) {
      return item.order;
    }
    double sum = 0;
    for (Wire wire : wires) {
      sum += down ? upper(wire) : lower(wire);
    }
    return sum / wires.size();
  }

  private static double position(LayoutItem item, double offset) {
    return item.order + (item.box == null ? 0 : 0.9 * offset / item.width);
  }

  /** Wires arrive at a node in the order in which they come from above. */
  private void settleEnds() {
    for (List<LayoutItem> row : rows) {
      for (LayoutItem item : row) {
        item.up.sort(Comparator.comparingDouble(LayoutRows::upper));
      }
    }
  }

  private long crossings() {
    long total = 0;
    for (List<LayoutItem> row : rows) {
      total += crossings(row);
    }
    return total;
  }

  /** Inversions among the lower ends of the wires below a row, counted with a Fenwick tree. */
  private static long crossings(List<LayoutItem> row) {
    var wires = new ArrayList<Wire>();
    for (LayoutItem item : row) {
      wires.addAll(item.down);
    }
    double[] ends = wires.stream().mapToDouble(LayoutRows::lower).sorted().distinct().toArray();
    wires.sort(
        Comparator.comparingDouble(LayoutRows::upper).thenComparingDouble(LayoutRows::lower));
    long[] tree = new long[ends.length + 1];
    long total = 0;
    for (int i = 0; i < wires.size(); i++) {
      int rank = Arrays.binarySearch(ends, lower(wires.get(i))) + 1;
      long left = 0;
      for (int k = rank; k > 0; k -= k & -k) {
        left += tree[k];
      }
      total += i - left;
      for (int k = rank; k <= ends.length; k += k & -k) {
        tree[k]++;
      }
    }
    return total;
  }

  private static double upper(Wire wire) {
    return position(wire.from(), wire.fromOffset());
  }

  private static double lower(Wire wire) {
    return position(wire.to(), wire.to().box == null ? 0 : wire.toOffset());
  }

  private void place() {
    for (List<LayoutItem> row : rows) {
      double[] wish = new double[row.size()];
      double[] weight = new double[row.size()];
      Arrays.fill(weight, 1);
      settle(row, wish, weight);
    }
    for (int sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
      boolean down = sweep % 2 == 0;
      boolean last = sweep >= PLACE_SWEEPS - 4;
      for (int i = 0; i < rows.size(); i++) {
        List<LayoutItem> row = rows.get(down ? i : rows.size() - 1 - i);
        double[] wish = new double[row.size()];
        double[] weight = new double[row.size()];
        for (int k = 0; k < row.size(); k++) {
          wish(row.get(k), k, wish, weight, down || last, !down || last);
        }
        settle(row, wish, weight);
      }
    }
  }

  private void wish(
      LayoutItem item, int k, double[] wish, double[] weight, boolean above, boolean below) {
    double sum = 0;
    double total = 0;
    if (above || item.down.isEmpty()) {
      for (Wire w : item.up) {
        double s = item.stiffness() * w.from().stiffness();
        sum += s * (w.from().x + w.fromOffset() - w.toOffset());
        total += s;
      }
    }
    if (below || item.up.isEmpty()) {
      for (Wire w : item.down) {
        double s = item.stiffness() * w.to().stiffness();
        sum += s * (w.to().x + w.toOffset() - w.fromOffset());
        total += s;
      }
    }
    wish[k] = total == 0 ? item.x : sum / total;
    weight[k] = total == 0 ? 1e-3 : total;
    if (item.kind == LayoutItem.Kind.TITLE) {
      wish[k] = leftEdge() + item.width / 2;
      weight[k] = 1e-6;
    }
  }

  private double leftEdge() {
    double left = Double.POSITIVE_INFINITY;
    for (List<LayoutItem> row : rows) {
      for (LayoutItem item : row) {
        if (item.kind != LayoutItem.Kind.TITLE) {
          left = Math.min(left, item.x - item.width / 2);
          break;
        }
      }
    }
    return left;
  }

  /** The places nearest to the wishes, in weighted squares, that keep order and distances. */
  private static void settle(List<LayoutItem> row, double[] wish, double[] weight) {
    int n = row.size();
    double[] shift = new double[n];
    for (int k = 1; k < n; k++) {
      shift[k] = shift[k - 1] + distance(row.get(k - 1), row.get(k));
    }
    double[] mean = new double[n];
    double[] mass = new double[n];
    int[] end = new int[n];
    int blocks = 0;
    for (int k = 0; k < n; k++) {
      double m = wish[k] - shift[k];
      double w = weight[k];
      while (blocks > 0 && mean[blocks - 1] > m) {
        blocks--;
        m = (m * w + mean[blocks] * mass[blocks]) / (w + mass[blocks]);
        w += mass[blocks];
      }
      mean[blocks] = m;
      mass[blocks] = w;
      end[blocks++] = k + 1;
    }
    int k = 0;
    for (int b = 0; b < blocks; b++) {
      for (; k < end[b]; k++) {
        row.get(k).x = mean[b] + shift[k];
      }
    }
  }

  private static double distance(LayoutItem a, LayoutItem b) {
    return (a.width + b.width) / 2 + (a.thin() || b.thin() ? THIN_GAP : GAP);
  }

  /** Makes stretches of long wires vertical, each as long as the neighbours in its rows allow. */
  private void straighten() {
    for (List<LayoutItem> row : rows) {
      for (LayoutItem item : row) {
        if (item.kind == LayoutItem.Kind.BEND && before(item) == null) {
          straighten(chain(item));
        }
      }
    }
  }

  /** The wire's previous place, if the wire came straight from one. */
  private static @Nullable LayoutItem before(LayoutItem item) {
    LayoutItem above = item.up.getFirst().from();
    return above.kind == LayoutItem.Kind.BEND && next(above) == item ? above : null;
  }

  /** Where a wire goes on; a trunk goes on along the trunk. */
  private static @Nullable LayoutItem next(LayoutItem item) {
    if (item.kind == LayoutItem.Kind.LABEL) {
      return null;
    }
    LayoutItem only = null;
    for (Wire wire : item.down) {
      LayoutItem to = wire.to();
      if (to.kind == LayoutItem.Kind.BEND && wire.edge() == null) {
        return to;
      }
      only = to;
    }
    boolean passes =
        only != null
            && item.down.size() == 1
            && (only.kind == LayoutItem.Kind.BEND || only.kind == LayoutItem.Kind.LABEL);
    return passes ? only : null;
  }

  private static List<LayoutItem> chain(LayoutItem first) {
    var chain = new ArrayList<LayoutItem>();
    for (LayoutItem item = first; item != null; item = next(item)) {
      chain.add(item);
    }
    return chain;
  }

  private void straighten(List<LayoutItem> chain) {
    int start = 0;
    while (start < chain.size()) {
      double lo = Double.NEGATIVE_INFINITY;
      double hi = Double.POSITIVE_INFINITY;
      double sum = 0;
      int end = start;
      while (end < chain.size()) {
        LayoutItem item = chain.get(end);
        List<LayoutItem> row = rows.get(item.row);
        LayoutItem left = item.order == 0 ? null : row.get(item.order - 1);
        LayoutItem right = item.order + 1 == row.size() ? null : row.get(item.order + 1);
        double newLo = left == null ? lo : Math.max(lo, left.x + distance(left, item));
        double newHi = right == null ? hi : Math.min(hi, right.x - distance(item, right));
        if (newLo > newHi + 1e-6 && end > start) {
          break;
        }
        lo = newLo;
        hi = newHi;
        sum += item.x;
        end++;
      }
      double x = Math.min(Math.max(sum / (end - start), lo), Math.max(lo, hi));
      for (int k = start; k < end; k++) {
        chain.get(k).x = x;
      }
      start = end;
    }
  }
}
