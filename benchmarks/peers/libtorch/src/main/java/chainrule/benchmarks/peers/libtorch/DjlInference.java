package chainrule.benchmarks.peers.libtorch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.Training;
import org.jspecify.annotations.Nullable;

/** One sample through DJL's predictor, from an array to an array. */
final class DjlInference implements Engine.Task {
  private final float[] x = Training.INFER1.inputs(0);
  private final Model model;
  private final Predictor<float[], float[]> predictor;

  DjlInference() {
    model = Model.newInstance("infer", Device.cpu(), "PyTorch");
    Block network = DjlNetworks.of(Training.INFER1, model.getNDManager());
    model.setBlock(network);
    network.initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, x.length));
    DjlTraining.draw(network);
    network.getParameters().values().forEach(p -> p.freeze(true));
    predictor = model.newPredictor(new Arrays());
  }

  private static final class Arrays implements Translator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] input) {
      return new NDList(context.getNDManager().create(input, new Shape(1, input.length)));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList output) {
      return output.head().toFloatArray();
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return null;
    }
  }

  @Override
  public void run() {
    result();
  }

  @Override
  public float[] result() {
    try {
      return predictor.predict(x);
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public boolean again() {
    return true;
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
