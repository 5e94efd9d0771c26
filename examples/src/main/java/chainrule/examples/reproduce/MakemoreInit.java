package chainrule.examples.reproduce;

import chainrule.autograd.Autograd;
import chainrule.examples.random.TorchRandom;
import chainrule.nn.Losses;
import chainrule.tensor.Parameter;
import chainrule.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * How a net should start: the loss of the first step, saturated units, and batch norm; then six
 * layers with the histograms of what flows through them, forward and back.
 *
 * <p>Sources: Karpathy, <i>Building makemore, part 3: activations, gradients, batch norm</i>
 * (2022); He et al. (2015), equation 10; Ioffe and Szegedy, <i>Batch normalization</i> (2015).
 */
final class MakemoreInit {
  static final Experiment EXPERIMENT =
      new Experiment(
          "makemore-init",
          "Karpathy, building makemore, part 3 (2022); Ioffe & Szegedy (2015)",
          "first losses 3.3239 and 3.2870 with batch norm; after 200,000 steps 2.10 held out",
          "3 s",
          "30 s",
          List.of(Names.FILE),
          MakemoreInit::run);

  private static final int CONTEXT = 3;
  private static final int WIDTH = 10;
  private static final int HIDDEN = 200;
  private static final int DEEP = 100;
  private static final int LAYERS = 5;
  private static final int[] ROWS = {0};
  private static final int BINS = 60;
  private static final double EPS = 1e-5;

  private MakemoreInit() {}

  private static void run(Lab lab) throws IOException {
    Names.Split names = Names.read(lab).split(CONTEXT);
    if (lab.full()) {
      fixed(lab, names);
    }
    normed(lab, names);
    deep(lab, names, false);
    deep(lab, names, true);
  }

  /** Normalises columns by what the rows of this batch are; as the source, by n − 1. */
  private static Tensor norm(Tensor x, Tensor gain, Tensor bias, double eps) {
    Tensor centred = x.sub(x.mean(ROWS, true));
    return centred.mul(x.var(ROWS, true, 1).add(eps).rsqrt()).mul(gain).add(bias);
  }

  private static Tensor context(Parameter letters, Tensor x) {
    return letters.indexSelect(0, x.flatten()).reshape(-1, CONTEXT * WIDTH);
  }

  // ---------------------------------------------------------------- one hidden layer

  /** The parameters of part 3: weights scaled so that tanh is not saturated, a small last layer. */
  private record One(Parameter letters, Parameter w1, Parameter b1, Parameter w2, Parameter b2) {
    One(TorchRandom g, boolean bias) {
      this(
          Makemore.normal(g, "C", 1, Names.SYMBOLS, WIDTH),
          Makemore.normal(g, "W1", 5.0 / 3 / Math.sqrt(CONTEXT * WIDTH), CONTEXT * WIDTH, HIDDEN),
          bias ? Makemore.normal(g, "b1", 0.01, HIDDEN) : Tensor.zeros(HIDDEN).requiresGrad("b1"),
          Makemore.normal(g, "W2", 0.01, HIDDEN, Names.SYMBOLS),
          Makemore.normal(g, "b2", 0, Names.SYMBOLS));
    }

    Tensor sums(Tensor x) {
      return context(letters, x).matmul(w1);
    }

    Tensor scores(Tensor hidden) {
      return hidden.tanh().matmul(w2).add(b2);
    }
  }

  private static void fixed(Lab lab, Names.Split names) {
    lab.progress("start repaired");
    var g = new TorchRandom(Makemore.SEED);
    One net = new One(g, true);
    List<Parameter> all = List.of(net.letters, net.w1, net.b1, net.w2, net.b2);
    Function<Tensor, Tensor> logits = x -> net.scores(net.sums(x).add(net.b1));
    double[] losses = Makemore.train(lab, all, logits, names.train(), g, 200_000, 100_000);
    lab.near("start repaired, development loss", 2.10, Makemore.loss(logits, names.dev()), 0.02);
    Makemore.draw(lab, "Start repaired: loss", losses);
  }

  private static void normed(Lab lab, Names.Split names) {
    lab.progress("batch norm");
    var g = new TorchRandom(Makemore.SEED);
    One net = new One(g, false);
    Parameter gain = Tensor.ones(HIDDEN).requiresGrad("gain");
    Parameter bias = Tensor.zeros(HIDDEN).requiresGrad("bias");
    List<Parameter> all = List.of(net.letters, net.w1, net.w2, net.b2, gain, bias);
    Function<Tensor, Tensor> logits = x -> net.scores(norm(net.sums(x), gain, bias, 0));
    int steps = lab.full() ? 200_000 : 1;
    double[] losses = Makemore.train(lab, all, logits, names.train(), g, steps, 100_000);
    lab.near("one hidden layer, batch norm, first loss", 3.3239, losses[0], 5e-5);
    if (!lab.full()) {
      return;
    }
    Tensor sums = net.sums(names.train().inputs()).detach(); // the statistics of all examples
    Tensor mean = sums.mean(ROWS, true);
    Tensor scale = sums.var(ROWS, true, 1).rsqrt();
    Function<Tensor, Tensor> still =
        x -> net.scores(net.sums(x).sub(mean).mul(scale).mul(gain).add(bias));
    lab.near("batch norm, development loss", 2.10, Makemore.loss(still, names.dev()), 0.02);
    Makemore.draw(lab, "Batch norm: loss", losses);
  }

  // ---------------------------------------------------------------- six layers

  /** A linear layer and, if wanted, the gain and bias of the norm after it. */
  private record Layer(Parameter weight, Parameter gain, Parameter bias) {}

  private static void deep(Lab lab, Names.Split names, boolean normed) {
    var g = new TorchRandom(Makemore.SEED);
    Parameter letters = Makemore.normal(g, "C", 1, Names.SYMBOLS, WIDTH);
    List<Layer> layers = new ArrayList<>();
    List<Parameter> all = new ArrayList<>(List.of(letters));
    int in = CONTEXT * WIDTH;
    for (int i = 0; i <= LAYERS; i++) {
      int out = i < LAYERS ? DEEP : Names.SYMBOLS;
      double gain = normed || i == LAYERS ? 1 : 5.0 / 3;
      Parameter weight = Makemore.normal(g, "W" + i, gain / Math.sqrt(in), in, out);
      double last = i < LAYERS ? 1 : 0.1;
      Parameter scale = Tensor.ones(out).mul(last).requiresGrad("gain" + i);
      Parameter bias = Tensor.zeros(out).requiresGrad("bias" + i);
      layers.add(new Layer(weight, scale, bias));
      all.add(weight);
      if (normed) {
        all.addAll(List.of(scale, bias));
      }
      in = out;
    }
    Function<Tensor, List<Tensor>> flow = x -> flow(letters, layers, normed, x);
    String kind = normed ? "with batch norm" : "gain 5/3";
    int steps = lab.full() ? 1_000 : 100;
    double[] losses =
        Makemore.train(lab, all, x -> flow.apply(x).getLast(), names.train(), g, steps, steps);
    if (normed) {
      lab.near("six layers, batch norm, first loss", 3.2870, losses[0], 5e-5);
    }
    histograms(lab, kind, flow, layers, names.train(), g);
  }

  /** The output of every tanh, then the scores. */
  private static List<Tensor> flow(
      Parameter letters, List<Layer> layers, boolean normed, Tensor x) {
    List<Tensor> outputs = new ArrayList<>();
    Tensor h = context(letters, x);
    for (int i = 0; i <= LAYERS; i++) {
      Layer layer = layers.get(i);
      h = h.matmul(layer.weight);
      h = normed ? norm(h, layer.gain, layer.bias, EPS) : i < LAYERS ? h : h.mul(layer.gain);
      h = i < LAYERS ? h.tanh() : h;
      outputs.add(h);
    }
    return outputs;
  }

  private static void histograms(
      Lab lab,
      String kind,
      Function<Tensor, List<Tensor>> flow,
      List<Layer> layers,
      Names.Examples examples,
      TorchRandom g) {
    int[] rows = g.randint(examples.size(), Makemore.BATCH);
    List<Tensor> outputs = flow.apply(examples.inputs(rows));
    Tensor loss = Losses.crossEntropy(outputs.getLast(), examples.targets(rows));
    List<Tensor> hidden = outputs.subList(0, LAYERS);
    List<Tensor> gradients = Autograd.grad(loss, hidden);
    List<Plot.Curve> values = new ArrayList<>();
    List<Plot.Curve> slopes = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      float[] y = hidden.get(i).toFloatArray();
      int saturated = 0;
      for (float v : y) {
        saturated += Math.abs(v) > 0.97f ? 1 : 0;
      }
      String label =
          String.format(
              Locale.ROOT, "layer %d, %.1f %% saturated", i + 1, 100.0 * saturated / y.length);
      values.add(Plot.Curve.histogram(label, y, BINS));
      slopes.add(Plot.Curve.histogram("layer " + (i + 1), gradients.get(i).toFloatArray(), BINS));
    }
    lab.draw(new Plot.Curves("Activations, " + kind, "value", "density", false, values));
    lab.draw(new Plot.Curves("Gradients, " + kind, "gradient", "density", false, slopes));
    List<Tensor> weights = new ArrayList<>(layers.stream().map(Layer::weight).toList());
    Tensor again =
        Losses.crossEntropy(flow.apply(examples.inputs(rows)).getLast(), examples.targets(rows));
    List<Tensor> towards = Autograd.grad(again, weights);
    List<Plot.Curve> bars = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      bars.add(Plot.Curve.histogram("weight " + (i + 1), towards.get(i).toFloatArray(), BINS));
    }
    lab.draw(new Plot.Curves("Weights' gradients, " + kind, "gradient", "density", false, bars));
  }
}
