package chainrule.benchmarks.peers.tensorflow;

import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.Generator;
import chainrule.benchmarks.peers.Training;
import chainrule.benchmarks.peers.Worker;
import chainrule.benchmarks.peers.Workload;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/** TensorFlow Java in graph mode: a call is one run of a session. */
public final class TensorFlowGraphs implements Engine {
  private static final float EPS = 1e-5f;

  private final int threads;

  private TensorFlowGraphs(int threads) {
    this.threads = threads;
  }

  /** Serves as a worker; the number of threads is the one argument. */
  public static void main(String[] args) throws IOException {
    Worker.serve(new TensorFlowGraphs(Integer.parseInt(args[0])));
  }

  @Override
  public String title() {
    return "TensorFlow " + TensorFlow.version() + " through TensorFlow Java";
  }

  @Override
  public @Nullable Task open(Workload w) {
    Training training = w.training().orElse(null);
    if (training != null) {
      return training == Training.INFER1
          ? new TensorFlowTraining.Inference(config())
          : TensorFlowTraining.has(training) ? new TensorFlowTraining(training, config()) : null;
    }
    int[] d = w.dims();
    return switch (w.kernel()) {
      case "sgemm" -> task(tf -> product(tf, d, false, false));
      case "sgemm_nt" -> task(tf -> product(tf, d, false, true));
      case "sgemm_tn" -> task(tf -> product(tf, d, true, false));
      case "add", "mul", "gelu", "tanh", "softmax", "layer_norm", "adam" ->
          d.length == 2 ? task(tf -> elementwise(tf, w)) : null;
      default -> null;
    };
  }

  private static Variable<TFloat32> variable(Ops tf, float[] x, long... dims) {
    return tf.variable(tf.constant(Shape.of(dims), DataBuffers.of(x)));
  }

  private static Operand<TFloat32> product(Ops tf, int[] d, boolean ta, boolean tb) {
    float[] x = Generator.uniform(5, d[0] * d[1]);
    float[] y = Generator.uniform(6, d[1] * d[2]);
    Operand<TFloat32> a = ta ? variable(tf, x, d[1], d[0]) : variable(tf, x, d[0], d[1]);
    Operand<TFloat32> b = tb ? variable(tf, y, d[2], d[1]) : variable(tf, y, d[1], d[2]);
    return tf.linalg.matMul(a, b, MatMul.transposeA(ta), MatMul.transposeB(tb));
  }

  private static Operand<TFloat32> elementwise(Ops tf, Workload w) {
    int[] d = w.dims();
    Variable<TFloat32> x = variable(tf, Generator.centred(5, w.size()), d[0], d[1]);
    Variable<TFloat32> y = variable(tf, Generator.centred(6, w.size()), d[0], d[1]);
    return switch (w.kernel()) {
      case "add" -> tf.math.add(x, y);
      case "mul" -> tf.math.mul(x, y);
      case "gelu" -> gelu(tf, x);
      case "tanh" -> tf.math.tanh(x);
      case "softmax" -> tf.nn.softmax(x);
      case "layer_norm" -> layerNorm(tf, x, d[1]);
      default -> adam(tf, x, y, d);
    };
  }

  /** There is no such operation; users compose it. */
  private static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))));
    Operand<TFloat32> half = tf.math.mul(x, tf.constant(0.5f));
    return tf.math.mul(half, tf.math.add(erf, tf.constant(1f)));
  }

  /** There is no such operation; users compose it. */
  private static Operand<TFloat32> layerNorm(Ops tf, Operand<TFloat32> x, int columns) {
    Operand<TFloat32> weight = variable(tf, ones(columns), columns);
    Operand<TFloat32> bias = variable(tf, new float[columns], columns);
    Operand<TFloat32> mean = tf.math.mean(x, tf.constant(1), Mean.keepDims(true));
    Operand<TFloat32> square = tf.math.squaredDifference(x, mean);
    Operand<TFloat32> var = tf.math.mean(square, tf.constant(1), Mean.keepDims(true));
    Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(var, tf.constant(EPS)));
    Operand<TFloat32> y = tf.math.mul(tf.math.mul(tf.math.sub(x, mean), scale), weight);
    return tf.math.add(y, bias);
  }

  private static float[] ones(int n) {
    float[] x = new float[n];
    Arrays.fill(x, 1);
    return x;
  }

  /** One update; the powers of β stay those of the first step. */
  private static Operand<TFloat32> adam(
      Ops tf, Variable<TFloat32> p, Operand<TFloat32> g, int[] d) {
    Variable<TFloat32> m = variable(tf, new float[d[0] * d[1]], d[0], d[1]);
    Variable<TFloat32> v = variable(tf, new float[d[0] * d[1]], d[0], d[1]);
    return tf.train.applyAdam(
        p,
        m,
        v,
        tf.constant(0.9f),
        tf.constant(0.999f),
        tf.constant(1e-3f),
        tf.constant(0.9f),
        tf.constant(0.999f),
        tf.constant(1e-8f),
        g);
  }

  private ConfigProto config() {
    return ConfigProto.newBuilder()
        .setIntraOpParallelismThreads(threads)
        .setInterOpParallelismThreads(1)
        .build();
  }

  private Task task(Function<Ops, Operand<TFloat32>> body) {
    Graph graph = new Graph();
    Operand<TFloat32> y = body.apply(Ops.create(graph));
    Session session = new Session(graph, config());
    session.initialize();
    return new Task() {
      @Override
      public void run() {
        session.runner().addTarget(y.op()).run().close();
      }

      @Override
      public float[] result() {
        try (Result result = session.runner().fetch(y).run()) {
          TFloat32 tensor = (TFloat32) result.get(0);
          float[] out = new float[(int) tensor.size()];
          tensor.asRawTensor().data().asFloats().read(out);
          return out;
        }
      }

      @Override
      public void close() {
        session.close();
        graph.close();
      }
    };
  }
}
