package chainrule.conformance;

import chainrule.compile.Compiled;
import chainrule.optim.Optimizer;
import chainrule.tensor.Buffer;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** A training that runs twice from the same start: as it is written, and compiled. */
final class CompiledTraining {
  private static final int STEPS = 200;

  private final Map<String, Parameter> parameters;
  private final Map<String, Buffer> buffers;
  private final Function<List<Tensor>, Tensor> loss;
  private final Optimizer optimizer;

  CompiledTraining(
      Map<String, Parameter> parameters,
      Map<String, Buffer> buffers,
      Function<List<Tensor>, Tensor> loss,
      Optimizer optimizer) {
    this.parameters = parameters;
    this.buffers = buffers;
    this.loss = loss;
    this.optimizer = optimizer;
  }

  /** Whether both give the same bits. */
  static Verdict verdict(Supplier<CompiledTraining> start, List<Tensor> in) {
    CompiledTraining eager = start.get();
    for (int i = 0; i < STEPS; i++) {
      eager.step(in);
    }
    CompiledTraining compiled = start.get();
    Tensor[] given = in.toArray(Tensor[]::new);
    var step = Compiled.of(compiled::step, compiled.optimizer::structure);
    for (int i = 0; i < STEPS; i++) {
      step.run(given);
    }
    return Deviation.bits("after " + STEPS + " steps", eager.state(), compiled.state());
  }

  private List<Tensor> step(List<Tensor> in) {
    return List.of(
        optimizer
            .step(
                () -> {
                  optimizer.zeroGrad();
                  Tensor y = loss.apply(in);
                  y.backward();
                  return y;
                })
            .detach());
  }

  private Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>(optimizer.stateDict());
    parameters.forEach((key, p) -> state.put("parameter " + key, p.value()));
    buffers.forEach((key, b) -> state.put("buffer " + key, b.value()));
    return state;
  }
}
