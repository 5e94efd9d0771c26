package chainrule.benchmarks.peers.tensorflow;

import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.InitialWeights;
import chainrule.benchmarks.peers.Training;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** A training in graph mode: a step is one run of a session, to which the batch is fed. */
final class TensorFlowTraining implements Engine.Steps {
  private static final List<Long> NEXT = List.of(1L, 1L, 1L, 1L);

  private record Batch(TFloat32 x, TFloat32 y) {}

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final InitialWeights weights = new InitialWeights();
  private final List<Variable<TFloat32>> parameters = new ArrayList<>();
  private final List<Batch> batches = new ArrayList<>();
  private final Placeholder<TFloat32> x;
  private final Placeholder<TFloat32> y;
  private final Operand<TFloat32> scores;
  private final Operand<TFloat32> loss;
  private final Op update;
  private final Session session;
  private int steps;
  private @Nullable Result last;

  TensorFlowTraining(Training training, ConfigProto config) {
    int n = training.batch();
    for (int k = 0; k < training.batches(); k++) {
      float[] target = training.targets(k);
      batches.add(
          new Batch(
              TFloat32.tensorOf(input(training), DataBuffers.of(training.inputs(k))),
              TFloat32.tensorOf(Shape.of(n, target.length / n), DataBuffers.of(target))));
    }
    Batch first = batches.getFirst();
    x = tf.placeholder(TFloat32.class, Placeholder.shape(first.x.shape()));
    y = tf.placeholder(TFloat32.class, Placeholder.shape(first.y.shape()));
    scores = training == Training.CNN ? convolved(n) : network(training, x);
    loss = loss(training, scores);
    update = update(training, tf.gradients(loss, parameters));
    session = new Session(graph, config);
    session.initialize();
  }

  /** Whether the engine has this training; TensorFlow has no layer norm, and no batch norm here. */
  static boolean has(Training training) {
    return training.widths().length > 0 || training == Training.CNN;
  }

  private static Shape input(Training training) {
    return training == Training.CNN
        ? Shape.of(training.batch(), 28, 28, 1)
        : Shape.of(training.batch(), training.features());
  }

  private Variable<TFloat32> parameter(float[] values, long... shape) {
    Variable<TFloat32> p = tf.variable(tf.constant(Shape.of(shape), DataBuffers.of(values)));
    parameters.add(p);
    return p;
  }

  private Operand<TFloat32> linear(Operand<TFloat32> in, int from, int to) {
    Operand<TFloat32> w = parameter(weights.next(from, from * to), to, from);
    Operand<TFloat32> b = parameter(weights.next(from, to), to);
    return tf.math.add(tf.linalg.matMul(in, w, MatMul.transposeB(true)), b);
  }

  private Operand<TFloat32> network(Training training, Operand<TFloat32> in) {
    int[] widths = training.widths();
    Operand<TFloat32> h = in;
    for (int i = 0; i + 1 < widths.length; i++) {
      h = linear(h, widths[i], widths[i + 1]);
      boolean end = i + 2 == widths.length;
      h =
          switch (training) {
            case TINY -> end ? tf.math.sigmoid(h) : tf.math.tanh(h);
            case NIELSEN -> tf.math.sigmoid(h);
            default -> end ? h : tf.nn.relu(h);
          };
    }
    return h;
  }

  /** Its convolutions on processors have the channels last, so weights are turned. */
  private Operand<TFloat32> convolved(int n) {
    Operand<TFloat32> h = convolution(x, 1, 32);
    h = convolution(h, 32, 64);
    Operand<TInt32> two = tf.constant(new int[] {1, 2, 2, 1});
    h = tf.reshape(tf.nn.maxPool(h, two, two, "VALID"), tf.constant(new int[] {n, 9216}));
    float[] w = weights.next(9216, 9216 * 128);
    Operand<TFloat32> turned = parameter(channelsLast(w, 128, 64, 144, false), 128, 9216);
    Operand<TFloat32> b = parameter(weights.next(9216, 128), 128);
    h = tf.math.add(tf.linalg.matMul(h, turned, MatMul.transposeB(true)), b);
    return linear(tf.nn.relu(h), 128, Training.CLASSES);
  }

  private Operand<TFloat32> convolution(Operand<TFloat32> in, int from, int to) {
    int fanIn = 9 * from;
    float[] w = channelsLast(weights.next(fanIn, fanIn * to), to, from, 9, true);
    Operand<TFloat32> kernel = parameter(w, 3, 3, from, to);
    Operand<TFloat32> b = parameter(weights.next(fanIn, to), to);
    return tf.nn.relu(tf.nn.biasAdd(tf.nn.conv2d(in, kernel, NEXT, "VALID"), b));
  }

  /** From out × in × places to out × places × in, or to places × in × out. */
  private static float[] channelsLast(float[] w, int out, int in, int places, boolean outLast) {
    float[] turned = new float[w.length];
    for (int o = 0; o < out; o++) {
      for (int c = 0; c < in; c++) {
        for (int p = 0; p < places; p++) {
          int to = outLast ? (p * in + c) * out + o : (o * places + p) * in + c;
          turned[to] = w[(o * in + c) * places + p];
        }
      }
    }
    return turned;
  }

  private Operand<TFloat32> loss(Training training, Operand<TFloat32> s) {
    Operand<TInt32> all = tf.constant(new int[] {0, 1});
    return switch (training) {
      case MOONS -> {
        Operand<TFloat32> margins = tf.math.sub(tf.constant(1f), tf.math.mul(y, s));
        Operand<TFloat32> squares =
            parameters.stream()
                .map(p -> (Operand<TFloat32>) tf.nn.l2Loss(p))
                .reduce(tf.math::add)
                .orElseThrow();
        yield tf.math.add(
            tf.math.mean(tf.nn.relu(margins), all), tf.math.mul(squares, tf.constant(2e-4f)));
      }
      case TINY -> tf.math.mean(tf.math.squaredDifference(s, y), all);
      case NIELSEN ->
          tf.math.mul(tf.nn.l2Loss(tf.math.sub(s, y)), tf.constant(1f / training.batch()));
      default -> tf.math.mean(tf.nn.softmaxCrossEntropyWithLogits(s, y).loss(), tf.constant(0));
    };
  }

  /** Updates wait for all gradients, some of which read the parameters that others change. */
  private Op update(Training training, Gradients gradients) {
    List<Op> all = new ArrayList<>();
    gradients.forEach(all::add);
    Ops after = tf.withControlDependencies(all);
    List<Op> updates = new ArrayList<>();
    Adam adam = training == Training.MLP64 ? new Adam() : null;
    for (int i = 0; i < parameters.size(); i++) {
      Variable<TFloat32> p = parameters.get(i);
      Operand<TFloat32> g = gradients.<TFloat32>dy(i);
      updates.add(
          switch (training) {
            case MOONS -> after.train.applyGradientDescent(p, tf.constant(0.1f), g);
            case MLP256 ->
                after.train.applyMomentum(p, zeros(p), tf.constant(0.01f), g, tf.constant(0.9f));
            case CNN -> after.train.applyGradientDescent(p, tf.constant(0.01f), g);
            default ->
                adam == null
                    ? after.train.applyGradientDescent(p, tf.constant(0.5f), g)
                    : adam.of(after, p, g);
          });
    }
    if (adam != null) {
      updates.addAll(adam.powers(updates));
    }
    return tf.withControlDependencies(updates).noOp();
  }

  private Variable<TFloat32> zeros(Variable<TFloat32> like) {
    return tf.variable(tf.zeros(tf.constant(like.shape().asArray()), TFloat32.class));
  }

  /**
   * Adam, 10⁻³. The powers of β are variables, which follow the updates; ε is scaled, since
   * TensorFlow adds it outside the bias correction.
   */
  private final class Adam {
    private final Operand<TFloat32> beta1 = tf.constant(0.9f);
    private final Operand<TFloat32> beta2 = tf.constant(0.999f);
    private final Variable<TFloat32> power1 = tf.variable(beta1);
    private final Variable<TFloat32> power2 = tf.variable(beta2);
    private final Operand<TFloat32> eps =
        tf.math.mul(tf.constant(1e-8f), tf.math.sqrt(tf.math.sub(tf.constant(1f), power2)));

    Op of(Ops after, Variable<TFloat32> p, Operand<TFloat32> g) {
      return after.train.applyAdam(
          p, zeros(p), zeros(p), power1, power2, tf.constant(1e-3f), beta1, beta2, eps, g);
    }

    List<Op> powers(List<Op> updates) {
      Ops after = tf.withControlDependencies(List.copyOf(updates));
      return List.of(
          after.assign(power1, after.math.mul(power1, beta1)),
          after.assign(power2, after.math.mul(power2, beta2)));
    }
  }

  @Override
  public void run() {
    Batch batch = batches.get(steps++ % batches.size());
    release();
    last = session.runner().feed(x, batch.x).feed(y, batch.y).addTarget(update).fetch(loss).run();
  }

  private void release() {
    if (last != null) {
      last.close();
    }
  }

  @Override
  public float loss() {
    return last == null ? Float.NaN : ((TFloat32) last.get(0)).getFloat();
  }

  @Override
  public void close() {
    release();
    session.close();
    graph.close();
    for (Batch batch : batches) {
      batch.x.close();
      batch.y.close();
    }
  }

  /** One sample, from an array to an array; of the graph only what leads to the scores is run. */
  static final class Inference implements Engine.Task {
    private final float[] sample = Training.INFER1.inputs(0);
    private final TensorFlowTraining network;

    Inference(ConfigProto config) {
      network = new TensorFlowTraining(Training.INFER1, config);
    }

    @Override
    public void run() {
      result();
    }

    @Override
    public float[] result() {
      try (TFloat32 in = TFloat32.tensorOf(Shape.of(1, sample.length), DataBuffers.of(sample));
          Result out = network.session.runner().feed(network.x, in).fetch(network.scores).run()) {
        float[] y = new float[Training.CLASSES];
        ((TFloat32) out.get(0)).asRawTensor().data().asFloats().read(y);
        return y;
      }
    }

    @Override
    public boolean again() {
      return true;
    }

    @Override
    public void close() {
      network.close();
    }
  }
}
