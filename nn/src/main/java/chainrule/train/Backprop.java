package chainrule.train;

import chainrule.autograd.Autograd;
import chainrule.autograd.GradOptions;
import chainrule.nn.LayerRuns;
import chainrule.nn.Loss;
import chainrule.nn.Module;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One forward and backward pass, kept: what every layer said of some rows, the error signal that
 * came back to it, and the gradient of every parameter.
 *
 * {@snippet :
 * Backprop one = Backprop.of(model.eval(), Losses::crossEntropy, x, y);
 * Tensor wishes = one.outputGradient().neg();   // how each output should move
 * }
 *
 * <p>It changes nothing: no parameter's gradient, no buffer. The model runs in the mode in which it
 * is.
 */
public final class Backprop {
  /**
   * A run of a layer.
   *
   * @param path the layer's path in the model
   * @param layer the layer
   * @param input what it got; null if it got several tensors
   * @param output what it gave
   * @param error its error signal, the gradient of the loss towards its output; null where none
   *     arrives
   */
  public record Layer(
      String path, Module layer, @Nullable Tensor input, Tensor output, @Nullable Tensor error) {}

  private final double loss;
  private final Tensor output;
  private final Tensor outputGradient;
  private final List<Layer> layers;
  private final Map<String, Tensor> gradients;

  private Backprop(
      double loss,
      Tensor output,
      Tensor outputGradient,
      List<Layer> layers,
      Map<String, Tensor> gradients) {
    this.loss = loss;
    this.output = output;
    this.outputGradient = outputGradient;
    this.layers = List.copyOf(layers);
    this.gradients = Collections.unmodifiableMap(gradients);
  }

  /**
   * Runs the model on some rows and back.
   *
   * @param x n × …, one sample a row
   * @param y the targets as the loss takes them
   * @throws chainrule.tensor.GraphException if every parameter is frozen
   */
  public static Backprop of(Module model, Loss loss, Tensor x, Tensor y) {
    return Tape.frozenBuffers(() -> run(model, loss, x, y));
  }

  private static Backprop run(Module model, Loss loss, Tensor x, Tensor y) {
    LayerRuns pass = LayerRuns.of(model, x);
    Tensor value = loss.of(pass.output(), y);
    Map<String, Parameter> trained = new LinkedHashMap<>(model.namedParameters());
    trained.values().removeIf(p -> !p.trainable());
    List<Tensor> asked = new ArrayList<>(trained.values());
    asked.add(pass.output());
    for (LayerRuns.Run run : pass.runs()) {
      if (run.output().isTracked()) {
        asked.add(run.output());
      }
    }
    List<Tensor> found = Autograd.grad(value, asked, GradOptions.DEFAULT.allowUnused(true));
    int next = 0;
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (String name : trained.keySet()) {
      gradients.put(name, found.get(next++));
    }
    Tensor towardsOutput = found.get(next++);
    List<Layer> layers = new ArrayList<>();
    for (LayerRuns.Run run : pass.runs()) {
      Tensor error = run.output().isTracked() ? found.get(next++) : null;
      Tensor input = run.input();
      layers.add(
          new Layer(
              run.path(),
              run.layer(),
              input == null ? null : input.detach(),
              run.output().detach(),
              error));
    }
    return new Backprop(value.item(), pass.output().detach(), towardsOutput, layers, gradients);
  }

  /** The loss. */
  public double loss() {
    return loss;
  }

  /** What the model said. */
  public Tensor output() {
    return output;
  }

  /** The gradient of the loss towards the output. */
  public Tensor outputGradient() {
    return outputGradient;
  }

  /** The runs of the layers that have no layers inside, in their order. */
  public List<Layer> layers() {
    return layers;
  }

  /** The gradients of the trainable parameters by path, zeros where the loss does not reach. */
  public Map<String, Tensor> gradients() {
    return gradients;
  }
}
