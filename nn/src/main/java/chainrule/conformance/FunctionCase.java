package chainrule.conformance;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradCheck;
import chainrule.autograd.GradOptions;
import chainrule.formats.Models;
import chainrule.formats.SavedModel;
import chainrule.nn.Module;
import chainrule.nn.Sequential;
import chainrule.optim.Adam;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A layer or a loss: tensors to tensors, with a gradient, held to PyTorch's. */
final class FunctionCase implements Case {
  /** How a module is applied to the inputs of a fixture, by name. */
  interface Call {
    List<Tensor> of(Module module, Map<String, Tensor> in);
  }

  /** Inputs whose names start so receive no gradient. */
  private static final String FIXED = "fixed_";

  /** Inputs that are turned into numbers of Java. */
  private static final Set<String> LENGTHS = Set.of("lengths", "times");

  private static final List<DType> DTYPES = List.of(DType.F64, DType.F32);

  /** Of a training whose inputs move too: so small that they stay where a loss is defined. */
  private static final double LR = 1e-4;

  private final Kind kind;
  private final String subject;
  private final String name;
  private final Supplier<? extends Module> build;
  private final Call call;
  private final Function<Map<String, Tensor>, Map<String, Object>> options;
  private final Map<String, String> exempt = new LinkedHashMap<>();
  private final Map<DType, Run> runs = new EnumMap<>(DType.class);
  private Map<String, UnaryOperator<Tensor>> functions = Map.of();
  private Map<String, Tensor> differencesAt = Map.of();
  private boolean random;

  /** A layer. */
  FunctionCase(String subject, String name, Supplier<? extends Module> build, Call call) {
    this(Kind.LAYER, subject, name, build, call, _ -> build.get().config());
  }

  /** A loss, whose options can be among the inputs. */
  FunctionCase(
      String subject,
      String name,
      Function<Map<String, Tensor>, Tensor> loss,
      Function<Map<String, Tensor>, Map<String, Object>> options) {
    this(Kind.LOSS, subject, name, Sequential::new, (_, in) -> List.of(loss.apply(in)), options);
  }

  private FunctionCase(
      Kind kind,
      String subject,
      String name,
      Supplier<? extends Module> build,
      Call call,
      Function<Map<String, Tensor>, Map<String, Object>> options) {
    this.kind = kind;
    this.subject = subject;
    this.name = name;
    this.build = build;
    this.call = call;
    this.options = options;
  }

  /** What a module and its gradients gave, each by name. */
  private record Run(
      Map<String, Tensor> outputs,
      Map<String, Tensor> inputGradients,
      Map<String, Tensor> weightGradients,
      Map<String, Tensor> buffers,
      Map<String, Tensor> evaluated) {}

  /**
   * Leaves a column out, for the reason given.
   *
   * @return this case
   */
  FunctionCase without(String column, String reason) {
    exempt.put(column, reason);
    return this;
  }

  /**
   * Takes differences at other inputs than the fixture's, where those are no place for them: the
   * gradient of an embedding's row for padding is 0 by definition.
   */
  FunctionCase differencesAt(Map<String, Tensor> in) {
    differencesAt = in;
    return this;
  }

  /** A layer whose file names functions. */
  FunctionCase functions(Map<String, UnaryOperator<Tensor>> named) {
    functions = named;
    return this;
  }

  /**
   * A layer whose elements are dropped at random: the fixture holds what becomes of those that are
   * kept.
   */
  FunctionCase random() {
    random = true;
    return this;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String subject() {
    return subject;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Object> options() {
    return options.apply(inputs(DType.F64));
  }

  @Override
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    if (kind == Kind.LOSS) {
      add(cells, Columns.VALUE, this::forward);
      add(cells, Columns.GRADIENT, this::inputGradients);
    } else {
      add(cells, Columns.FORWARD, this::forward);
      add(cells, Columns.INPUT_GRADIENT, this::inputGradients);
      add(cells, Columns.WEIGHT_GRADIENT, this::weightGradients);
    }
    add(cells, Columns.ORDER_1, () -> gradCheck(1));
    add(cells, Columns.ORDER_2, () -> gradCheck(2));
    if (kind == Kind.LAYER) {
      add(cells, Columns.TRAIN_EVAL, this::trainEval);
      add(cells, Columns.SAVED, this::saved);
    }
    add(cells, Columns.COMPILED, this::compiled);
    return cells;
  }

  private void add(List<Cell> cells, String column, Supplier<Verdict> check) {
    String reason = exempt.get(column);
    cells.add(new Cell(column, reason == null ? check : () -> Verdict.notApplicable(reason)));
  }

  private Fixture fixture() {
    return Fixture.of(kind, subject);
  }

  private Map<String, Tensor> reference(String role) {
    return fixture().get(name, role);
  }

  // ---------------------------------------------------------------- one run

  private Module module(DType dtype) {
    Module module = Module.in(dtype, build::get);
    Map<String, Tensor> state = new LinkedHashMap<>(cast(reference("param"), dtype));
    state.putAll(cast(reference("buffer"), dtype));
    module.loadStateDict(state);
    return module.train();
  }

  /** The inputs, those that receive a gradient as leaves. */
  private Map<String, Tensor> inputs(DType dtype) {
    Map<String, Tensor> in = new LinkedHashMap<>();
    cast(reference("in"), dtype)
        .forEach(
            (key, x) ->
                in.put(
                    key, x.dtype().isFloating() && !key.startsWith(FIXED) ? x.requiresGrad() : x));
    if (in.isEmpty()) {
      throw new IllegalStateException(
          "%s has no case %s; write it with nn/src/conformance/generate.py"
              .formatted(fixture().file(), name));
    }
    return in;
  }

  private static Map<String, Parameter> leaves(Map<String, Tensor> in) {
    Map<String, Parameter> leaves = new LinkedHashMap<>();
    in.forEach(
        (key, x) -> {
          if (x instanceof Parameter leaf) {
            leaves.put(key, leaf);
          }
        });
    return leaves;
  }

  private static Map<String, Tensor> cast(Map<String, Tensor> tensors, DType dtype) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    tensors.forEach((key, t) -> out.put(key, t.dtype().isFloating() ? t.to(dtype) : t));
    return out;
  }

  private static Map<String, Tensor> numbered(List<Tensor> tensors) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    tensors.forEach(t -> out.put(Integer.toString(out.size()), t.detach()));
    return out;
  }

  private Run run(DType dtype) {
    return runs.computeIfAbsent(dtype, this::newRun);
  }

  private Run newRun(DType dtype) {
    Module module = module(dtype);
    Map<String, Tensor> in = inputs(dtype);
    Map<String, Parameter> xs = leaves(in);
    Map<String, Parameter> ws = module.namedParameters();
    List<Tensor> outputs = call.of(module, in);
    Map<String, Tensor> given = cast(reference("g"), dtype);
    Tensor total = total(outputs, given, dtype);
    List<Parameter> all = new ArrayList<>(xs.values());
    all.addAll(ws.values());
    List<Tensor> gradients =
        total.isTracked()
            ? Autograd.grad(total, all, GradOptions.DEFAULT.allowUnused(true))
            : List.of();
    Map<String, Tensor> byInput = new LinkedHashMap<>();
    Map<String, Tensor> byWeight = new LinkedHashMap<>();
    for (Tensor gradient : gradients) {
      int i = byInput.size();
      if (i < xs.size()) {
        byInput.put(List.copyOf(xs.keySet()).get(i), gradient);
      } else {
        byWeight.put(List.copyOf(ws.keySet()).get(byWeight.size()), gradient);
      }
    }
    Map<String, Tensor> buffers = new LinkedHashMap<>();
    module.namedBuffers().forEach((key, b) -> buffers.put(key, b.value()));
    return new Run(numbered(outputs), byInput, byWeight, buffers, numbered(evaluated(module, in)));
  }

  private static Tensor total(List<Tensor> outputs, Map<String, Tensor> given, DType dtype) {
    Tensor total = Tensor.zeros(dtype);
    for (int i = 0; i < outputs.size(); i++) {
      Tensor g = Objects.requireNonNull(given.get(Integer.toString(i)), "g/" + i);
      total = total.add(outputs.get(i).mul(g).sum());
    }
    return total;
  }

  private List<Tensor> evaluated(Module module, Map<String, Tensor> in) {
    module.eval();
    return Tape.noGrad(() -> call.of(module, in));
  }

  // ---------------------------------------------------------------- the columns

  private Verdict forward() {
    return each(dtype -> Deviation.of(dtype, kept(dtype, run(dtype).outputs), reference("out")));
  }

  private Verdict inputGradients() {
    Map<String, Tensor> reference = reference("grad/in");
    if (reference.isEmpty()) {
      return Verdict.notApplicable("no input receives a gradient");
    }
    return each(dtype -> Deviation.of(dtype, keptGradients(dtype), reference));
  }

  private Verdict weightGradients() {
    Map<String, Tensor> reference = reference("grad/param");
    if (reference.isEmpty() && run(DType.F64).weightGradients.isEmpty()) {
      return Verdict.notApplicable("no weights");
    }
    return each(dtype -> Deviation.of(dtype, run(dtype).weightGradients, reference));
  }

  private Verdict gradCheck(int order) {
    Module module = module(DType.F64);
    Map<String, Tensor> in = inputs(DType.F64);
    in.putAll(differencesAt);
    List<Parameter> moved = new ArrayList<>(leaves(in).values());
    moved.addAll(module.parameters());
    if (moved.isEmpty()) {
      return Verdict.notApplicable("nothing receives a gradient");
    }
    var how = GradCheck.Options.DEFAULT;
    GradCheck.Report report =
        GradCheck.check(() -> joined(call.of(module, in)), moved, how.orders(order));
    return order == 1
        ? Verdict.within(report.order1(), how.bound1(), String.valueOf(report.worst1()))
        : Verdict.within(report.order2(), how.bound2(), String.valueOf(report.worst2()));
  }

  private static Tensor joined(List<Tensor> outputs) {
    return outputs.size() == 1
        ? outputs.getFirst()
        : Tensor.cat(0, outputs.stream().map(y -> y.flatten()).toList());
  }

  private Verdict trainEval() {
    Map<String, Tensor> evaluated = reference("eval");
    boolean differs = !bitsEqual(reference("out"), evaluated);
    String what = differs ? "differs in evaluation" : "the same in both modes";
    return each(
        dtype -> {
          Run run = run(dtype);
          if (differs == bitsEqual(run.outputs, run.evaluated)) {
            return Verdict.failed(dtype + ": PyTorch's " + what);
          }
          return Deviation.of(dtype, run.evaluated, evaluated)
              .and(Deviation.of(dtype, run.buffers, reference("after")));
        });
  }

  private static boolean bitsEqual(Map<String, Tensor> first, Map<String, Tensor> second) {
    return Deviation.bits("", first, second).passed();
  }

  private Verdict saved() {
    return each(
        dtype -> {
          Module module = module(dtype);
          Map<String, Tensor> in = inputs(dtype);
          Tape.noGrad(() -> call.of(module, in));
          byte[] file = Models.bytes(SavedModel.of(module));
          Module loaded = Models.parse(subject, file, functions).model();
          if (!loaded.toString().equals(module.toString())) {
            return Verdict.failed("saved %s, loaded %s".formatted(module, loaded));
          }
          Map<String, Tensor> before = numbered(evaluated(module, in));
          Map<String, Tensor> after = numbered(evaluated(loaded, in));
          return Deviation.bits("state", module.stateDict(), loaded.stateDict())
              .and(Deviation.bits("output", before, after));
        });
  }

  /** A training as it is written and one that is compiled: the same bits after 200 steps. */
  private Verdict compiled() {
    return each(
        dtype -> {
          Map<String, Tensor> given = cast(reference("g"), dtype);
          Map<String, Tensor> all = inputs(dtype);
          if (leaves(all).isEmpty() && module(dtype).parameters().isEmpty()) {
            return Verdict.notApplicable("nothing receives a gradient");
          }
          List<Tensor> in = List.copyOf(inputsOf(all).values());
          return CompiledTraining.verdict(() -> training(dtype, given), in);
        });
  }

  /** The inputs that are no parameters, and not lengths, which are part of the program. */
  private static Map<String, Tensor> inputsOf(Map<String, Tensor> in) {
    Map<String, Tensor> out = new LinkedHashMap<>(in);
    out.values().removeIf(Parameter.class::isInstance);
    out.keySet().removeAll(LENGTHS);
    return out;
  }

  private CompiledTraining training(DType dtype, Map<String, Tensor> given) {
    Module module = module(dtype);
    Map<String, Tensor> in = inputs(dtype);
    Map<String, Parameter> moved = new LinkedHashMap<>(leaves(in));
    module.namedParameters().forEach((key, p) -> moved.put("module." + key, p));
    List<String> others = List.copyOf(inputsOf(in).keySet());
    return new CompiledTraining(
        moved,
        module.namedBuffers(),
        x -> {
          Map<String, Tensor> now = new LinkedHashMap<>(in);
          for (int i = 0; i < others.size(); i++) {
            now.put(others.get(i), x.get(i));
          }
          return total(call.of(module, now), given, dtype);
        },
        new Adam(moved.values(), Adam.options().lr(LR)));
  }

  @Override
  public String digest() {
    return DTYPES.stream()
        .map(
            dtype -> {
              Run run = run(dtype);
              return List.of(
                      run.outputs,
                      run.inputGradients,
                      run.weightGradients,
                      run.buffers,
                      run.evaluated)
                  .stream()
                  .map(Deviation::hash)
                  .map(Integer::toHexString)
                  .collect(Collectors.joining(" "));
            })
        .collect(Collectors.joining(" "));
  }

  private interface Check {
    Verdict in(DType dtype);
  }

  private static Verdict each(Check check) {
    return DTYPES.stream().map(check::in).reduce(Verdict::and).orElseThrow();
  }

  // ---------------------------------------------------------------- random elements

  /** The outputs; where elements are dropped, PyTorch's kept element stands for a dropped one. */
  private Map<String, Tensor> kept(DType dtype, Map<String, Tensor> outputs) {
    return random ? filled(dtype, outputs, outputs, reference("out")) : outputs;
  }

  private Map<String, Tensor> keptGradients(DType dtype) {
    Run run = run(dtype);
    if (!random) {
      return run.inputGradients;
    }
    Map<String, Tensor> reference = new LinkedHashMap<>();
    run.outputs.keySet().forEach(key -> reference.put(key, first(reference("grad/in"))));
    Map<String, Tensor> own = Map.of("0", first(run.inputGradients));
    Tensor filled = first(filled(dtype, run.outputs, own, reference));
    return Map.of(run.inputGradients.keySet().iterator().next(), filled);
  }

  private static Tensor first(Map<String, Tensor> tensors) {
    return tensors.values().iterator().next();
  }

  /** What must be 0 where the mask is 0 is taken from the reference there. */
  private static Map<String, Tensor> filled(
      DType dtype,
      Map<String, Tensor> masks,
      Map<String, Tensor> tensors,
      Map<String, Tensor> reference) {
    double[] mask = first(masks).toDoubleArray();
    double[] data = first(tensors).toDoubleArray();
    double[] other = first(reference).toDoubleArray();
    int dropped = 0;
    for (int i = 0; i < data.length; i++) {
      if (mask[i] == 0) {
        dropped++;
        data[i] = data[i] == 0 ? other[i] : Double.NaN;
      }
    }
    if (dropped == 0 || dropped == data.length) {
      throw new IllegalStateException(
          "%s: %d of %d elements are dropped".formatted(dtype, dropped, data.length));
    }
    int[] shape = first(tensors).shape().toArray();
    return Map.of("0", Tensor.of(data).reshape(shape));
  }
}
