package chainrule.graph;

import chainrule.math.Formula;
import chainrule.tensor.CustomOp;
import chainrule.tensor.DType;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Fused;
import chainrule.tensor.Indexed;
import chainrule.tensor.LinearOp;
import chainrule.tensor.MatMul;
import chainrule.tensor.Node;
import chainrule.tensor.Op;
import chainrule.tensor.Search;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recorded computation as formulas of its leaves, with names for what is long or shared.
 */
final class GraphExpression {
  private static final int MOST_OPERATIONS = 200;
  private static final int LONG = 64;
  private static final int SHORT = 12;

  private final Map<Node, Formula> written = new IdentityHashMap<>();
  private final Map<Node, Integer> readers = new IdentityHashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final List<String> lines = new ArrayList<>();
  private final Map<String, Integer> counters = new HashMap<>();

  private GraphExpression() {}

  /** Lines such as {@code y = tanh(v1 + b)}, the last operation's first. */
  static String of(List<Node> nodes) {
    return new GraphExpression().write(nodes);
  }

  private String write(List<Node> nodes) {
    int operations = 0;
    for (Node node : nodes) {
      operations += node.op().isPresent() ? 1 : 0;
    }
    if (operations > MOST_OPERATIONS) {
      return "y = the result of " + operations + " operations";
    }
    for (Node node : nodes) {
      node.parameter().ifPresent(p -> taken.add(p.name()));
      for (Node input : node.inputs()) {
        if (input != null) {
          readers.merge(input, 1, Integer::sum);
        }
      }
    }
    Node root = nodes.getLast();
    for (Node node : nodes) {
      Formula f = formula(node);
      int length = f.text().length();
      if (node != root
          && node.op().isPresent()
          && (length > LONG || (length > SHORT && readers.getOrDefault(node, 0) > 1))) {
        String name = fresh("v");
        lines.add(name + " = " + f.text());
        f = Formula.of(name);
      }
      written.put(node, f);
    }
    lines.add("y = " + written.getOrDefault(root, Formula.of("")).text());
    return String.join("\n", lines.reversed());
  }

  private String fresh(String stem) {
    String name;
    do {
      name = stem + counters.merge(stem, 1, Integer::sum);
    } while (!taken.add(name));
    return name;
  }

  private Formula formula(Node node) {
    Op op = node.op().orElse(null);
    if (op == null) {
      return Formula.of(node.name().isEmpty() ? fresh("x") : node.name());
    }
    List<Formula> in = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      in.add(operand(node, i, node.inputs().get(i)));
    }
    return switch (op) {
      case Elementwise.Map(var f) -> in.getFirst().map(f);
      case Elementwise.Zip(var f) -> in.getFirst().zip(f, in.getLast());
      case Elementwise.Select() -> in.getFirst().select(in.get(1), in.get(2));
      case LinearOp linear when in.size() == 1 && plain(linear, node) -> in.getFirst();
      case LinearOp _, MatMul _, Indexed _, Search _, Fused _, CustomOp _ -> call(op, in);
    };
  }

  /** Whether an operation hands a single number on as it is. */
  private static boolean plain(LinearOp op, Node node) {
    return !(op instanceof LinearOp.Cast)
        && node.inputShape(0).size() == 1
        && node.shape().size() == 1;
  }

  private static Formula call(Op op, List<Formula> in) {
    List<String> text = in.stream().map(Formula::text).toList();
    List<String> latex = in.stream().map(Formula::latex).toList();
    String name = GraphFormulas.word(op);
    return new Formula(
        name + "(" + String.join(", ", text) + ")",
        "\\operatorname{" + name + "}\\left(" + String.join(", ", latex) + "\\right)",
        Formula.ATOM);
  }

  private Formula operand(Node node, int i, @Nullable Node input) {
    if (input != null) {
      return written.getOrDefault(input, Formula.of("?"));
    }
    Tensor value = node.input(i).orElse(null);
    if (value == null || value.size() != 1) {
      return Formula.of("[" + node.inputShape(i) + "]");
    }
    double v = value.toDoubleArray()[0];
    return Formula.number(
        value.dtype() == DType.F32 ? Double.parseDouble(Float.toString((float) v)) : v);
  }
}
