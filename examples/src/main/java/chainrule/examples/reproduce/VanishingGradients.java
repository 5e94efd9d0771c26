package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.compile.Compiled;
import chainrule.data.Dataset;
import chainrule.data.Datasets;
import chainrule.math.Philox;
import chainrule.nn.BatchNorm1d;
import chainrule.nn.Inits;
import chainrule.nn.Linear;
import chainrule.nn.Losses;
import chainrule.nn.Metrics;
import chainrule.nn.Module;
import chainrule.nn.ReLU;
import chainrule.nn.Residual;
import chainrule.nn.Sequential;
import chainrule.nn.Sigmoid;
import chainrule.nn.Tanh;
import chainrule.optim.SGD;
import chainrule.tensor.DType;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Why deep nets once did not learn: how large the gradient is at every layer, for one to ten hidden
 * layers of sigmoid, tanh or ReLU units; plain, with batch norm, with residuals, with both.
 *
 * <p>Sources: Nielsen (2015), chapter 5; Hochreiter (1991); Glorot and Bengio (2010); Ioffe and
 * Szegedy (2015); He et al., <i>Deep residual learning</i> (2015). Here on the 1,797 digits of 8×8
 * that come with the library, layers 30 wide.
 */
final class VanishingGradients {
  static final Experiment EXPERIMENT =
      new Experiment(
          "vanishing-gradients",
          "Nielsen (2015), chapter 5; Ioffe & Szegedy (2015); He et al. (2015)",
          "four sigmoid layers: each earlier one's ‖∂C/∂b‖ 3 to 6 times smaller; three remedies",
          "10 s",
          "30 s",
          List.of(),
          VanishingGradients::run);

  private static final int WIDTH = 30;
  private static final int DEEPEST = 10;
  private static final int BATCH = 128;
  private static final double[] NONE = {};
  private static final List<String> UNITS = List.of("sigmoid", "tanh", "ReLU");

  private enum Kind {
    PLAIN,
    NORMED,
    RESIDUAL,
    BOTH;

    String label() {
      return switch (this) {
        case PLAIN -> "plain";
        case NORMED -> "batch norm";
        case RESIDUAL -> "residual";
        case BOTH -> "batch norm and residual";
      };
    }
  }

  /** A network, and its hidden layers in order. */
  private record Net(Sequential all, List<Linear> layers) {}

  private final Tensor x;
  private final Tensor y;
  private final Dataset test;

  private VanishingGradients() {
    Dataset.Split split = Datasets.digits().split(0.2, 1);
    x = split.train().x();
    y = split.train().y();
    test = split.test();
  }

  private static Module unit(String name) {
    return switch (name) {
      case "sigmoid" -> new Sigmoid();
      case "tanh" -> new Tanh();
      default -> new ReLU();
    };
  }

  /** Weights start normal with deviation 1/√n, for ReLU √(2/n); biases at 0. */
  private static Net net(String unit, Kind kind, int depth) {
    List<Linear> layers = new ArrayList<>();
    List<Module> modules = new ArrayList<>();
    int in = 64;
    for (int i = 0; i < depth; i++) {
      Linear linear = new Linear(in, WIDTH);
      layers.add(linear);
      boolean normed = kind == Kind.NORMED || kind == Kind.BOTH;
      Sequential block =
          normed
              ? new Sequential(linear, new BatchNorm1d(WIDTH), unit(unit))
              : new Sequential(linear, unit(unit));
      boolean skips = (kind == Kind.RESIDUAL || kind == Kind.BOTH) && i > 0;
      modules.add(skips ? new Residual(block) : block);
      in = WIDTH;
    }
    modules.add(new Linear(WIDTH, 10));
    var all = new Sequential(modules);
    all.init(1);
    for (int i = 0; i < depth; i++) {
      Parameter w = layers.get(i).weight();
      var random = new Philox(1, "layer " + i);
      w.set(
          (unit.equals("ReLU") ? Inits.heNormal() : Inits.lecunNormal())
              .draw(DType.F32, random, w.shape().toArray()));
      Parameter bias = layers.get(i).bias();
      if (bias != null) {
        bias.set(Tensor.zeros(WIDTH));
      }
    }
    return new Net(all, layers);
  }

  /** The norm of the gradient towards each layer's weights, over all training rows. */
  private double[] norms(Net net) {
    List<Parameter> weights = net.layers.stream().map(Linear::weight).toList();
    Tensor loss = Losses.crossEntropy(net.all.forward(x), y);
    return Autograd.grad(loss, weights).stream().mapToDouble(g -> g.norm().item()).toArray();
  }

  /** The gradient's norm at each layer's biases. */
  private double[] biasNorms(Net net) {
    List<Parameter> biases = new ArrayList<>();
    for (Linear layer : net.layers) {
      Parameter bias = layer.bias();
      if (bias != null) {
        biases.add(bias);
      }
    }
    Tensor loss = Losses.crossEntropy(net.all.forward(x), y);
    return Autograd.grad(loss, biases).stream().mapToDouble(g -> g.norm().item()).toArray();
  }

  private static void run(Lab lab) {
    var study = new VanishingGradients();
    double[] four = study.biasNorms(net("sigmoid", Kind.PLAIN, 4));
    for (int i = 0; i < 3; i++) {
      lab.between(
          "four sigmoid layers, ‖∂C/∂b‖ of layer %d over layer %d".formatted(i + 2, i + 1),
          3,
          6,
          four[i + 1] / four[i]);
    }
    List<String> rows = new ArrayList<>();
    double[][] learned = new double[UNITS.size() * Kind.values().length][DEEPEST];
    double[][] reached = new double[learned.length][DEEPEST];
    double sigmoid = Double.NaN;
    for (String unit : UNITS) {
      List<Plot.Curve> start = new ArrayList<>();
      List<Plot.Curve> halfway = new ArrayList<>();
      List<Plot.Curve> end = new ArrayList<>();
      for (Kind kind : Kind.values()) {
        lab.progress("%s, %s", unit, kind.label());
        for (int depth = 1; depth <= DEEPEST; depth++) {
          Course course = study.train(net(unit, kind, depth), lab.full() ? 500 : 125);
          learned[rows.size()][depth - 1] = 100 * course.accuracy;
          reached[rows.size()][depth - 1] = 1 / spread(course.start);
          if (depth == DEEPEST) {
            start.add(layers(kind, course.start));
            halfway.add(layers(kind, course.halfway));
            end.add(layers(kind, course.end));
            if (!Double.isFinite(Arrays.stream(course.end).sum())) {
              lab.note("ten %s layers, %s: the training grew without bound", unit, kind.label());
            }
          }
        }
        rows.add(unit + ", " + kind.label());
      }
      String ten = "‖∂C/∂W‖ by layer, ten %s layers".formatted(unit);
      lab.draw(new Plot.Curves(ten + ", at the start", "layer", "norm", true, start));
      lab.draw(new Plot.Curves(ten + ", halfway", "layer", "norm", true, halfway));
      lab.draw(new Plot.Curves(ten + ", after training", "layer", "norm", true, end));
      if (unit.equals("sigmoid")) {
        sigmoid = spread(start.getFirst().y());
        for (int k = 1; k < start.size(); k++) {
          flatter(lab, "sigmoid layers, " + start.get(k).label(), start.get(k), sigmoid);
        }
      } else {
        flatter(lab, unit + " layers, plain", start.getFirst(), sigmoid);
      }
    }
    List<String> depths = new ArrayList<>();
    for (int depth = 1; depth <= DEEPEST; depth++) {
      depths.add(String.format(Locale.ROOT, "%d", depth));
    }
    lab.draw(
        new Plot.Matrix(
            "‖∂C/∂W‖ of the first layer over the last hidden one's at the start, by hidden layers",
            rows,
            depths,
            reached));
    lab.draw(new Plot.Matrix("Test accuracy in %, by hidden layers", rows, depths, learned));
    double alone = learned[0][DEEPEST - 1];
    double both = learned[Kind.BOTH.ordinal()][DEEPEST - 1];
    lab.atLeast("ten sigmoid layers, accuracy with both over plain", 30, both - alone);
  }

  /** A remedy flattens the norms a hundredfold at least. */
  private static void flatter(Lab lab, String what, Plot.Curve norms, double sigmoid) {
    lab.atMost(
        "ten %s: last over first ‖∂C/∂W‖, over plain sigmoid's".formatted(what),
        0.01,
        spread(norms.y()) / sigmoid);
  }

  /** The norms of layers that are counted from 1. */
  private static Plot.Curve layers(Kind kind, double[] norms) {
    double[] layer = new double[norms.length];
    Arrays.setAll(layer, i -> i + 1);
    return new Plot.Curve(kind.label(), layer, norms);
  }

  /** The last hidden layer's norm over the first one's. */
  private static double spread(double[] norms) {
    return norms[norms.length - 1] / norms[0];
  }

  /**
   * The norms at every layer before, in the middle of and after a training, and what it gave; the
   * last two of the deepest nets alone.
   */
  private record Course(double[] start, double[] halfway, double[] end, double accuracy) {}

  private Course train(Net net, int half) {
    boolean deepest = net.layers.size() == DEEPEST;
    net.all.train();
    SGD sgd = new SGD(net.all.parameters(), SGD.options().lr(0.1).momentum(0.9));
    Compiled step =
        Nets.step(sgd, in -> Losses.crossEntropy(net.all.forward(in.get(0)), in.get(1)));
    double[] start = norms(net);
    steps(step, 0, half);
    double[] halfway = deepest ? norms(net) : NONE;
    steps(step, half, 2 * half);
    double[] end = deepest ? norms(net) : NONE;
    net.all.eval();
    double accuracy = Metrics.accuracy(net.all.predict(test.x()), test.y());
    return new Course(start, halfway, end, accuracy);
  }

  private void steps(Compiled step, int from, int to) {
    int batches = x.size(0) / BATCH;
    for (int k = from; k < to; k++) {
      int row = k % batches * BATCH;
      step.number(x.slice(0, row, row + BATCH), y.slice(0, row, row + BATCH));
    }
  }
}
