package chainrule.cli;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.cli.report.JsonText;
import chainrule.graph.Explanation;
import chainrule.graph.GraphView;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule explain}. */
@Command(
    name = "explain",
    description = {
      "Explain a gradient: of one weight, of an expression, or of a trained network.",
      "",
      "Without arguments: one weight, one step. An expression has names, numbers, pi, + - * / ^,"
          + " parentheses and the functions of the table of derivatives; 'z = x*w; z^2' names what"
          + " is used again."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule explain",
      "  chainrule explain 'tanh(x1*w1 + x2*w2 + b)' x1=2 x2=0 w1=-3 w2=1 b=6.8813735870195432",
      "  chainrule explain 'x^3' x=3 --order 2",
      "  chainrule explain runs/digits/model.safetensors --data digits --row 3"
    })
final class ExplainCommand implements Callable<Integer> {
  private static final String ONE_WEIGHT = "z = W*x + b; L = (z - y)^2";
  private static final double USUAL_LR = 0.1;
  private static final List<String> ONE_POINT = List.of("W=0.5", "x=1", "b=0", "y=0");

  @ParentCommand private @Nullable Main main;

  @Parameters(
      arity = "0..*",
      paramLabel = "EXPRESSION NAME=VALUE | MODEL",
      description =
          "An expression and the values of its names; or a file model.safetensors, or a folder that"
              + " has one.")
  private List<String> words = List.of();

  @Mixin private DataOptions data = new DataOptions();
  @Mixin private RowOptions rows = new RowOptions();

  @Option(
      names = "--row",
      paramLabel = "K",
      description = "Of a model: the row to explain, counted from 0 (default 0).")
  private @Nullable Integer row;

  @Option(
      names = "--of",
      paramLabel = "NAME",
      description = "The input whose paths are shown (default: all of them).")
  private @Nullable String of;

  @Option(
      names = "--update",
      paramLabel = "NAMES",
      split = ",",
      description = "Inputs to show a step of gradient descent, momentum and Adam for.")
  private List<String> update = List.of();

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "The step's learning rate (default 0.1; of Adam 0.001).")
  private @Nullable Double lr;

  @Option(names = "--order", paramLabel = "N", description = "1, or 2 for second derivatives too.")
  private int order = 1;

  @Option(names = "--latex", description = "Print the equations in LaTeX and nothing else.")
  private boolean latex;

  @Option(names = "--json", description = "Print a JSON object and nothing else.")
  private boolean json;

  @Override
  public Integer call() {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    Choices.check(order == 1 || order == 2, "--order", order, "1 or 2");
    if (isModel()) {
      model(terminal);
    } else {
      expression(terminal);
    }
    terminal.out().flush();
    return Main.DONE;
  }

  /** Whether the first word is a model: what exists as a file or folder, or is asked rows of. */
  private boolean isModel() {
    return !words.isEmpty()
        && (row != null
            || data.data != null
            || words.getFirst().endsWith(".safetensors")
            || isFile(words.getFirst()));
  }

  private static boolean isFile(String word) {
    try {
      return Files.exists(Path.of(word));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void model(Terminal terminal) {
    if (words.size() > 1 || latex || of != null || !update.isEmpty()) {
      throw new UsageException(
          "%s: a model is explained by its rows (--data, --row); NAME=VALUE, --of, --update and"
                  .formatted(words.getFirst())
              + " --latex are for expressions");
    }
    Labelled labelled = Labelled.of(Path.of(words.getFirst()), data, rows);
    int size = labelled.set().size();
    int chosen = row == null ? 0 : row;
    if (chosen < 0 || chosen >= size) {
      throw new UsageException(
          "--row %d: %s has rows 0 to %d".formatted(chosen, labelled.set().name(), size - 1));
    }
    ModelLesson lesson = new ModelLesson(labelled, chosen, lr == null ? 0 : lr);
    if (json) {
      terminal.out().println(JsonText.of(lesson.toMap(order == 2)));
    } else {
      lesson.print(terminal, order == 2);
    }
  }

  private void expression(Terminal terminal) {
    boolean first = words.isEmpty();
    String text = first ? ONE_WEIGHT : words.getFirst();
    Expression expression = Expression.parse(text);
    Map<String, Parameter> leaves =
        Leaves.of(expression, first ? ONE_POINT : words.subList(1, words.size()));
    Walk walk = Walk.of(expression, leaves);
    if (latex) {
      terminal.out().println(ExpressionLesson.latex(walk));
      return;
    }
    List<Explanation> paths = paths(walk, leaves);
    if (json) {
      Map<String, Object> map = ExpressionJson.of(text, walk, paths);
      if (order == 2) {
        List<String> names = List.copyOf(leaves.keySet());
        double[][] rows = hessian(walk.result(), leaves);
        Map<String, Object> second = new LinkedHashMap<>();
        for (int i = 0; i < rows.length; i++) {
          second.put(names.get(i), named(names, rows[i]));
        }
        map.put("second", second);
      }
      terminal.out().println(JsonText.of(map));
      return;
    }
    Page page = new Page(terminal);
    if (first) {
      page.text(
          "One weight learns. A neuron computes z = W·x + b; it should say y; the loss L = (z − y)²"
              + " says how wrong it is. Which way should W move, and how far?");
      page.blank();
    }
    ExpressionLesson lesson = new ExpressionLesson(page, walk);
    lesson.print();
    paths.forEach(lesson::paths);
    if (order == 2) {
      lesson.second(List.copyOf(leaves.keySet()), hessian(walk.result(), leaves));
    }
    lesson.results();
    List<String> stepped = first && update.isEmpty() ? List.of("W") : update;
    if (!stepped.isEmpty()) {
      double rate = lr == null ? USUAL_LR : lr;
      page.heading("Update: a small step against the gradient, lr %s".formatted(JsonText.of(rate)));
      stepped.forEach(name -> lesson.update(name, rate));
      update.forEach(name -> lesson.steps(name, OneExample.rules(lr == null ? 0 : lr)));
    }
  }

  private List<Explanation> paths(Walk walk, Map<String, Parameter> leaves) {
    if (of != null && !leaves.containsKey(of)) {
      throw new UsageException(
          "--of %s: the expression has %s".formatted(of, String.join(", ", leaves.keySet())));
    }
    String chosen = words.isEmpty() ? "W" : of;
    GraphView view = GraphView.of(walk.result());
    List<Explanation> paths = new ArrayList<>();
    for (Walk.Step leaf : walk.leaves()) {
      String name = leaf.name().text();
      if (chosen == null || chosen.equals(name)) {
        paths.add(view.explain(Objects.requireNonNull(leaves.get(name))));
      }
    }
    return paths;
  }

  private static double[][] hessian(Tensor result, Map<String, Parameter> leaves) {
    List<Parameter> all = List.copyOf(leaves.values());
    GradOptions recorded = Autograd.createGraph().allowUnused(true);
    List<Tensor> first = Autograd.grad(result, all, recorded);
    double[][] rows = new double[all.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          Autograd.grad(first.get(i), all, GradOptions.DEFAULT.allowUnused(true)).stream()
              .mapToDouble(Tensor::item)
              .toArray();
    }
    return rows;
  }

  private static Map<String, Object> named(List<String> names, double[] values) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      map.put(names.get(i), values[i]);
    }
    return map;
  }
}
