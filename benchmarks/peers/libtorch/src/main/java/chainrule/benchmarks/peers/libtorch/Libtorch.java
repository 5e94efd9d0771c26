package chainrule.benchmarks.peers.libtorch;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.Generator;
import chainrule.benchmarks.peers.Training;
import chainrule.benchmarks.peers.Worker;
import chainrule.benchmarks.peers.Workload;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** libtorch through DJL's arrays; the number of threads is a property of DJL's. */
public final class Libtorch implements Engine {
  private static final float EPS = 1e-5f;

  private final NDManager root = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  private Libtorch() {}

  /** Serves as a worker. */
  public static void main(String[] args) throws IOException {
    Worker.serve(new Libtorch());
  }

  @Override
  public String title() {
    return "libtorch " + root.getEngine().getVersion() + " through DJL";
  }

  @Override
  public @Nullable Task open(Workload w) {
    Training training = w.training().orElse(null);
    if (training != null) {
      return training == Training.INFER1 ? new DjlInference() : new DjlTraining(root, training);
    }
    int[] d = w.dims();
    NDManager manager = root.newSubManager();
    return switch (w.kernel()) {
      case "sgemm" -> product(manager, d, false, false);
      case "sgemm_nt" -> product(manager, d, false, true);
      case "sgemm_tn" -> product(manager, d, true, false);
      case "adam" -> adam(manager, d, w.size());
      default -> d.length == 2 ? elementwise(manager, w) : null;
    };
  }

  private static Task product(NDManager manager, int[] d, boolean ta, boolean tb) {
    float[] x = Generator.uniform(5, d[0] * d[1]);
    float[] y = Generator.uniform(6, d[1] * d[2]);
    NDArray a = manager.create(x, ta ? new Shape(d[1], d[0]) : new Shape(d[0], d[1]));
    NDArray b = manager.create(y, tb ? new Shape(d[2], d[1]) : new Shape(d[1], d[2]));
    NDArray left = ta ? a.transpose() : a;
    NDArray right = tb ? b.transpose() : b;
    return task(manager, () -> left.matMul(right));
  }

  private static @Nullable Task elementwise(NDManager manager, Workload w) {
    int[] d = w.dims();
    Shape shape = new Shape(d[0], d[1]);
    NDArray x = manager.create(Generator.centred(5, w.size()), shape);
    NDArray y = manager.create(Generator.centred(6, w.size()), shape);
    Shape row = new Shape(d[1]);
    NDArray weight = manager.ones(row);
    NDArray bias = manager.zeros(row);
    return switch (w.kernel()) {
      case "add" -> task(manager, () -> x.add(y));
      case "mul" -> task(manager, () -> x.mul(y));
      case "gelu" -> task(manager, () -> Activation.gelu(x));
      case "tanh" -> task(manager, x::tanh);
      case "softmax" -> task(manager, () -> x.softmax(1));
      case "layer_norm" ->
          task(manager, () -> LayerNorm.layerNorm(x, row, weight, bias, EPS).head());
      default -> null;
    };
  }

  private static Task adam(NDManager manager, int[] d, int n) {
    Shape shape = new Shape(d[0], d[1]);
    NDArray p = manager.create(Generator.centred(5, n), shape);
    NDArray g = manager.create(Generator.centred(6, n), shape);
    Optimizer adam = Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
    return new Task() {
      @Override
      public void run() {
        adam.update("p", p, g);
      }

      @Override
      public float[] result() {
        run();
        return p.toFloatArray();
      }

      @Override
      public void close() {
        manager.close();
      }
    };
  }

  private static Task task(NDManager manager, Supplier<NDArray> body) {
    return new Task() {
      @Override
      public void run() {
        body.get().close();
      }

      @Override
      public float[] result() {
        try (NDArray y = body.get()) {
          return y.toFloatArray();
        }
      }

      @Override
      public void close() {
        manager.close();
      }
    };
  }
}
