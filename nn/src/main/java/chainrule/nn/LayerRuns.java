package chainrule.nn;

import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass with what went into each layer and what came out of it, in the graph: of every
 * result one can ask for the gradient.
 *
 * {@snippet :
 * LayerRuns pass = LayerRuns.of(model, x);
 * Tensor loss = Losses.crossEntropy(pass.output(), y);
 * Tensor wish = Autograd.grad(loss, pass.runs().getFirst().output()).neg();
 * }
 */
public final class LayerRuns {
  /**
   * A run of a layer that has no layers inside.
   *
   * @param path the layer's path from the model
   * @param layer the layer
   * @param input what it got; null if it got several tensors
   * @param output what it gave
   */
  public record Run(String path, Module layer, @Nullable Tensor input, Tensor output) {}

  private final List<Run> runs;
  private final Tensor output;

  private LayerRuns(List<Run> runs, Tensor output) {
    this.runs = List.copyOf(runs);
    this.output = output;
  }

  /** Runs the model, in the mode in which it is, on a batch. */
  public static LayerRuns of(Module model, Tensor x) {
    Recorder recorder = new Recorder(model);
    Tensor output = Module.watched(recorder, () -> model.forward(x));
    return new LayerRuns(recorder.runs, output);
  }

  /** The layers' runs in the order in which they ended; one that gives several tensors has none. */
  public List<Run> runs() {
    return runs;
  }

  /** The model's output. */
  public Tensor output() {
    return output;
  }

  private static final class Recorder implements Module.Watcher {
    private final Map<Module, String> paths = new IdentityHashMap<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<Module, Tensor> given = new IdentityHashMap<>();

    Recorder(Module model) {
      model.namedModules().forEach((path, module) -> paths.put(module, path));
    }

    @Override
    public void given(Module module, Tensor x) {
      given.put(module, x);
    }

    @Override
    public <T> T watch(Module module, Supplier<T> body) {
      Tensor input = given.remove(module);
      T result = body.get();
      String path = paths.get(module);
      if (path != null && module.children().isEmpty() && result instanceof Tensor output) {
        runs.add(new Run(path, module, input, output));
      }
      return result;
    }
  }
}
