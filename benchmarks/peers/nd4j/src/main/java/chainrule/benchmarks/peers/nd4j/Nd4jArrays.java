package chainrule.benchmarks.peers.nd4j;

import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.Generator;
import chainrule.benchmarks.peers.Worker;
import chainrule.benchmarks.peers.Workload;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.GELU;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J, the arrays of Deeplearning4j; the number of threads is its one argument. */
public final class Nd4jArrays implements Engine {
  private Nd4jArrays() {}

  /** Serves as a worker. */
  public static void main(String[] args) throws IOException {
    int threads = Integer.parseInt(args[0]);
    Nd4j.getMemoryManager().togglePeriodicGc(false);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    Worker.serve(new Nd4jArrays());
  }

  @Override
  public String title() {
    return "ND4J 1.0.0-M2.1";
  }

  @Override
  public @Nullable Task open(Workload w) {
    int[] d = w.dims();
    return switch (w.kernel()) {
      case "sgemm" -> product(d, false, false);
      case "sgemm_nt" -> product(d, false, true);
      case "sgemm_tn" -> product(d, true, false);
      case "adam" -> adam(d, w.size());
      default -> d.length == 2 ? elementwise(w) : null;
    };
  }

  private static INDArray array(float[] x, long rows, long columns) {
    return Nd4j.create(x, new long[] {rows, columns}, 'c');
  }

  private static Task product(int[] d, boolean ta, boolean tb) {
    float[] x = Generator.uniform(5, d[0] * d[1]);
    float[] y = Generator.uniform(6, d[1] * d[2]);
    INDArray a = ta ? array(x, d[1], d[0]).transpose() : array(x, d[0], d[1]);
    INDArray b = tb ? array(y, d[2], d[1]).transpose() : array(y, d[1], d[2]);
    return task(() -> a.mmul(b));
  }

  private static @Nullable Task elementwise(Workload w) {
    int[] d = w.dims();
    INDArray x = array(Generator.centred(5, w.size()), d[0], d[1]);
    INDArray y = array(Generator.centred(6, w.size()), d[0], d[1]);
    INDArray weight = Nd4j.ones(d[1]);
    INDArray bias = Nd4j.zeros(d[1]);
    return switch (w.kernel()) {
      case "add" -> task(() -> x.add(y));
      case "mul" -> task(() -> x.mul(y));
      case "gelu" -> task(() -> Nd4j.exec(new GELU(x, x.ulike())));
      case "tanh" -> task(() -> Transforms.tanh(x, true));
      case "softmax" -> task(() -> Nd4j.nn().softmax(x, 1));
      case "layer_norm" -> task(() -> layerNorm(x, weight, bias));
      default -> null;
    };
  }

  private static INDArray layerNorm(INDArray x, INDArray weight, INDArray bias) {
    INDArray y = x.ulike();
    Nd4j.exec(
        DynamicCustomOp.builder("layer_norm")
            .addInputs(x, weight, bias)
            .addOutputs(y)
            .addIntegerArguments(1)
            .addBooleanArguments(false)
            .build());
    return y;
  }

  private static Task adam(int[] d, int n) {
    INDArray p = array(Generator.centred(5, n), d[0], d[1]);
    INDArray g = array(Generator.centred(6, n), d[0], d[1]);
    // the updater works on a row, and overwrites the gradient by the step
    INDArray row = p.reshape(1, n);
    INDArray step = g.reshape(1, n).dup();
    INDArray state = Nd4j.zeros(1, 2L * n);
    AdamUpdater adam = new AdamUpdater(new Adam(1e-3));
    adam.setStateViewArray(state, new long[] {1, n}, 'c', true);
    return new Task() {
      private int steps;

      @Override
      public void run() {
        step.assign(g.reshape(1, n));
        adam.applyUpdater(step, steps, 0);
        row.subi(step);
        steps++;
      }

      @Override
      public float[] result() {
        run();
        return p.dup('c').data().asFloat();
      }
    };
  }

  private static Task task(Supplier<INDArray> body) {
    return new Task() {
      @Override
      public void run() {
        body.get().close();
      }

      @Override
      public float[] result() {
        return body.get().dup('c').data().asFloat();
      }
    };
  }
}
