package chainrule.cli;

import chainrule.cli.Walk.Edge;
import chainrule.cli.Walk.Step;
import chainrule.graph.Explanation;
import chainrule.math.Formula;
import chainrule.math.Numbers;
import chainrule.optim.UpdateRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** A lesson on the derivatives of an expression, in a terminal. */
final class ExpressionLesson {
  private static final int STEPS = 3;

  private final Page page;
  private final Walk walk;
  private final String y;

  ExpressionLesson(Page page, Walk walk) {
    this.page = page;
    this.walk = walk;
    this.y = walk.root().name().text();
  }

  void print() {
    forward();
    backward();
    order();
  }

  private void forward() {
    page.text("Forward: every operation once, operands before results.");
    for (Step leaf : walk.leaves()) {
      page.line(leaf.name().text() + " = " + number(leaf.value()));
    }
    for (Step step : walk.forward()) {
      if (step.formula() != null) {
        page.line(
            "%s = %s = %s"
                .formatted(step.name().text(), step.formula().text(), number(step.value())));
      }
    }
    page.heading("Local derivatives: how much each operation moves when one operand moves.");
    for (Step step : walk.forward()) {
      for (Edge edge : step.operands()) {
        page.line(partial(edge) + " = " + local(edge));
      }
    }
  }

  /** The formula and its value, or the value alone where it is the formula. */
  static String local(Edge edge) {
    String value = number(edge.value());
    return edge.slope().text().equals(value) ? value : edge.slope().text() + " = " + value;
  }

  private static String partial(Edge edge) {
    return "∂%s/∂%s".formatted(edge.to().name().text(), edge.from().name().text());
  }

  private void backward() {
    page.heading(
        "Backward: the chain rule, one factor for each operation on the way from %s.".formatted(y));
    for (Step step : walk.backward()) {
      if (step != walk.root()) {
        page.line(chain(step));
      }
    }
  }

  /**
   * {@code ∂y/∂a = ∂y/∂v1·∂v1/∂a + … = 2·3 + … = 6}; where the result itself reads a, the slope
   * stands alone, by its formula.
   */
  private String chain(Step step) {
    StringJoiner names = new StringJoiner(" + ");
    StringJoiner numbers = new StringJoiner(" + ");
    List<Edge> readers = readers(step);
    for (Edge edge : readers) {
      if (edge.to() == walk.root()) {
        Formula slope = edge.slope();
        boolean alone = readers.size() == 1;
        names.add(
            alone || slope.level() >= Formula.POWER ? slope.text() : "(" + slope.text() + ")");
        numbers.add(alone ? number(edge.value()) : factor(edge.value()));
      } else {
        names.add("∂%s/∂%s·%s".formatted(y, edge.to().name().text(), partial(edge)));
        numbers.add(factor(edge.to().gradient()) + "·" + factor(edge.value()));
      }
    }
    Set<String> sides = new LinkedHashSet<>();
    sides.add("∂%s/∂%s".formatted(y, step.name().text()));
    if (!readers.isEmpty()) {
      sides.add(names.toString());
      sides.add(numbers.toString());
    }
    sides.add(number(step.gradient()));
    return String.join(" = ", sides);
  }

  /** The edges through which a gradient came: from steps that the sweep walked. */
  private List<Edge> readers(Step step) {
    return step.readers().stream().filter(e -> walk.backward().contains(e.to())).toList();
  }

  private static String factor(double x) {
    String text = number(x);
    return x < 0 ? "(" + text + ")" : text;
  }

  /** The order of the sweep, and who would have lost what in another. */
  private void order() {
    page.heading("The order of the walk");
    List<String> names = new ArrayList<>();
    Step shared = null;
    for (Step step : walk.backward()) {
      names.add(step.name().text());
      if (step != walk.root() && readers(step).size() > 1) {
        boolean larger = shared == null || readers(step).size() > readers(shared).size();
        shared = larger ? step : shared;
      }
    }
    page.line(String.join(" → ", names));
    if (shared == null) {
      page.text(
          "Each step waits until everything that reads it has been walked (a topological order,"
              + " turned round). Here each value is read once, so that one factor arrives at"
              + " each.");
      return;
    }
    Edge late = readers(shared).getFirst();
    page.text(
        ("Each step waits until everything that reads it has been walked (a topological order,"
                + " turned round). It matters: %s is read %d times, and its gradient is the sum of"
                + " what arrives. Walked before %s, it would have passed on a sum without the part"
                + " %s·%s = %s, and everything below it would be wrong.")
            .formatted(
                shared.name().text(),
                readers(shared).size(),
                late.to().name().text(),
                factor(late.to().gradient()),
                factor(late.value()),
                number(late.to().gradient() * late.value())));
  }

  /** Every path from one input to the result. */
  void paths(Explanation why) {
    String count = count(why.pathCount());
    page.heading(
        "From %s to %s: %s path%s%s"
            .formatted(
                why.leaf(),
                y,
                count,
                why.pathCount() == 1 ? "" : "s",
                why.paths().size() < why.pathCount()
                    ? ", the %d largest".formatted(why.paths().size())
                    : ""));
    double sum = 0;
    for (Explanation.Path path : why.paths()) {
      sum += path.product();
      StringJoiner names = new StringJoiner(" → ");
      StringJoiner factors = new StringJoiner("·");
      names.add(why.leaf());
      for (Explanation.Step step : path.steps()) {
        names.add(walk.step(step.node()).name().text());
        factors.add(brief(step.derivative()));
      }
      page.line(
          "%s:  %s = %s%s"
              .formatted(names, factors, number(path.product()), share(why.share(path))));
    }
    if (why.paths().size() < why.pathCount()) {
      page.line("all others: " + number(why.remainder()));
      sum += why.remainder();
    }
    page.line(
        "the sum of the products is %s, the sweep's ∂%s/∂%s is %s"
            .formatted(number(sum), y, why.leaf(), number(why.gradient())));
  }

  private static String brief(double x) {
    String text = Numbers.brief(x);
    return x < 0 ? "(" + text + ")" : text;
  }

  private static String share(double share) {
    return Double.isNaN(share)
        ? ""
        : String.format(Locale.ROOT, "  (%.1f%c%%)", 100 * share, Page.TIED)
            .replace("-0.0", "0.0")
            .replace('-', '−');
  }

  private static String count(double n) {
    return n < 1e15 ? String.format(Locale.ROOT, "%,d", (long) n) : Numbers.brief(n);
  }

  /** The value and the gradients. */
  void results() {
    page.heading("Result");
    page.line("%s = %s".formatted(y, number(walk.root().value())));
    for (Step leaf : walk.leaves()) {
      page.line("∂%s/∂%s = %s".formatted(y, leaf.name().text(), number(leaf.gradient())));
    }
  }

  private Step leaf(String name) {
    return walk.leaves().stream()
        .filter(s -> s.name().text().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--update %s: the result does not depend on it".formatted(name)));
  }

  /** The first steps of each optimizer on one input, if its gradient stayed as it is. */
  void steps(String name, Map<String, UpdateRule> rules) {
    Step leaf = leaf(name);
    rules.forEach(
        (optimizer, rule) -> {
          StringJoiner steps = new StringJoiner(", ");
          for (double step : OneExample.steps(rule, leaf.value(), leaf.gradient(), STEPS)) {
            steps.add(Numbers.brief(step));
          }
          page.line(
              "%s, lr %s: %s moves by %s, … while the gradient stays"
                  .formatted(optimizer, number(rule.lr()), name, steps));
        });
  }

  /** A step of gradient descent on one input. */
  void update(String name, double lr) {
    Step leaf = leaf(name);
    page.line(
        "%s ← %s − lr·∂%s/∂%s = %s − %s·%s = %s"
            .formatted(
                name,
                name,
                y,
                name,
                number(leaf.value()),
                number(lr),
                factor(leaf.gradient()),
                number(leaf.value() - lr * leaf.gradient())));
  }

  /** The second derivatives, a line for each pair. */
  void second(List<String> names, double[][] hessian) {
    page.heading(
        "Order 2: the gradient is a recorded computation too, differentiated in its turn.");
    for (int i = 0; i < names.size(); i++) {
      for (int k = i; k < names.size(); k++) {
        String below =
            i == k
                ? "∂%s²".formatted(names.get(i))
                : "∂%s∂%s".formatted(names.get(i), names.get(k));
        page.line("∂²%s/%s = %s".formatted(y, below, number(hessian[i][k])));
      }
    }
  }

  private static String number(double x) {
    return Numbers.exact(x == 0 ? 0 : x);
  }

  /** The same as equations in LaTeX. */
  static String latex(Walk walk) {
    String y = walk.root().name().latex();
    StringBuilder out = new StringBuilder("\\begin{aligned}\n");
    for (Step step : walk.forward()) {
      Formula formula = step.formula();
      out.append(step.name().latex()).append(" &= ");
      out.append(formula == null ? "" : formula.latex() + " = ").append(plain(step.value()));
      out.append(" \\\\\n");
    }
    for (Step step : walk.backward()) {
      if (step == walk.root()) {
        continue;
      }
      StringJoiner sum = new StringJoiner(" + ");
      for (Edge edge : step.readers()) {
        String slope = edge.slope().latex();
        sum.add(
            edge.to() == walk.root()
                ? slope
                : "\\frac{\\partial %s}{\\partial %s}\\left(%s\\right)"
                    .formatted(y, edge.to().name().latex(), slope));
      }
      out.append("\\frac{\\partial %s}{\\partial %s} &= ".formatted(y, step.name().latex()));
      out.append(sum).append(sum.length() == 0 ? "" : " = ").append(plain(step.gradient()));
      out.append(" \\\\\n");
    }
    return out.append("\\end{aligned}").toString();
  }

  private static String plain(double x) {
    return Formula.number(x == 0 ? 0 : x).latex();
  }
}
