package chainrule.cli;

import chainrule.cli.Walk.Edge;
import chainrule.cli.Walk.Step;
import chainrule.graph.Explanation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code explain} says of an expression, for programs. */
final class ExpressionJson {
  private ExpressionJson() {}

  static Map<String, Object> of(String expression, Walk walk, List<Explanation> explanations) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("expression", expression);
    map.put("result", walk.root().name().text());
    map.put("value", walk.root().value());
    map.put("steps", walk.forward().stream().map(ExpressionJson::step).toList());
    map.put("backward", walk.backward().stream().map(s -> s.name().text()).toList());
    Map<String, Object> gradients = new LinkedHashMap<>();
    walk.leaves().forEach(leaf -> gradients.put(leaf.name().text(), leaf.gradient()));
    map.put("gradients", gradients);
    Map<String, Object> paths = new LinkedHashMap<>();
    explanations.forEach(why -> paths.put(why.leaf(), paths(walk, why)));
    map.put("paths", paths);
    return map;
  }

  private static Map<String, Object> step(Step step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", step.name().text());
    if (step.formula() != null) {
      map.put("formula", step.formula().text());
      map.put("latex", step.formula().latex());
    }
    map.put("value", step.value());
    map.put("gradient", step.gradient());
    List<Object> locals = new ArrayList<>();
    for (Edge edge : step.operands()) {
      Map<String, Object> local = new LinkedHashMap<>();
      local.put("towards", edge.from().name().text());
      local.put("formula", edge.slope().text());
      local.put("latex", edge.slope().latex());
      local.put("value", edge.value());
      locals.add(local);
    }
    map.put("derivatives", locals);
    return map;
  }

  private static Map<String, Object> paths(Walk walk, Explanation why) {
    List<Object> listed = new ArrayList<>();
    for (Explanation.Path path : why.paths()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put(
          "through", path.steps().stream().map(s -> walk.step(s.node()).name().text()).toList());
      one.put("factors", path.steps().stream().mapToDouble(Explanation.Step::derivative).toArray());
      one.put("product", path.product());
      listed.add(one);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", why.pathCount());
    map.put("listed", listed);
    map.put("others", why.remainder());
    return map;
  }
}
