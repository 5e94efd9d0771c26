package chainrule.conformance;

import chainrule.formats.Safetensors;
import chainrule.optim.LBFGS;
import chainrule.optim.Optimizer;
import chainrule.tensor.CaptureException;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An optimizer under certain options: 30 steps with given gradients, held to PyTorch's. */
final class OptimizerCase implements Case {
  private static final List<DType> DTYPES = List.of(DType.F64, DType.F32);

  private static final int STEPS = 30;

  private final String subject;
  private final String name;
  private final Record options;
  private final Function<List<Parameter>, Optimizer> build;

  OptimizerCase(
      Class<? extends Optimizer> type,
      String name,
      Record options,
      Function<List<Parameter>, Optimizer> build) {
    this.subject = type.getSimpleName();
    this.name = name;
    this.options = options;
    this.build = build;
  }

  @Override
  public Kind kind() {
    return Kind.OPTIMIZER;
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
    return Records.values(options);
  }

  @Override
  public List<Cell> cells() {
    return List.of(
        new Cell(
            Columns.STEPS,
            () -> {
              Map<String, Tensor> after = Fixture.of(kind(), subject).get(name, "after");
              return DTYPES.stream()
                  .map(dtype -> Deviation.of(dtype, new Training(dtype).run(), after))
                  .reduce(Verdict::and)
                  .orElseThrow();
            }),
        new Cell(
            Columns.RESUMED,
            () ->
                DTYPES.stream()
                    .map(
                        dtype ->
                            Deviation.bits(
                                dtype + ", stopped half-way",
                                new Training(dtype).run(),
                                new Training(dtype).interrupted()))
                    .reduce(Verdict::and)
                    .orElseThrow()),
        new Cell(
            Columns.COMPILED,
            () -> DTYPES.stream().map(this::compiled).reduce(Verdict::and).orElseThrow()));
  }

  /** Of the objective, whatever gradients the fixture has. */
  private Verdict compiled(DType dtype) {
    try {
      return CompiledTraining.verdict(() -> new Training(dtype).compiled(), List.of());
    } catch (CaptureException e) {
      return subject.equals(LBFGS.class.getSimpleName())
          ? Verdict.notApplicable("refused: a line search looks at losses")
          : Verdict.failed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public String digest() {
    return DTYPES.stream()
        .map(dtype -> Integer.toHexString(Deviation.hash(new Training(dtype).run())))
        .collect(Collectors.joining(" "));
  }

  /** One training with the gradients of the fixture. */
  private final class Training {
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> gradients = new LinkedHashMap<>();
    private final Map<String, List<Tensor>> steps = new LinkedHashMap<>();
    private Optimizer optimizer;
    private int t;

    Training(DType dtype) {
      Fixture fixture = Fixture.of(kind(), subject);
      fixture.get(name, "p").forEach((key, p) -> parameters.put(key, p.to(dtype).requiresGrad()));
      fixture.get(name, "g").forEach((key, g) -> gradients.put(key, g.to(dtype)));
      if (parameters.isEmpty()) {
        throw new IllegalStateException(
            "%s has no case %s; write it with nn/src/conformance/generate.py"
                .formatted(fixture.file(), name));
      }
      optimizer = build.apply(List.copyOf(parameters.values()));
    }

    CompiledTraining compiled() {
      return new CompiledTraining(parameters, Map.of(), _ -> loss(), optimizer);
    }

    private void to(int end) {
      for (; t < end; t++) {
        if (gradients.isEmpty()) {
          optimizer.step(this::objective);
        } else {
          parameters.forEach(
              (key, p) -> p.grad(Objects.requireNonNull(gradients.get(key)).pick(0, t)));
          optimizer.step();
        }
        parameters.forEach(
            (key, p) -> steps.computeIfAbsent(key, _ -> new ArrayList<>()).add(p.value()));
      }
    }

    /** With x all elements in order: Σ (1 + 0.3 i)(xᵢ − 0.1 i)² + 0.1 Σ xᵢ⁴ + 0.5 (Σ xᵢ)². */
    private Tensor loss() {
      Tensor x = Tensor.cat(0, parameters.values().stream().map(p -> p.flatten()).toList());
      Tensor i = Tensor.arange(x.size()).to(x.dtype());
      return x.sub(i.mul(0.1))
          .square()
          .mul(i.mul(0.3).add(1))
          .sum()
          .add(x.square().square().sum().mul(0.1))
          .add(x.sum().square().mul(0.5));
    }

    private Tensor objective() {
      optimizer.zeroGrad();
      Tensor loss = loss();
      loss.backward();
      return loss;
    }

    private Map<String, Tensor> stacked() {
      Map<String, Tensor> out = new LinkedHashMap<>();
      steps.forEach((key, values) -> out.put(key, Tensor.stack(0, values)));
      return out;
    }

    Map<String, Tensor> run() {
      to(STEPS);
      return stacked();
    }

    /** Half of it, then a new optimizer on new parameters from what a file holds. */
    Map<String, Tensor> interrupted() {
      to(STEPS / 2);
      byte[] file = Safetensors.bytes(optimizer.stateDict(), Map.of());
      parameters.replaceAll((key, p) -> p.value().requiresGrad());
      optimizer = build.apply(List.copyOf(parameters.values()));
      optimizer.loadStateDict(Safetensors.parse(subject, file).tensors());
      return run();
    }
  }
}
