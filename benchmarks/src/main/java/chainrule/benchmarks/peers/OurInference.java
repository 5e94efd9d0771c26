package chainrule.benchmarks.peers;

import chainrule.compile.Compiled;
import chainrule.compile.Plan;
import chainrule.nn.Module;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.List;

/** One sample through a compiled network, from an array to an array. */
final class OurInference implements Engine.Task {
  private final float[] x = Training.INFER1.inputs(0);
  private final float[] y = new float[Training.CLASSES];
  private final Plan plan;

  OurInference() {
    Module model = OurTraining.network(Training.INFER1);
    OurTraining.draw(model);
    plan =
        Compiled.of(in -> Tape.noGrad(() -> List.of(model.forward(in.getFirst()))))
            .plan(Tensor.zeros(1, x.length));
  }

  /** What a call runs. */
  Plan plan() {
    return plan;
  }

  @Override
  public void run() {
    plan.run(x, y);
  }

  @Override
  public float[] result() {
    run();
    return y.clone();
  }

  @Override
  public boolean again() {
    return true;
  }
}
