package chainrule.cli;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.math.Formula;
import chainrule.math.Num;
import chainrule.math.Real;
import chainrule.tensor.Elementwise;
import chainrule.tensor.Node;
import chainrule.tensor.OpListener;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A recorded computation on single numbers as named steps, with the local derivatives that the
 * table gives, and the reverse sweep over it in the order in which it went.
 */
final class Walk {
  /** A leaf, or one operation. */
  static final class Step {
    private final Node node;
    private final Formula name;
    private final double value;
    private final @Nullable Formula formula;
    private final List<Edge> operands = new ArrayList<>();
    private final List<Edge> readers = new ArrayList<>();
    private double gradient;

    private Step(Node node, Formula name, double value, @Nullable Formula formula) {
      this.node = node;
      this.name = name;
      this.value = value;
      this.formula = formula;
    }

    Formula name() {
      return name;
    }

    double value() {
      return value;
    }

    /** How it follows from its operands; null for a leaf. */
    @Nullable Formula formula() {
      return formula;
    }

    /** The steps it reads; numbers are no steps. */
    List<Edge> operands() {
      return operands;
    }

    /** The steps that read it. */
    List<Edge> readers() {
      return readers;
    }

    /** The derivative of the result towards it, as the sweep found it. */
    double gradient() {
      return gradient;
    }
  }

  /**
   * One operand of one step.
   *
   * @param slope the local derivative, as the table has it
   * @param value its value
   */
  record Edge(Step from, Step to, Formula slope, double value) {}

  private final Tensor result;
  private final Map<Node, Step> steps = new IdentityHashMap<>();
  private final List<Step> forward = new ArrayList<>();
  private final List<Step> backward = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> counters = new HashMap<>();

  private Walk(Tensor result) {
    this.result = result;
  }

  /** An expression at the values of its leaves, forward and back. */
  static Walk of(Expression expression, Map<String, Parameter> leaves) {
    Map<Node, String> names = new IdentityHashMap<>();
    Map<String, Tensor> values = new HashMap<>(leaves);
    Tensor result =
        Tape.expressions(
            () ->
                expression.evaluate(
                    values,
                    Tensor::scalar,
                    (name, tensor) -> {
                      Node node = tensor.node();
                      if (node != null) {
                        names.putIfAbsent(node, name);
                      }
                    }));
    Node root = result.node();
    if (root == null) {
      throw new UsageException(
          "no derivative passes to any name: the result depends on none, or only through steps such"
              + " as floor, whose slope is 0");
    }
    Walk walk = new Walk(result);
    walk.taken.addAll(expression.variables());
    walk.taken.addAll(names.values());
    if (root.op().isPresent()) {
      names.putIfAbsent(root, walk.fresh("y"));
    }
    walk.forward(root, names);
    walk.sweep(leaves.values());
    return walk;
  }

  /** The result. */
  Step root() {
    return forward.getLast();
  }

  Tensor result() {
    return result;
  }

  /** All steps, operands before results. */
  List<Step> forward() {
    return forward;
  }

  /** All steps in the order in which their gradients were complete. */
  List<Step> backward() {
    return backward;
  }

  /** The steps that no operation made. */
  List<Step> leaves() {
    return forward.stream().filter(s -> s.formula == null).toList();
  }

  /** The step of a node by its number. */
  Step step(long id) {
    return forward.stream().filter(s -> s.node.id() == id).findFirst().orElseThrow();
  }

  private void forward(Node root, Map<Node, String> names) {
    Map<String, Integer> bound = new HashMap<>();
    for (Node node : reachable(root)) {
      Elementwise op = (Elementwise) node.op().orElse(null);
      Tensor value = node.value().orElseThrow();
      if (op == null) {
        add(new Step(node, name(node.name()), value.item(), null));
        continue;
      }
      List<Folded> formulas = new ArrayList<>();
      List<Real> numbers = new ArrayList<>();
      for (int i = 0; i < node.inputs().size(); i++) {
        Node input = node.inputs().get(i);
        double x = node.input(i).orElseThrow().item();
        formulas.add(input == null ? Folded.number(x) : Folded.of(known(input).name));
        numbers.add(new Real(x));
      }
      String given = names.get(node);
      int times = given == null ? 0 : bound.merge(given, 1, Integer::sum);
      Formula name =
          given == null
              ? name(fresh("v"))
              : times == 1 ? name(given) : name(fresh(given + "_", times));
      Step step = new Step(node, name, value.item(), value(op, formulas).formula());
      for (int i = 0; i < node.inputs().size(); i++) {
        Node input = node.inputs().get(i);
        if (input != null) {
          Edge edge =
              new Edge(
                  known(input),
                  step,
                  slope(op, i, formulas, Folded.of(name)).formula(),
                  slope(op, i, numbers, new Real(value.item())).value());
          step.operands.add(edge);
          known(input).readers.add(edge);
        }
      }
      add(step);
    }
  }

  private void add(Step step) {
    steps.put(step.node, step);
    forward.add(step);
  }

  private Step known(Node node) {
    Step step = steps.get(node);
    if (step == null) {
      throw new IllegalStateException("an operand after its result: " + node);
    }
    return step;
  }

  /** Everything the root was computed from; numbers grow with time, so operands come first. */
  private static List<Node> reachable(Node root) {
    Set<Node> found = new HashSet<>();
    List<Node> open = new ArrayList<>(List.of(root));
    while (!open.isEmpty()) {
      Node node = open.removeLast();
      if (found.add(node)) {
        node.inputs().stream().filter(input -> input != null).forEach(open::add);
      }
    }
    return found.stream().sorted(Comparator.comparingLong(Node::id)).toList();
  }

  /** An operation of the table, in any arithmetic. */
  private static <E extends Num<E>> E value(Elementwise op, List<E> in) {
    return switch (op) {
      case Elementwise.Map(var f) -> in.getFirst().map(f);
      case Elementwise.Zip(var f) -> in.getFirst().zip(f, in.getLast());
      case Elementwise.Select() -> in.getFirst().select(in.get(1), in.get(2));
    };
  }

  /** Its local derivative towards operand i, in any arithmetic: the line of the table. */
  private static <E extends Num<E>> E slope(Elementwise op, int i, List<E> in, E y) {
    E first = in.getFirst();
    E one = y.constant(1);
    E zero = y.constant(0);
    return switch (op) {
      case Elementwise.Map(var f) -> f.slope(first, y);
      case Elementwise.Zip(var f) ->
          i == 0 ? f.slopeA(first, in.getLast(), y) : f.slopeB(first, in.getLast(), y);
      case Elementwise.Select() ->
          i == 0 ? zero : i == 1 ? first.select(one, zero) : first.select(zero, one);
    };
  }

  /** Runs the engine's reverse sweep and listens to it. */
  private void sweep(Collection<Parameter> leaves) {
    OpListener listener =
        new OpListener() {
          @Override
          public void backward(Node node, Tensor g, @Nullable Tensor[] gradients) {
            Step step = known(node);
            step.gradient = g.item();
            backward.add(step);
          }
        };
    List<Parameter> used = leaves.stream().filter(leaf -> steps.containsKey(leaf.node())).toList();
    GradOptions options = GradOptions.DEFAULT.allowUnused(true);
    List<Tensor> found = Tape.listen(listener, () -> Autograd.grad(result, used, options));
    for (int i = 0; i < used.size(); i++) {
      Step leaf = known(Objects.requireNonNull(used.get(i).node()));
      leaf.gradient = found.get(i).item();
      backward.add(leaf);
    }
  }

  private String fresh(String stem) {
    String name = stem.equals("y") ? stem : stem + counters.merge(stem, 1, Integer::sum);
    while (!taken.add(name)) {
      name = stem + counters.merge(stem, 1, Integer::sum);
    }
    return name;
  }

  private String fresh(String stem, int first) {
    counters.putIfAbsent(stem, first - 1);
    return fresh(stem);
  }

  /** A name as text and as LaTeX, in which what follows its letters is an index. */
  private static Formula name(String text) {
    int letters = 0;
    while (letters < text.length() && Character.isLetter(text.charAt(letters))) {
      letters++;
    }
    String stem = text.substring(0, letters);
    String index = text.substring(letters).replaceFirst("^_", "").replace("_", "\\_");
    String latex = stem.length() > 1 ? "\\mathit{" + stem + "}" : stem;
    return new Formula(text, index.isEmpty() ? latex : latex + "_{" + index + "}", Formula.ATOM);
  }
}
