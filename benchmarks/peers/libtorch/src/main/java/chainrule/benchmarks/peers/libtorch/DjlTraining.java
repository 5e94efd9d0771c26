package chainrule.benchmarks.peers.libtorch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.AdamW;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import chainrule.benchmarks.peers.Engine;
import chainrule.benchmarks.peers.InitialWeights;
import chainrule.benchmarks.peers.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** A training by DJL's model, trainer and gradient collector, as its manual shows it. */
final class DjlTraining implements Engine.Steps {
  private record Batch(NDList x, NDList y) {}

  private final NDManager manager;
  private final Model model;
  private final Trainer trainer;
  private final List<Batch> batches = new ArrayList<>();

  /** The square of a weight is made where the weight lives, which outlives the step. */
  private final boolean scoped;

  private int steps;
  private @Nullable NDArray loss;
  private @Nullable NDManager step;
  private @Nullable NDScope scope;

  DjlTraining(NDManager root, Training training) {
    manager = root.newSubManager();
    Block network = DjlNetworks.of(training, manager);
    model = Model.newInstance(training.call(), Device.cpu(), "PyTorch");
    model.setBlock(network);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss(training, network))
                .optOptimizer(optimizer(training))
                .optDevices(new Device[] {Device.cpu()}));
    Shape shape = shape(training);
    trainer.initialize(shape);
    draw(network);
    scoped = training == Training.MOONS;
    for (int k = 0; k < training.batches(); k++) {
      batches.add(
          new Batch(
              new NDList(
                  training == Training.GPT
                      ? manager.create(longs(training.characters(k, 0)), shape)
                      : manager.create(training.inputs(k), shape)),
              new NDList(target(training, k))));
    }
  }

  private static Shape shape(Training training) {
    return training == Training.CNN
        ? new Shape(training.batch(), 1, 28, 28)
        : new Shape(training.batch(), training.features());
  }

  private NDArray target(Training training, int k) {
    return switch (training) {
      case MOONS, TINY, NIELSEN -> {
        float[] y = training.targets(k);
        yield manager.create(y, new Shape(training.batch(), y.length / training.batch()));
      }
      case GPT -> {
        long[] y = longs(training.characters(k, 1));
        yield manager.create(y, new Shape(y.length, 1));
      }
      default -> manager.create(longs(training.labels(k)), new Shape(training.batch(), 1));
    };
  }

  private static long[] longs(int... x) {
    return Arrays.stream(x).asLongStream().toArray();
  }

  /** Gives a network the common weights; norms keep theirs. */
  static void draw(Block network) {
    InitialWeights weights = new InitialWeights();
    int fanIn = 1;
    for (Parameter p : network.getParameters().values()) {
      Shape shape = p.getArray().getShape();
      int n = (int) shape.size();
      if (p.getType() == Parameter.Type.WEIGHT) {
        fanIn = n / (int) shape.get(0);
        p.getArray().set(weights.next(fanIn, n));
      } else if (p.getType() == Parameter.Type.BIAS) {
        p.getArray().set(weights.next(fanIn, n));
      }
    }
  }

  private static Loss loss(Training training, Block network) {
    return switch (training) {
      case MOONS ->
          named(
              (y, s) ->
                  Activation.relu(y.mul(s).neg().add(1)).mean().add(squares(network).mul(1e-4f)));
      case TINY -> Loss.l2Loss("mse", 1);
      case NIELSEN -> named((y, s) -> s.sub(y).square().sum().mul(0.5f / training.batch()));
      default -> Loss.softmaxCrossEntropyLoss();
    };
  }

  private static NDArray squares(Block network) {
    return network.getParameters().values().stream()
        .map(p -> p.getArray().square().sum())
        .reduce(NDArray::add)
        .orElseThrow();
  }

  private static Loss named(BinaryOperator<NDArray> f) {
    return new Loss("loss") {
      @Override
      public NDArray evaluate(NDList labels, NDList scores) {
        return f.apply(labels.head(), scores.head());
      }
    };
  }

  private static Optimizer optimizer(Training training) {
    return switch (training) {
      case MOONS -> sgd(0.1f, 0);
      case MLP64, DEEPBN -> Optimizer.adam().optLearningRateTracker(Tracker.fixed(1e-3f)).build();
      case MLP256 -> sgd(0.01f, 0.9f);
      case CNN -> sgd(0.01f, 0);
      case GPT ->
          AdamW.builder()
              .optLearningRateTracker(Tracker.fixed(3e-4f))
              .optWeightDecays(0.01f)
              .build();
      case TINY, NIELSEN, INFER1 -> sgd(0.5f, 0);
    };
  }

  private static Optimizer sgd(float rate, float momentum) {
    return Optimizer.sgd()
        .setLearningRateTracker(Tracker.fixed(rate))
        .optMomentum(momentum)
        .build();
  }

  @Override
  public void run() {
    Batch batch = batches.get(steps++ % batches.size());
    release();
    scope = scoped ? new NDScope() : null;
    NDManager own = trainer.getManager().newSubManager();
    step = own;
    batch.x.tempAttach(own);
    batch.y.tempAttach(own);
    try (GradientCollector collector = trainer.newGradientCollector()) {
      NDArray y = trainer.getLoss().evaluate(batch.y, trainer.forward(batch.x));
      collector.backward(y);
      loss = y;
    }
    trainer.step();
  }

  /** What a step made lives until the next, so that its loss can be read. */
  private void release() {
    if (step != null) {
      step.close();
    }
    if (scope != null) {
      scope.close();
    }
  }

  @Override
  public float loss() {
    return loss == null ? Float.NaN : loss.getFloat();
  }

  @Override
  public void close() {
    release();
    trainer.close();
    model.close();
    manager.close();
  }
}
