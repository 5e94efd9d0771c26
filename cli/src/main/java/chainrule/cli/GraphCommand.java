package chainrule.cli;

import chainrule.autograd.Autograd;
import chainrule.graph.GraphView;
import chainrule.math.Philox;
import chainrule.nn.Module;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code chainrule graph}. */
@Command(
    name = "graph",
    description = {
      "Draw the computational graph of an expression, or of a small network.",
      "",
      "An expression has names, numbers, pi, + - * / ^, parentheses and the functions of the table"
          + " of derivatives. Without --out and --format its value and gradients are printed."
    },
    footerHeading = "%nExamples%n",
    footer = {
      "  chainrule graph 'tanh(x1*w1 + x2*w2 + b)' x1=2 x2=0 w1=-3 w2=1 b=6.88 --out neuron.svg",
      "  chainrule graph 'x^3' x=3",
      "  chainrule graph --inputs 2 --hidden 3,2 --out net.svg"
    })
final class GraphCommand implements Callable<Integer> {
  private static final int MOST_WEIGHTS = 100_000;

  @ParentCommand private @Nullable Main main;

  @Parameters(
      arity = "0..*",
      paramLabel = "EXPRESSION NAME=VALUE",
      description = "The expression and the values of its names.")
  private List<String> words = List.of();

  @Option(names = "--inputs", paramLabel = "N", description = "Of a network (default 2).")
  private int inputs = 2;

  @Option(names = "--hidden", paramLabel = "SIZES", description = "Of a network, such as 3,2.")
  private @Nullable String hidden;

  @Option(names = "--outputs", paramLabel = "N", description = "Of a network (default 1).")
  private int outputs = 1;

  @Option(names = "--activation", paramLabel = "NAME", description = "Of a network (default tanh).")
  private String activation = "tanh";

  @Option(names = "--seed", paramLabel = "N", description = "Of a network's weights (default 1).")
  private long seed = 1;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "svg, dot or json; default by the ending of --out.")
  private @Nullable String format;

  @Option(names = "--out", paramLabel = "FILE", description = "Write there instead of printing.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Objects.requireNonNull(main).terminal();
    if (words.isEmpty() == (hidden == null)) {
      throw new UsageException(
          "give an expression such as 'tanh(x*w + b)', or a network with --hidden 3,2");
    }
    Map<String, Parameter> leaves = new LinkedHashMap<>();
    Tensor result = hidden == null ? expression(leaves) : network(hidden);
    String chosen = chosenFormat();
    if (chosen.isEmpty()) {
      print(terminal, result, leaves);
      return Main.DONE;
    }
    GraphView view = GraphView.of(result);
    write(terminal, result.size() == 1 ? view.withGradients() : view, chosen);
    return Main.DONE;
  }

  private Tensor expression(Map<String, Parameter> leaves) {
    Expression expression = Expression.parse(words.getFirst());
    leaves.putAll(Leaves.of(expression, words.subList(1, words.size())));
    Map<String, Tensor> values = new LinkedHashMap<>(leaves);
    return expression.evaluate(values, Tensor::scalar);
  }

  private Tensor network(String sizes) {
    if (inputs < 1 || outputs < 1) {
      throw new UsageException("--inputs and --outputs must be 1 or more");
    }
    List<Integer> layers = Choices.hidden(sizes);
    long weights = 0;
    long width = inputs;
    for (int size : layers) {
      weights += width * size;
      width = size;
    }
    if (weights + width * outputs > MOST_WEIGHTS) {
      throw new UsageException(
          "--hidden %s: a network of more than %d weights is not drawn"
              .formatted(sizes, MOST_WEIGHTS));
    }
    Module model = Choices.network(inputs, outputs, layers, activation, 0).init(seed);
    Parameter x = Tensor.randn(DType.F32, new Philox(seed, "graph"), 1, inputs).requiresGrad();
    x.name("x");
    return model.forward(x);
  }

  private String chosenFormat() {
    String chosen = format;
    if (chosen == null && out != null) {
      String file = out.toString();
      chosen = file.substring(file.lastIndexOf('.') + 1);
    }
    if (chosen == null) {
      return "";
    }
    String name = chosen.toLowerCase(Locale.ROOT);
    if (!List.of("svg", "dot", "json").contains(name)) {
      throw new UsageException(
          (format != null ? "--format " + format : "--out " + out)
              + ": a graph is written as svg, dot or json");
    }
    return name;
  }

  private void write(Terminal terminal, GraphView view, String chosen) throws IOException {
    if (out == null) {
      terminal
          .out()
          .println(
              switch (chosen) {
                case "svg" -> view.toSvg();
                case "dot" -> view.toDot();
                default -> view.toJson();
              });
      return;
    }
    switch (chosen) {
      case "svg" -> view.writeSvg(out);
      case "dot" -> view.writeDot(out);
      default -> view.writeJson(out);
    }
    terminal.field("written", "%s: %s".formatted(out, view));
  }

  private static void print(Terminal terminal, Tensor result, Map<String, Parameter> leaves) {
    if (leaves.isEmpty()) {
      terminal.field("graph", GraphView.of(result).toString());
      terminal.field("value", result.toString());
      return;
    }
    terminal.field("value", Double.toString(result.item()));
    List<Parameter> all = new ArrayList<>(leaves.values());
    List<Tensor> gradients = Autograd.grad(result, all);
    TextTable table = new TextTable("name", "value", "gradient");
    for (int i = 0; i < all.size(); i++) {
      table.row(
          all.get(i).name(),
          Double.toString(all.get(i).item()),
          Double.toString(gradients.get(i).item()));
    }
    table.print(terminal);
  }
}
