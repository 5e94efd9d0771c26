package chainrule.benchmarks;

import chainrule.compile.Compiled;
import chainrule.compile.Plan;
import chainrule.nn.Loss;
import chainrule.nn.Module;
import chainrule.optim.Optimizer;
import chainrule.tensor.Tensor;
import java.util.List;

/** A training step of this library as it is timed: forward, loss, backward and update, compiled. */
public final class OurStep {
  private final Compiled step;
  private final Tensor[] batch = new Tensor[2];

  /** The step that trains a model by an optimizer of its parameters. */
  public OurStep(Module model, Loss loss, Optimizer optimizer) {
    this.step =
        Compiled.of(
            in -> {
              Tensor y = loss.of(model.forward(in.get(0)), in.get(1));
              y.backward();
              optimizer.step();
              return List.of(y.detach());
            });
  }

  /** What runs on batches like this. */
  public Plan plan(Tensor x, Tensor y) {
    return step.plan(x, y);
  }

  /** Makes the step on a batch, and returns its loss before the update. */
  public double run(Tensor x, Tensor y) {
    batch[0] = x;
    batch[1] = y;
    return step.number(batch);
  }
}
