package chainrule.optim;

import chainrule.tensor.Tensor;

/**
 * A line search for a step t along d that satisfies the strong Wolfe conditions, {@code f(x + t d)
 * ≤ f + c₁ t gᵀd} and {@code |f′(t)| ≤ c₂ |gᵀd|}.
 *
 * <p>First an interval that holds such a step is bracketed, then it is narrowed. Trial steps
 * minimise the cubic through values and slopes at both ends. Source: Nocedal and Wright,
 * <i>Numerical optimization</i>, 2006, algorithms 3.5 and 3.6 and equation 3.59, with the
 * safeguards of minFunc, as in PyTorch.
 */
final class StrongWolfe {
  private static final double C1 = 1e-4;
  private static final double C2 = 0.9;
  private static final int MOST = 25;

  /** Values and slopes along the line. */
  interface Line {
    Point at(double t);
  }

  /** A trial step t: the loss f there, its gradient g, and its slope along the line. */
  record Point(double t, double f, Tensor g, double slope) {}

  private final Line line;
  private final Point start;
  private final double longest;
  private final double tolerance;
  private int evaluations;

  /**
   * A search from {@code start}.
   *
   * @param longest the largest magnitude in the direction
   * @param tolerance the change below which a bracket is narrow enough
   */
  StrongWolfe(Line line, Point start, double longest, double tolerance) {
    this.line = line;
    this.start = start;
    this.longest = longest;
    this.tolerance = tolerance;
  }

  /** How often the loss has been evaluated. */
  int evaluations() {
    return evaluations;
  }

  private Point evaluate(double t) {
    evaluations++;
    return line.at(t);
  }

  private boolean tooHigh(Point p) {
    return p.f > start.f + C1 * p.t * start.slope;
  }

  private boolean flatEnough(Point p) {
    return Math.abs(p.slope) <= -C2 * start.slope;
  }

  /** The best step found, first trying t. */
  Point from(double t) {
    Point previous = start;
    Point p = evaluate(t);
    for (int i = 0; i < MOST; i++) {
      if (tooHigh(p) || (i > 1 && p.f >= previous.f)) {
        return narrow(previous, p, i);
      }
      if (flatEnough(p)) {
        return p;
      }
      if (p.slope >= 0) {
        return narrow(previous, p, i);
      }
      double least = p.t + 0.01 * (p.t - previous.t);
      double next = cubic(previous, p, least, p.t * 10);
      previous = p;
      p = evaluate(next);
    }
    return start.f <= p.f ? start : p;
  }

  private Point narrow(Point a, Point b, int used) {
    Point[] bracket = {a, b};
    int low = a.f <= b.f ? 0 : 1;
    boolean stuck = false;
    for (int i = used; i < MOST; i++) {
      double left = Math.min(bracket[0].t, bracket[1].t);
      double right = Math.max(bracket[0].t, bracket[1].t);
      if ((right - left) * longest < tolerance) {
        break;
      }
      double t = cubic(bracket[0], bracket[1], left, right);
      double margin = 0.1 * (right - left);
      if (Math.min(right - t, t - left) < margin) {
        // Near an end twice, or on it: a tenth of the bracket away from that end instead.
        if (stuck || t >= right || t <= left) {
          t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
          stuck = false;
        } else {
          stuck = true;
        }
      } else {
        stuck = false;
      }
      Point p = evaluate(t);
      if (tooHigh(p) || p.f >= bracket[low].f) {
        bracket[1 - low] = p;
        low = bracket[0].f <= bracket[1].f ? 0 : 1;
      } else {
        if (flatEnough(p)) {
          return p;
        }
        if (p.slope * (bracket[1 - low].t - bracket[low].t) >= 0) {
          bracket[1 - low] = bracket[low];
        }
        bracket[low] = p;
      }
    }
    return bracket[low];
  }

  /** Where the cubic through two points is least, limited to [left, right]. */
  private static double cubic(Point a, Point b, double left, double right) {
    Point first = a.t <= b.t ? a : b;
    Point last = a.t <= b.t ? b : a;
    double d1 = first.slope + last.slope - 3 * (first.f - last.f) / (first.t - last.t);
    double square = d1 * d1 - first.slope * last.slope;
    if (!(square >= 0)) {
      return (left + right) / 2;
    }
    double d2 = Math.sqrt(square);
    double share = (last.slope + d2 - d1) / (last.slope - first.slope + 2 * d2);
    double t = last.t - (last.t - first.t) * share;
    return Math.min(Math.max(t, left), right);
  }
}
