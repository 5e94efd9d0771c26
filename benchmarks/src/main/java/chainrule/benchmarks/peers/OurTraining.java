package chainrule.benchmarks.peers;

import chainrule.benchmarks.OurStep;
import chainrule.compile.Plan;
import chainrule.compile.Profile;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Conv2d;
import chainrule.nn.Embedding;
import chainrule.nn.Flatten;
import chainrule.nn.LayerNorm;
import chainrule.nn.LearnedPositions;
import chainrule.nn.Linear;
import chainrule.nn.Loss;
import chainrule.nn.Losses;
import chainrule.nn.MaxPool2d;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Residual;
import chainrule.nn.Sequential;
import chainrule.nn.Sigmoid;
import chainrule.nn.Tanh;
import chainrule.nn.TransformerBlock;
import chainrule.nn.TransformerOptions;
import chainrule.optim.Adam;
import chainrule.optim.AdamW;
import chainrule.optim.Optimizer;
import chainrule.optim.SGD;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A training of this library, built of its layers as a user builds it. */
final class OurTraining implements Engine.Steps {
  private static final int BLOCKS = 20;
  private static final int LAYERS = 4;
  private static final int WIDTH = 128;
  private static final int HEADS = 4;

  private final Module model;
  private final Optimizer optimizer;
  private final OurStep step;
  private final Map<String, Tensor> initial;
  private final Map<String, Tensor> untouched;
  private final List<Tensor> inputs = new ArrayList<>();
  private final List<Tensor> targets = new ArrayList<>();
  private int steps;
  private double loss;

  OurTraining(Training training) {
    model = network(training);
    draw(model);
    initial = model.stateDict();
    optimizer = optimizer(training, model.parameters());
    untouched = optimizer.stateDict();
    step = new OurStep(model, loss(training, model), optimizer);
    for (int k = 0; k < training.batches(); k++) {
      inputs.add(input(training, k));
      targets.add(target(training, k));
    }
  }

  @Override
  public void run() {
    int k = steps++ % inputs.size();
    loss = step.run(inputs.get(k), targets.get(k));
  }

  /** What a step runs. */
  Plan plan() {
    return step.plan(inputs.getFirst(), targets.getFirst());
  }

  /** Where the time of a step goes. */
  Profile profile(int runs) {
    return plan().profile(runs, inputs.getFirst(), targets.getFirst());
  }

  @Override
  public float loss() {
    return (float) loss;
  }

  @Override
  public boolean again() {
    model.loadStateDict(initial);
    optimizer.loadStateDict(untouched);
    steps = 0;
    return true;
  }

  /** The network of a training, with weights that are not yet the common ones. */
  static Module network(Training training) {
    return switch (training) {
      case MOONS, MLP64, MLP256, INFER1 -> chain(training.widths(), ReLU::new);
      case TINY -> new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 1), new Sigmoid());
      case NIELSEN -> new Sequential(chain(training.widths(), Sigmoid::new), new Sigmoid());
      case DEEPBN -> deep();
      case CNN ->
          new Sequential(
              new Conv2d(1, 32, 3),
              new ReLU(),
              new Conv2d(32, 64, 3),
              new ReLU(),
              new MaxPool2d(2),
              new Flatten(),
              new Linear(9216, 128),
              new ReLU(),
              new Linear(128, Training.CLASSES));
      case GPT -> gpt(training.features());
    };
  }

  private static Module chain(int[] widths, Supplier<Module> activation) {
    List<Module> layers = new ArrayList<>();
    for (int i = 0; i + 1 < widths.length; i++) {
      if (i > 0) {
        layers.add(activation.get());
      }
      layers.add(new Linear(widths[i], widths[i + 1]));
    }
    return new Sequential(layers);
  }

  private static Module deep() {
    List<Module> layers = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      layers.add(
          new Residual(
              new Sequential(new Linear(WIDTH, WIDTH), new BatchNorm1d(WIDTH), new ReLU())));
    }
    layers.add(new Linear(WIDTH, Training.CLASSES));
    return new Sequential(layers);
  }

  private static Module gpt(int length) {
    TransformerOptions options =
        TransformerOptions.DEFAULT
            .feedForward(4 * WIDTH)
            .dropout(0)
            .activation("gelu")
            .batchFirst(true)
            .normFirst(true)
            .causal(true);
    List<Module> layers = new ArrayList<>();
    layers.add(new Embedding(Training.CHARACTERS, WIDTH));
    layers.add(new LearnedPositions(length, WIDTH, true));
    for (int i = 0; i < LAYERS; i++) {
      layers.add(new TransformerBlock(WIDTH, HEADS, options));
    }
    layers.add(new LayerNorm(WIDTH));
    layers.add(new Linear(WIDTH, Training.CHARACTERS, false));
    return new Sequential(layers);
  }

  /** Gives a network the common weights; norms keep theirs. */
  static void draw(Module model) {
    InitialWeights weights = new InitialWeights();
    int fanIn = 1;
    for (Module m : model.namedModules().values()) {
      if (m instanceof BatchNorm1d || m instanceof LayerNorm) {
        continue;
      }
      for (Map.Entry<String, Parameter> entry : m.namedParameters().entrySet()) {
        Parameter p = entry.getValue();
        if (entry.getKey().contains(".")) {
          continue; // of a module inside, which has its turn
        }
        fanIn = p.rank() > 1 ? p.size() / p.size(0) : fanIn;
        p.set(Tensor.of(weights.next(fanIn, p.size()), p.shape().toArray()));
      }
    }
  }

  private static Loss loss(Training training, Module model) {
    return switch (training) {
      case MOONS -> (s, y) -> Losses.hinge(s, y).add(squares(model.parameters()).mul(1e-4));
      case TINY -> Losses::mse;
      case NIELSEN -> (s, y) -> s.sub(y).square().sum().mul(0.5 / training.batch());
      case GPT -> (s, y) -> s.reshape(-1, Training.CHARACTERS).crossEntropy(y.reshape(-1));
      default -> Tensor::crossEntropy;
    };
  }

  private static Tensor squares(List<Parameter> parameters) {
    return parameters.stream().map(p -> p.square().sum()).reduce(Tensor::add).orElseThrow();
  }

  private static Optimizer optimizer(Training training, List<Parameter> parameters) {
    return switch (training) {
      case MOONS -> new SGD(parameters, SGD.options().lr(0.1));
      case MLP64, DEEPBN -> new Adam(parameters, Adam.options().lr(1e-3));
      case MLP256 -> new SGD(parameters, SGD.options().lr(0.01).momentum(0.9));
      case CNN -> new SGD(parameters, SGD.options().lr(0.01));
      case GPT -> new AdamW(parameters, AdamW.options().lr(3e-4).weightDecay(0.01));
      case TINY, NIELSEN, INFER1 -> new SGD(parameters, SGD.options().lr(0.5));
    };
  }

  private static Tensor input(Training training, int k) {
    int batch = training.batch();
    return switch (training) {
      case CNN -> Tensor.of(training.inputs(k), batch, 1, 28, 28);
      case GPT -> Tensor.of(training.characters(k, 0), batch, training.features());
      default -> Tensor.of(training.inputs(k), batch, training.features());
    };
  }

  private static Tensor target(Training training, int k) {
    int batch = training.batch();
    return switch (training) {
      case MOONS, TINY, NIELSEN -> {
        float[] y = training.targets(k);
        yield Tensor.of(y, batch, y.length / batch);
      }
      case GPT -> Tensor.of(training.characters(k, 1), batch, training.features());
      default -> Tensor.of(training.labels(k), batch);
    };
  }
}
