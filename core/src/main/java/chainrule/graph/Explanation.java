package chainrule.graph;

import chainrule.math.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * A gradient taken apart: {@code ∂root/∂leaf} is the sum, over all paths from the leaf to the root,
 * of the product of the local derivatives along the path.
 *
 * <p>{@link #toString} is the text for people.
 *
 * @param leaf the leaf's name
 * @param formula the root as a formula of the leaves, a line for each intermediate that it names
 * @param leafValue the leaf's value
 * @param rootValue the root's value
 * @param gradient {@code ∂root/∂leaf}, from the reverse sweep
 * @param pathCount how many paths there are; a double, since the number can be astronomical
 * @param paths the paths by falling size of their products: all of them up to {@value #MOST}, or
 *     else the {@value #LARGEST} largest
 * @param remainder what the other paths add up to; 0 if there are no others
 */
public record Explanation(
    String leaf,
    String formula,
    double leafValue,
    double rootValue,
    double gradient,
    double pathCount,
    List<Path> paths,
    double remainder) {
  /** Up to so many paths are all listed. */
  public static final int MOST = 10_000;

  /** So many are listed if there are more. */
  public static final int LARGEST = 20;

  private static final int STEPS_SHOWN = 12;

  /**
   * An edge of a path, in the direction of the computation.
   *
   * @param operation the operation it leads to
   * @param layer the path of that operation's layer
   * @param formula the local derivative's formula
   * @param derivative its value
   * @param node the {@link chainrule.tensor.Node#id} of that operation
   */
  public record Step(
      String operation, String layer, String formula, double derivative, long node) {}

  /**
   * A path from the leaf to the root.
   *
   * @param steps its edges, the leaf's first
   * @param product the product of their derivatives: the path's part of the gradient
   */
  public record Path(List<Step> steps, double product) {}

  /** A path's part of the gradient as a fraction of the whole; NaN if the gradient is 0. */
  public double share(Path path) {
    return gradient == 0 ? Double.NaN : path.product / gradient;
  }

  @Override
  public String toString() {
    var out = new StringBuilder(formula).append('\n');
    out.append("at ").append(leaf).append(" = ").append(number(leafValue));
    out.append(": y = ").append(number(rootValue));
    out.append(", ∂y/∂").append(leaf).append(" = ").append(number(gradient)).append('\n');
    int shown = Math.min(paths.size(), LARGEST);
    out.append(count(pathCount)).append(pathCount == 1 ? " path" : " paths");
    out.append(shown < pathCount ? ", the largest " + shown : "").append(":\n");
    double rest = remainder;
    for (int i = 0; i < paths.size(); i++) {
      if (i < shown) {
        line(out, paths.get(i));
      } else {
        rest += paths.get(i).product;
      }
    }
    if (shown < pathCount) {
      out.append("  all others: ").append(number(rest)).append('\n');
    }
    return out.toString();
  }

  private void line(StringBuilder out, Path path) {
    var names = new StringJoiner(" → ");
    var factors = new StringJoiner(" · ");
    names.add(leaf);
    int n = path.steps.size();
    for (int i = 0; i < n; i++) {
      if (n > STEPS_SHOWN && i == STEPS_SHOWN / 2) {
        String left = "… " + count(n - STEPS_SHOWN) + " more …";
        names.add(left);
        factors.add("…");
        i = n - STEPS_SHOWN / 2;
      }
      names.add(path.steps.get(i).operation);
      factors.add(Numbers.brief(path.steps.get(i).derivative));
    }
    out.append("  ").append(names).append(":  ");
    out.append(n == 0 ? "" : factors + " = ").append(Numbers.brief(path.product));
    double share = share(path);
    if (!Double.isNaN(share)) {
      out.append(String.format(Locale.ROOT, "  (%.1f %%)", 100 * share).replace('-', '−'));
    }
    out.append('\n');
  }

  private static String count(double n) {
    return n < 1e15 ? String.format(Locale.ROOT, "%,d", (long) n) : Numbers.brief(n);
  }

  private static String number(double v) {
    return Numbers.exact(v);
  }
}
