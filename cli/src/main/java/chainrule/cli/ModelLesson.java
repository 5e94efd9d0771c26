package chainrule.cli;

import chainrule.cli.OneExample.Part;
import chainrule.cli.OneExample.Slope;
import chainrule.cli.OneExample.Weight;
import chainrule.cli.OneExample.Wish;
import chainrule.data.Dataset;
import chainrule.math.Formula;
import chainrule.math.Unary;
import chainrule.optim.UpdateRule;
import chainrule.tensor.Tensor;
import chainrule.train.Backprop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/** A lesson on one example in a trained network, in a terminal. */
final class ModelLesson {
  private static final int OUTPUTS = 10;
  private static final int UNITS = 4;
  private static final int PARTS = 3;
  private static final int WEIGHTS = 5;
  private static final int STEPS = 3;

  private final Labelled labelled;
  private final OneExample example;
  private final Dataset many;
  private final Map<String, UpdateRule> rules;
  private final int rowNumber;
  private final Dataset row;

  ModelLesson(Labelled labelled, int rowNumber, double lr) {
    this.labelled = labelled;
    this.rowNumber = rowNumber;
    this.row = labelled.set().rows(rowNumber);
    this.example = new OneExample(labelled.model().eval(), labelled.loss(), row.x(), row.y());
    this.many = labelled.first(HealthCommand.ROWS);
    this.rules = OneExample.rules(lr);
  }

  void print(Terminal terminal, boolean second) {
    Page page = new Page(terminal);
    terminal.field(
        "example",
        "row %d of %s (%s rows), which is %s"
            .formatted(
                rowNumber, labelled.set().name(), Terminal.count(labelled.set().size()), answer()));
    terminal.field(
        "loss", "%s %s".formatted(labelled.lossName(), Terminal.number(example.pass().loss())));
    outputs(terminal, page);
    layers(page);
    weights(terminal, page);
    batch(terminal, page);
    steps(terminal, page);
    if (second) {
      double curve = example.curvature();
      page.heading("Order 2: the gradient differentiated in its turn");
      page.text(
          "Along its own gradient g the loss bends by gᵀHg/gᵀg = %s%s"
              .formatted(
                  number(curve),
                  curve > 0
                      ? ": were it a parabola, a step of lr 1/%s = %s would reach its lowest point."
                          .formatted(number(curve), number(1 / curve))
                      : ": it bends down, and no parabola says how far to go."));
    }
  }

  private String answer() {
    return labelled.set().isClassification()
        ? labelled.set().classNames().get(row.y().toIntArray()[0])
        : number(row.y().toDoubleArray()[0]);
  }

  private String outputName(int unit) {
    List<String> names = labelled.set().classNames();
    return unit < names.size() ? names.get(unit) : "output " + unit;
  }

  private void outputs(Terminal terminal, Page page) {
    page.heading("What it says, and what the loss wishes: minus the slope at each output");
    boolean shares = labelled.lossName().equals("crossentropy");
    double[] p = shares ? example.pass().output().softmax(1).toDoubleArray() : new double[0];
    TextTable table =
        shares
            ? new TextTable("output", "says", "probability", "wish", "")
            : new TextTable("output", "says", "wish", "");
    List<Wish> wishes = example.outputWishes();
    for (Wish wish : wishes.subList(0, Math.min(OUTPUTS, wishes.size()))) {
      List<String> cells = new ArrayList<>();
      cells.add(outputName(wish.unit()));
      cells.add(number(wish.value()));
      if (shares) {
        cells.add(String.format(Locale.ROOT, "%.4f %%", 100 * p[wish.unit()]));
      }
      cells.add(signed(wish.wish()));
      cells.add(wish.wish() > 0 ? "rise" : wish.wish() < 0 ? "fall" : "stay");
      table.row(cells.toArray(String[]::new));
    }
    table.print(terminal);
    if (shares) {
      page.text(
          "With softmax and cross-entropy a wish is the answer, 1 for the right class and 0 for the"
              + " others, minus the probability: the surer and the more wrong, the louder.");
    }
  }

  private void layers(Page page) {
    page.heading("Back through the layers");
    for (Backprop.Layer layer : example.pass().layers().reversed()) {
      Tensor error = layer.error();
      if (error != null && OneExample.isLinear(layer)) {
        linear(page, layer);
      } else if (error != null) {
        page.text("%s: %s".formatted(title(layer), through(layer, error)));
      }
    }
  }

  private void linear(Page page, Backprop.Layer layer) {
    double[] sums = OneExample.summedBack(layer);
    double[] x = Objects.requireNonNull(layer.input()).toDoubleArray();
    Integer[] order = new Integer[sums.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -Math.abs(sums[i])));
    boolean last = layer.path().equals(example.pass().layers().getLast().path());
    boolean data = layer.path().equals(example.pass().layers().getFirst().path());
    if (data) {
      page.text(
          "%s: what it reads is the data, which cannot move; here the weights learn."
              .formatted(title(layer)));
      return;
    }
    page.text(
        "%s: a unit before it is wished the sum, over the units after it, of weight × wish. The"
                .formatted(title(layer))
            + " strongest of %d:".formatted(sums.length));
    for (int i = 0; i < Math.min(UNITS, order.length); i++) {
      int unit = order[i];
      List<Part> parts = OneExample.parts(layer, unit);
      StringJoiner sum = new StringJoiner(" + ");
      double rest = sums[unit];
      for (Part part : parts.subList(0, Math.min(PARTS, parts.size()))) {
        rest -= part.product();
        String name = last ? outputName(part.unit()) : "unit " + part.unit();
        sum.add("%s·%s [%s]".formatted(factor(part.weight()), factor(part.wish()), name));
      }
      if (parts.size() > PARTS) {
        sum.add(factor(rest) + " [others]");
      }
      page.line(
          "unit %d, now %s: %s = %s".formatted(unit, number(x[unit]), signed(sums[unit]), sum));
    }
  }

  /** What an activation, or any other layer, makes of the wishes. */
  private String through(Backprop.Layer layer, Tensor error) {
    for (Unary f : Unary.values()) {
      if (f.call().equals(layer.layer().type().toLowerCase(Locale.ROOT))) {
        Formula y = Formula.of("y");
        Formula x = Formula.of("x");
        String told =
            "y = %s, so a wish is multiplied by the slope y′ = %s"
                .formatted(x.map(f).text(), f.slope(x, y).text());
        Tensor input = layer.input();
        if (f == Unary.RELU && input != null) {
          int on = 0;
          for (double v : input.toDoubleArray()) {
            on += v > 0 ? 1 : 0;
          }
          told +=
              "; %d of %d units are on and pass theirs, the others pass nothing"
                  .formatted(on, input.size());
        }
        return told + ".";
      }
    }
    if (layer.layer().type().equals("Dropout")) {
      return "in use it passes everything.";
    }
    Wish strongest = OneExample.wishes(layer.output(), error).getFirst();
    return "the strongest wish at its %d outputs is %s, at number %d."
        .formatted(error.size(), signed(strongest.wish()), strongest.unit());
  }

  private String title(Backprop.Layer layer) {
    return "layer %s (%s)"
        .formatted(layer.path(), layer.layer())
        .replace("layer  (", "the layer (");
  }

  private void weights(Terminal terminal, Page page) {
    page.heading("Which weights matter most to this example");
    page.text(
        "By gradient, of all that is trained; in a linear layer it is the activation of the unit"
            + " that a weight comes from × the error of the unit that it leads to:");
    TextTable slopes = new TextTable("  parameter", "value", "gradient");
    for (Slope s : example.byGradient(WEIGHTS)) {
      slopes.row("  " + s.name(), number(s.value()), signed(s.gradient()));
    }
    slopes.print(terminal);
    List<Weight> all = example.weights();
    if (all.isEmpty()) {
      return;
    }
    page.blank();
    page.text(
        "By gradient × activation, the most effect for the effort: how far a step on a weight of a"
            + " linear layer moves the sum of its unit:");
    table(terminal, OneExample.byEffect(all, WEIGHTS));
  }

  private static void table(Terminal terminal, List<Weight> weights) {
    TextTable table =
        new TextTable("  weight", "value", "activation", "gradient", "effect of lr 1");
    for (Weight w : weights) {
      table.row(
          "  layer %s, unit %d ← %d".formatted(w.layer(), w.unit(), w.input()),
          number(w.value()),
          number(w.activation()),
          signed(w.gradient()),
          signed(w.effect()));
    }
    table.print(terminal);
  }

  private void batch(Terminal terminal, Page page) {
    page.heading("One voice among %s".formatted(Terminal.count(many.size())));
    page.text(
        "The step of a batch is the average of its examples' gradients. Beside that average this"
            + " example's is so long and points so (cosine 1: the same way, 0: across, −1:"
            + " against):");
    TextTable table = new TextTable("  parameter", "this one", "average", "cosine");
    for (OneExample.Comparison c : example.beside(many)) {
      table.row(
          "  " + c.parameter(),
          number(c.one()),
          number(c.average()),
          Double.isNaN(c.cosine())
              ? "–"
              : String.format(Locale.ROOT, "%+.3f", c.cosine()).replace('-', '−'));
    }
    table.print(terminal);
  }

  private void steps(Terminal terminal, Page page) {
    Slope s = example.byGradient(1).getFirst();
    page.heading("The step that each optimizer would take");
    page.text(
        "On the number with the largest gradient (%s: %s, gradient %s), starting"
                .formatted(s.name(), number(s.value()), signed(s.gradient()))
            + " fresh, if the gradient stayed the same:");
    TextTable table = new TextTable("  optimizer", "lr", "step 1", "step 2", "step 3");
    rules.forEach(
        (name, rule) -> {
          double[] moved = OneExample.steps(rule, s.value(), s.gradient(), STEPS);
          table.row(
              "  " + name, number(rule.lr()), signed(moved[0]), signed(moved[1]), signed(moved[2]));
        });
    table.print(terminal);
    page.text(
        "SGD goes by the gradient alone; momentum picks up speed where gradients agree; Adam"
            + " divides by their size, so that its first step is about lr whatever the gradient.");
  }

  Map<String, Object> toMap(boolean second) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("row", rowNumber);
    map.put("data", labelled.set().name());
    map.put("answer", answer());
    map.put("lossName", labelled.lossName());
    map.put("loss", example.pass().loss());
    map.put(
        "outputs",
        example.outputWishes().stream()
            .map(w -> Map.of("name", outputName(w.unit()), "value", w.value(), "wish", w.wish()))
            .toList());
    List<Object> layers = new ArrayList<>();
    for (Backprop.Layer layer : example.pass().layers()) {
      Tensor error = layer.error();
      if (error != null) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("layer", layer.path());
        one.put("type", layer.layer().type());
        one.put("values", layer.output().toDoubleArray());
        one.put("wishes", error.neg().toDoubleArray());
        layers.add(one);
      }
    }
    map.put("layers", layers);
    map.put(
        "byGradient",
        example.byGradient(WEIGHTS).stream()
            .map(s -> Map.of("parameter", s.name(), "value", s.value(), "gradient", s.gradient()))
            .toList());
    map.put("byEffect", maps(OneExample.byEffect(example.weights(), WEIGHTS)));
    map.put(
        "beside",
        example.beside(many).stream()
            .map(
                c ->
                    Map.of(
                        "parameter", c.parameter(),
                        "one", c.one(),
                        "average", c.average(),
                        "cosine", c.cosine()))
            .toList());
    Slope s = example.byGradient(1).getFirst();
    Map<String, Object> steps = new LinkedHashMap<>();
    rules.forEach(
        (name, rule) -> steps.put(name, OneExample.steps(rule, s.value(), s.gradient(), STEPS)));
    map.put("steps", steps);
    if (second) {
      map.put("curvature", example.curvature());
    }
    return map;
  }

  private static List<Object> maps(List<Weight> weights) {
    List<Object> maps = new ArrayList<>();
    for (Weight w : weights) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("layer", w.layer());
      map.put("unit", w.unit());
      map.put("input", w.input());
      map.put("value", w.value());
      map.put("activation", w.activation());
      map.put("gradient", w.gradient());
      map.put("effect", w.effect());
      maps.add(map);
    }
    return maps;
  }

  private static String number(double x) {
    return Terminal.number(x).replace('-', '−');
  }

  private static String signed(double x) {
    return x > 0 ? "+" + number(x) : number(x);
  }

  private static String factor(double x) {
    return x < 0 ? "(" + number(x) + ")" : number(x);
  }
}
