package chainrule.benchmarks.peers;

import chainrule.compile.Compiled;
import chainrule.nn.Module;
import chainrule.tensor.Tape;
import chainrule.tensor.Tensor;
import java.util.List;

/** One sample through a compiled network, from an array to an array. */
final class OurInference implements Engine.Task {
  private final float[] x = Training.INFER1.inputs(0);
  private final Compiled network;
  private float[] y = new float[0];

  OurInference() {
    Module model = OurTraining.network(Training.INFER1);
    OurTraining.draw(model);
    network = Compiled.of(in -> Tape.noGrad(() -> List.of(model.forward(in.getFirst()))));
  }

  @Override
  public void run() {
    y = network.run(Tensor.of(x, 1, x.length)).getFirst().toFloatArray();
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
